import type { DuckDBConnection } from '@duckdb/node-api';
import type { ChannelInfo } from '../trend/channel-info.ts';
import type { HistoryChannel } from '../trend/history-rows.ts';
import { TIER_FACTOR } from '../trend/tier.ts';
import { windowNs } from '../trend/trend-window.ts';
import type { Catalogue } from './catalogue.ts';
import type { LiveRows } from './live-rows.ts';
import { segmentName } from './segment.ts';

/** What is not sealed is looked through in this tier: it begins within 5 s of what is told, where windows are of 5 ms. */
const TIER = 3;

/** What the catalogue said of all channels at one instant. */
interface Listed {
  /** The catalogue's, right before. */
  readonly version: number;
  /** Names of the segments that are not sealed. */
  readonly segments: readonly string[];
  /** Of each channel its newest stream. */
  readonly streams: ReadonlyMap<string, NumberedInfo>;
  /** Of each channel and tier, the finest first. */
  readonly files: readonly FileEnds[];
}

interface NumberedInfo {
  readonly id: number;
  readonly info: ChannelInfo;
}

interface FileEnds {
  readonly channel: string;
  readonly tier: number;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/**
 * Lists the channels that have a history. The catalogue, which may list a
 * hundred thousand files, is read again only once it has changed.
 */
export class ChannelReading {
  readonly #catalogue: Pick<Catalogue, 'version'>;
  readonly #live: LiveRows;
  #listed: Listed | undefined;

  constructor({ catalogue, live }: { readonly catalogue: Pick<Catalogue, 'version'>; readonly live: LiveRows }) {
    this.#catalogue = catalogue;
    this.#live = live;
  }

  /** By name. Throws as DuckDB does, also where a segment has just gone, and the reason of `signal`. */
  async read(connection: DuckDBConnection, signal?: AbortSignal): Promise<HistoryChannel[]> {
    const { segments, streams, files } = await this.#list(connection);
    const ends = new Map<string, ChannelEnds>();
    for (const [channel, { info }] of newest(streams, await readSegmentStreams(connection, segments)))
      ends.set(channel, new ChannelEnds(info));
    for (const { info } of this.#live.streams())
      if (!ends.has(info.channel)) ends.set(info.channel, new ChannelEnds(info));

    for (const { channel, tier, fromNs, toNs } of files) ends.get(channel)?.addFiles(tier, fromNs, toNs);
    for (const segment of segments) {
      signal?.throwIfAborted();
      await addSegment(connection, segment, ends);
    }
    await this.#live.freeze(async () => {
      signal?.throwIfAborted(); // it was not its turn yet
      for (const [channel, end] of ends) {
        for (const { row } of this.#live.unstored(channel, TIER)) end.addRow(row.timeNs, row.windows);
      }
    });
    return [...ends.values()].flatMap((end) => end.channel() ?? []).sort((a, b) => (a.channel < b.channel ? -1 : 1));
  }

  async #list(connection: DuckDBConnection): Promise<Listed> {
    const { version } = this.#catalogue;
    if (this.#listed?.version === version) return this.#listed;
    await connection.run('BEGIN');
    try {
      const segments = await readSegments(connection);
      const streams = await readStreams(connection, 'catalogue');
      this.#listed = { version, segments, streams, files: await readFiles(connection) };
      return this.#listed;
    } finally {
      await connection.run('ROLLBACK').catch(() => undefined); // nothing was changed
    }
  }
}

/** Where a channel begins and ends, from what is said of its rows, the finest tiers first. */
class ChannelEnds {
  readonly #info: ChannelInfo;
  #firstNs: bigint | undefined;
  #lastNs: bigint | undefined;

  constructor(info: ChannelInfo) {
    this.#info = info;
  }

