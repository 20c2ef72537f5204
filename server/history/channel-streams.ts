import type { DuckDBConnection } from '@duckdb/node-api';
import type { ChannelInfo } from '../trend/channel-info.ts';
import { windowNs } from '../trend/trend-window.ts';
import { quoted } from './database.ts';
import type { SegmentStream } from './segment.ts';

/** What reading needs to know of a channel. */
export interface ReadChannel {
  readonly name: string;
  readonly byId: ReadonlyMap<number, ReadStream>;
  readonly byName: ReadonlyMap<string, ReadStream>;
  /** All streams, those with windows of about one length together. */
  readonly lengths: readonly StreamGroup[];
  /** The longest window of all streams, ns. */
  readonly longestNs: number;
  readonly newest: ReadStream;
}

export interface ReadStream {
  readonly id: number;
  readonly name: string;
  readonly unit: string;
  readonly rateHz: number;
  readonly size: number;
  readonly windowNs: number;
}

/** Streams whose windows are of about one length: the longest is less than twice the shortest. */
export interface StreamGroup {
  readonly streams: readonly ReadStream[];
  readonly longestNs: number;
}

/**
 * The streams of a channel as they become known: one never changes, and a
 * newer one has a greater number. Good as long as none is removed.
 */
export class ChannelStreams {
  readonly name: string;
  readonly byId = new Map<number, ReadStream>();
  readonly byName = new Map<string, ReadStream>();
  readonly lengths: { streams: ReadStream[]; longestNs: number }[] = [];
  longestNs = 0;
  newest: ReadStream | undefined;
  #sealedTo = -1; // the newest segment whose streams, as the catalogue has them, are known

  constructor(name: string) {
    this.name = name;
  }

  /**
   * Learns those of the channel that the catalogue and the segments name as
   * `connection` sees them; of the catalogue only what was sealed since.
   */
  async read(connection: DuckDBConnection, segments: readonly string[]): Promise<void> {
    const reader = await connection.runAndReadAll('SELECT coalesce(max(last_segment), -1) FROM catalogue.streams');
    const sealedTo = Number(reader.getRows()[0]![0]);
    await this.#learn(connection, 'catalogue', `AND last_segment > ${this.#sealedTo}`);
    for (const segment of segments) await this.#learn(connection, segment);
    this.#sealedTo = Math.max(this.#sealedTo, sealedTo);
  }

  // A chunk at a time: thousands of descriptions are large, and little of them is kept.
  async #learn(connection: DuckDBConnection, source: string, and = ''): Promise<void> {
    const result = await connection.stream(
      `SELECT id, info FROM ${source}.streams WHERE channel = ${quoted(this.name)} ${and}`,
    );
    for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
      for (const [id, info] of chunk.getRows()) {
        if (!this.byId.has(Number(id))) this.#add(Number(id), JSON.parse(String(info)) as ChannelInfo);
      }
    }
  }

  /** The channel with what of it is in memory alone, too; undefined where there is none. */
  with(live: Iterable<SegmentStream>): ReadChannel | undefined {
    for (const { id, info } of live) if (info.channel === this.name) this.#add(id, info);
    return this.newest === undefined ? undefined : (this as ReadChannel);
  }

  #add(id: number, info: ChannelInfo): void {
    if (this.byId.has(id)) return;
    const { stream: name, unit, rateHz, window: size } = info;
    const stream = { id, name, unit, rateHz, size, windowNs: windowNs({ size, rateHz }) };
    this.byId.set(id, stream);
    if (id > (this.byName.get(name)?.id ?? 0)) this.byName.set(name, stream);
    this.#group(stream);
    this.longestNs = Math.max(this.longestNs, stream.windowNs);
    if (this.newest === undefined || id > this.newest.id) this.newest = stream;
  }

  #group(stream: ReadStream): void {
    const isLike = (ns: number) => Math.floor(Math.log2(ns)) === Math.floor(Math.log2(stream.windowNs));
    const group = this.lengths.find(({ longestNs }) => isLike(longestNs));
    if (group === undefined) {
      this.lengths.push({ streams: [stream], longestNs: stream.windowNs });
      return;
    }
    group.streams.push(stream);
    group.longestNs = Math.max(group.longestNs, stream.windowNs);
  }
}
