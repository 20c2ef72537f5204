import type { DuckDBConnection } from '@duckdb/node-api';
import type { ChannelInfo } from '../trend/channel-info.ts';
import type { HistoryChannel } from '../trend/history-rows.ts';
import { TIER_FACTOR } from '../trend/tier.ts';
import { windowNs } from '../trend/trend-window.ts';
import type { LiveRows } from './live-rows.ts';
import { segmentName } from './segment.ts';

/** What is not sealed is looked through in this tier: it begins within 5 s of what is told, where windows are of 5 ms. */
const TIER = 3;

/** Every channel that has a history, by name. Throws as DuckDB does. */
export async function readChannels(connection: DuckDBConnection, live: LiveRows): Promise<HistoryChannel[]> {
  const reader = await connection.runAndReadAll('SELECT id FROM catalogue.segments ORDER BY id');
  const segments = reader.getRows().map(([id]) => segmentName(Number(id)));
  const ends = new Map<string, ChannelEnds>();
  for (const [channel, info] of await readInfos(connection, segments)) ends.set(channel, new ChannelEnds(info));
  for (const { info } of live.streams()) if (!ends.has(info.channel)) ends.set(info.channel, new ChannelEnds(info));

  await addFiles(connection, ends);
  for (const segment of segments) await addSegment(connection, segment, ends);
  await live.freeze(async () => {
    for (const [channel, end] of ends) {
      for (const { row } of live.unstored(channel, TIER)) end.addRow(row.timeNs, row.windows);
    }
  });
  return [...ends.values()].flatMap((end) => end.channel() ?? []).sort((a, b) => (a.channel < b.channel ? -1 : 1));
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

// The newest stream of each channel.
async function readInfos(
  connection: DuckDBConnection,
  segments: readonly string[],
): Promise<(readonly [channel: string, info: ChannelInfo])[]> {
  const sources = ['catalogue', ...segments].map((name) => `SELECT id, channel, info FROM ${name}.streams`);
  const reader = await connection.runAndReadAll(
    `SELECT channel, arg_max(info, id) FROM (${sources.join(' UNION ALL ')}) GROUP BY channel`,
  );
  return reader.getRows().map(([channel, info]) => [String(channel), JSON.parse(String(info)) as ChannelInfo]);
}

async function addFiles(connection: DuckDBConnection, ends: ReadonlyMap<string, ChannelEnds>): Promise<void> {
  const reader = await connection.runAndReadAll(
    'SELECT channel, tier, min(from_ns), max(to_ns) FROM catalogue.files GROUP BY channel, tier ORDER BY tier',
  );
  for (const [channel, tier, fromNs, toNs] of reader.getRows()) {
    ends.get(String(channel))?.addFiles(Number(tier), fromNs as bigint, toNs as bigint);
  }
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
