import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalogue } from './catalogue.ts';
import { ChannelStreams } from './channel-streams.ts';
import { quoted } from './database.ts';
import type { SealedFile } from './sealed-file.ts';
import { listFiles } from './sealed-list.ts';
import { segmentName } from './segment.ts';

/** What the catalogue said of a channel at one instant. */
export interface ChannelView {
  /** The catalogue's, right before. */
  readonly version: number;
  readonly streamsVersion: number;
  /** Names of the segments that are not sealed, the oldest first. */
  readonly segments: readonly string[];
  /** In the order of their days. */
  readonly files: readonly SealedFile[];
  readonly streams: ChannelStreams;
}

/** Files and streams that are remembered, and those that were forgotten for lack of room since the start. */
export interface ViewStatus {
  readonly rememberedEntries: number;
  readonly forgottenEntries: number;
}

/**
 * Files and streams of all channels that are remembered, about 10 MB; past it
 * the channel that was not asked for the longest is forgotten, but never the last.
 */
const ENTRIES = 30_000;

/**
 * What the catalogue says of the channels that are asked for. It is read again
 * only once the catalogue has changed, which it does a few times an hour.
 */
export class CatalogueView {
  readonly #catalogue: Pick<Catalogue, 'version' | 'streamsVersion'>;
  readonly #limit: number;
  readonly #channels = new Map<string, { readonly view: ChannelView; readonly entries: number }>();
  #entries = 0;
  #forgotten = 0;

  constructor(catalogue: Pick<Catalogue, 'version' | 'streamsVersion'>, limit = ENTRIES) {
    this.#catalogue = catalogue;
    this.#limit = limit;
  }

  status(): ViewStatus {
    return { rememberedEntries: this.#entries, forgottenEntries: this.#forgotten };
  }

  /** The catalogue's. */
  get version(): number {
    return this.#catalogue.version;
  }

  /** Whether nothing has changed since. */
  isCurrent({ version }: ChannelView): boolean {
    return version === this.#catalogue.version;
  }

  /** Throws as DuckDB does. */
  async read(connection: DuckDBConnection, channel: string): Promise<ChannelView> {
    const known = this.#take(channel);
    const view = known !== undefined && this.isCurrent(known) ? known : await this.#read(connection, channel, known);
    this.#take(channel); // two may have asked at a time
    const entries = view.files.length + view.streams.byId.size + 1;
    this.#channels.set(channel, { view, entries }); // the last in their order
    this.#entries += entries;
    for (const oldest of this.#channels.keys()) {
      const before = this.#entries;
      if (before <= this.#limit || oldest === channel) break; // it would be read again the next time
      this.#take(oldest);
      this.#forgotten += before - this.#entries;
    }
    return view;
  }

  async #read(connection: DuckDBConnection, channel: string, known: ChannelView | undefined): Promise<ChannelView> {
    const { version, streamsVersion } = this.#catalogue;
    const streams = known?.streamsVersion === streamsVersion ? known.streams : new ChannelStreams(channel);
    await connection.run('BEGIN');
    try {
      const reader = await connection.runAndReadAll('SELECT id FROM catalogue.segments ORDER BY id');
      const segments = reader.getRows().map(([id]) => segmentName(Number(id)));
      const files = await listFiles(connection, `channel = ${quoted(channel)}`);
      await streams.read(connection, segments);
      return { version, streamsVersion, segments, files, streams };
    } finally {
      await connection.run('ROLLBACK').catch(() => undefined); // nothing was changed
    }
  }

  #take(channel: string): ChannelView | undefined {
    const known = this.#channels.get(channel);
    if (known === undefined) return undefined;
    this.#channels.delete(channel);
    this.#entries -= known.entries;
    return known.view;
  }
}