  /** Files of a tier. Coarse rows begin before their first window and end after their last: less than a row further is no further. */
  addFiles(tier: number, fromNs: bigint, toNs: bigint): void {
    const rowNs = this.#spanNs(TIER_FACTOR ** tier);
    if (this.#firstNs === undefined || fromNs + rowNs <= this.#firstNs) this.#firstNs = fromNs;
    if (this.#lastNs === undefined || toNs - rowNs >= this.#lastNs) this.#lastNs = toNs;
  }

  /** A row that merges so many windows. */
  addRow(timeNs: bigint, windows: number): void {
    const toNs = timeNs + this.#spanNs(windows);
    if (this.#firstNs === undefined || timeNs < this.#firstNs) this.#firstNs = timeNs;
    if (this.#lastNs === undefined || toNs > this.#lastNs) this.#lastNs = toNs;
  }

  /** Undefined where it has no row. */
  channel(): HistoryChannel | undefined {
    const { channel, unit, rateHz, window } = this.#info;
    if (this.#firstNs === undefined || this.#lastNs === undefined) return undefined;
    return { channel, unit, rateHz, window, firstNs: this.#firstNs, lastNs: this.#lastNs };
  }

  #spanNs(windows: number): bigint {
    const { window: size, rateHz } = this.#info;
    return BigInt(Math.round(windowNs({ size, rateHz }) * windows));
  }
}

async function readSegments(connection: DuckDBConnection): Promise<string[]> {
  const reader = await connection.runAndReadAll('SELECT id FROM catalogue.segments ORDER BY id');
  return reader.getRows().map(([id]) => segmentName(Number(id)));
}

async function readFiles(connection: DuckDBConnection): Promise<FileEnds[]> {
  const reader = await connection.runAndReadAll(
    'SELECT channel, tier, min(from_ns), max(to_ns) FROM catalogue.files GROUP BY channel, tier ORDER BY tier',
  );
  return reader.getRows().map(([channel, tier, fromNs, toNs]) => ({
    channel: String(channel),
    tier: Number(tier),
    fromNs: fromNs as bigint,
    toNs: toNs as bigint,
  }));
}

async function readSegmentStreams(
  connection: DuckDBConnection,
  segments: readonly string[],
): Promise<ReadonlyMap<string, NumberedInfo>> {
  let streams: ReadonlyMap<string, NumberedInfo> = new Map();
  for (const segment of segments) streams = newest(streams, await readStreams(connection, segment));
  return streams;
}

// The newest stream of each channel that a database names.
async function readStreams(connection: DuckDBConnection, name: string): Promise<ReadonlyMap<string, NumberedInfo>> {
  const reader = await connection.runAndReadAll(
    `SELECT channel, max(id), arg_max(info, id) FROM ${name}.streams GROUP BY channel`,
  );
  return new Map(
    reader
      .getRows()
      .map(([channel, id, info]) => [String(channel), { id: Number(id), info: JSON.parse(String(info)) }]),
  );
}

function newest(
  some: ReadonlyMap<string, NumberedInfo>,
  others: ReadonlyMap<string, NumberedInfo>,
): ReadonlyMap<string, NumberedInfo> {
  const both = new Map(some);
  for (const [channel, other] of others) if (!(other.id < (both.get(channel)?.id ?? 0))) both.set(channel, other);
  return both;
}

async function addSegment(
  connection: DuckDBConnection,
  segment: string,
  ends: ReadonlyMap<string, ChannelEnds>,
): Promise<void> {
  const reader = await connection.runAndReadAll(
    `SELECT s.channel, arg_min(t.windows, t.time), min(t.time), arg_max(t.windows, t.time), max(t.time)
     FROM ${segment}.tier_${TIER} t JOIN ${segment}.streams s ON s.id = t.stream GROUP BY s.channel`,
  );
  for (const [channel, firstWindows, firstNs, lastWindows, lastNs] of reader.getRows()) {
    ends.get(String(channel))?.addRow(firstNs as bigint, Number(firstWindows));
    ends.get(String(channel))?.addRow(lastNs as bigint, Number(lastWindows));
  }
}
