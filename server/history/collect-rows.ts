import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../base/errors.ts';
import type { ChannelInfo } from '../trend/channel-info.ts';
import { TIER_FACTOR, TIERS } from '../trend/tier.ts';
import { heldNs } from '../trend/time-range.ts';
import { quoted } from './database.ts';
import type { OfflineHistory } from './offline-history.ts';
import type { HistoryRow } from './row-block.ts';
import { SEALED, type SealedFile } from './sealed-file.ts';
import { listFiles } from './sealed-list.ts';
import type { SegmentStream } from './segment.ts';
import { STREAMLESS_COLUMNS, WorkRows } from './work-rows.ts';

export interface RowRange {
  readonly channel: string;
  readonly tier: number;
  /** Rows that begin from `fromNs` on and before `toNs`. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

// Names the columns, also of sources without names.
const NO_ROWS = `SELECT 0 AS stream, 0::BIGINT AS "window", 0::BIGINT AS time, 0::DOUBLE AS min, 0::DOUBLE AS max,
  0::DOUBLE AS mean, 0::DOUBLE AS m2, 0::BIGINT AS count, 0::BIGINT AS clipped, 0::BIGINT AS nonfinite,
  0::USMALLINT AS flags, 0::UINTEGER AS windows WHERE false`;

/** What was written and is not listed yet, by this process, which need not check it. */
export interface UnlistedRows {
  readonly files: readonly SealedFile[];
  readonly streams: readonly SegmentStream[];
}

export interface CollectedRows {
  readonly work: WorkRows;
  /** By their numbers in `work`. */
  readonly streams: ReadonlyMap<number, ChannelInfo>;
  /** Sealed files that were to be read and are damaged. */
  readonly damaged: number;
}

/**
 * Collects the rows of a channel's tier from sealed files, segments and what
 * is still open, whole and once each, in a table of `connection`, which has
 * room for a quarter of a day of windows: see `writeRowParts`. Throws `CHANNEL_UNKNOWN`.
 */
export async function collectRows(
  history: OfflineHistory,
  connection: DuckDBConnection,
  { channel, tier, fromNs, toNs }: RowRange,
  unlisted: UnlistedRows = { files: [], streams: [] },
): Promise<CollectedRows> {
  const streams = await streamsOf(history, connection, channel, unlisted.streams);
  const files = await listFiles(connection, listedIn({ channel, tier, fromNs, toNs }));
  const sound: SealedFile[] = [];
  for (const file of files) if (await history.checks.verify(file)) sound.push(file);
  const fresh = unlisted.files.filter((file) => file.tier === tier && file.fromNs < toNs && file.toNs > fromNs);
  const paths = [...sound, ...fresh].map(({ path }) => join(history.folder, SEALED, path));
  const sources = [
    NO_ROWS,
    ...history.segments.map(({ name }) => `SELECT stream, ${STREAMLESS_COLUMNS} FROM ${name}.tier_${tier}`),
    ...openRows(history, [...streams.keys()], tier)
      .filter(({ timeNs }) => timeNs >= fromNs && timeNs < toNs)
      .map(toSelect),
  ];
  if (paths.length > 0) {
    const columns = STREAMLESS_COLUMNS.replace('time', 'epoch_ns(time) AS time');
    sources.push(`SELECT s.id, ${columns} FROM read_parquet([${paths.map(quoted).join()}], hive_partitioning = false) f
      JOIN work_streams s USING (stream)`);
  }
  const work = await WorkRows.fill(connection, {
    tier,
    streams: [...streams].map(([id, info]) => ({
      id,
      stream: info.stream,
      windowNs: (info.window / info.rateHz) * 1e9,
    })),
    select: `SELECT * FROM (${sources.join(' UNION ALL ')}) WHERE time >= ${fromNs} AND time < ${toNs} AND stream IN (${[...streams.keys()].join()})`,
  });
  return { work, streams, damaged: files.length - sound.length };
}

/** The UTC days in which rows of the range may begin, as days since 1970. Throws `CHANNEL_UNKNOWN`. */
export async function daysOfRows(
  history: OfflineHistory,
  connection: DuckDBConnection,
  range: RowRange,
): Promise<number[]> {
  const { channel, tier, fromNs, toNs } = range;
  const ids = [...(await streamsOf(history, connection, channel)).keys()];
  const open = openRows(history, ids, tier).map(({ timeNs }) => timeNs);
  const times = [
    `SELECT unnest([${open.join()}]::BIGINT[]) AS time`,
    ...history.segments.map(({ name }) => `SELECT time FROM ${name}.tier_${tier} WHERE stream IN (${ids.join()})`),
  ];
  const reader = await connection.runAndReadAll(
    `SELECT unnest(range(${dayOf(`greatest(from_ns, ${fromNs})`)}, ${dayOf(`least(to_ns, ${toNs}) - 1`)} + 1)) AS day
       FROM catalogue.files WHERE ${listedIn(range)}
     UNION SELECT ${dayOf('time')} FROM (${times.join(' UNION ALL ')}) WHERE time >= ${fromNs} AND time < ${toNs}
     ORDER BY day`,
  );
  return reader.getRows().map(([day]) => Number(day));
}

/** The finest tier that has at most `rows` rows in a range, as far as it holds any; the coarsest where none has. */
export async function chooseTier(
  history: OfflineHistory,
  connection: DuckDBConnection,
  range: Omit<RowRange, 'tier'> & { rows: number },
): Promise<number> {
  const streams = await streamsOf(history, connection, range.channel);
  const windowNs = Math.min(...[...streams.values()].map((info) => (info.window / info.rateHz) * 1e9));
  const spanNs = await spanOf(history, connection, { ...range, ids: [...streams.keys()], windowNs });
  let tier = 0;
  while (tier < TIERS - 1 && spanNs / (windowNs * TIER_FACTOR ** tier) > range.rows) tier++;
  return tier;
}

// From the first row of a range to the last, ns. A row of a coarser tier begins and ends up to its length beyond what it
// is made of: it counts only where there is more of it than of finer ones.
async function spanOf(
  history: OfflineHistory,
  connection: DuckDBConnection,
  range: Omit<RowRange, 'tier'> & { ids: readonly number[]; windowNs: number },
): Promise<number> {
  const { channel, fromNs, toNs, ids, windowNs } = range;
  const open = history.segments.map(
    ({
      name,
    }) => `SELECT 0 AS tier, min(time) AS from_ns, max(time) + ${Math.round(windowNs)} AS to_ns FROM ${name}.tier_0
    WHERE stream IN (${ids.join()}) AND time >= ${fromNs} AND time < ${toNs}`,
  );
  const files = `SELECT tier, from_ns, to_ns FROM catalogue.files
    WHERE channel = ${quoted(channel)} AND from_ns < ${toNs} AND to_ns > ${fromNs}`;
  const reader = await connection.runAndReadAll(
    `SELECT tier, greatest(min(from_ns), ${fromNs}), least(max(to_ns), ${toNs})
     FROM (${[files, ...open].join(' UNION ALL ')}) WHERE from_ns IS NOT NULL GROUP BY tier ORDER BY tier`,
  );
  let span: { first: bigint; last: bigint } | undefined;
  for (const [tier, from, to] of reader.getRows()) {
    const beyond = BigInt(Math.round(windowNs * TIER_FACTOR ** Number(tier)));
    const [first, last] = [from as bigint, to as bigint];
    span ??= { first, last };
    if (first < span.first - beyond) span.first = first;
    if (last > span.last + beyond) span.last = last;
  }
  return span === undefined ? 0 : Number(span.last - span.first);
}

/** The streams of a channel, by their numbers, with those that are not listed yet. Throws `CHANNEL_UNKNOWN`. */
export async function streamsOf(
  history: OfflineHistory,
  connection: DuckDBConnection,
  channel: string,
  unlisted: readonly SegmentStream[] = [],
): Promise<Map<number, ChannelInfo>> {
  const reader = await connection.runAndReadAll(
    'SELECT id, info FROM catalogue.streams WHERE channel = $1 ORDER BY id',
    [channel],
  );
  const streams = new Map(reader.getRows().map(([id, json]) => [Number(id), JSON.parse(String(json)) as ChannelInfo]));
  for (const segment of history.segments) {
    for (const { id, info } of await segment.streams()) if (info.channel === channel) streams.set(id, info);
  }
  for (const { id, info } of unlisted) streams.set(id, info);
  if (streams.size === 0) throw new AppError('CHANNEL_UNKNOWN', `there is no channel ${channel} in ${history.folder}`);
  return streams;
}

function listedIn({ channel, tier, fromNs, toNs }: RowRange): string {
  return `channel = ${quoted(channel)} AND tier = ${tier} AND from_ns < ${toNs} AND to_ns > ${fromNs}`;
}

function dayOf(time: string): string {
  return `(CAST(make_timestamp_ns(${time}) AS DATE) - DATE '1970-01-01')`;
}

// What no segment has yet: a coarse row is open until it is whole, and then a part of the next coarser one.
function openRows(history: OfflineHistory, ids: readonly number[], tier: number): HistoryRow[] {
  const rows = [...history.finished.list(tier)].filter(({ stream }) => ids.includes(stream));
  for (const stream of history.streams.all()) {
    if (!ids.includes(stream.id)) continue;
    const windowNs = (stream.info.window / stream.info.rateHz) * 1e9;
    for (let below = 1; below <= tier; below++) {
      const row = stream.tiers.open(below);
      if (row !== undefined) rows.push(coarsen(row, TIER_FACTOR ** (tier - below), windowNs * TIER_FACTOR ** below));
    }
  }
  return rows;
}

function coarsen(row: HistoryRow, factor: number, rowNs: number): HistoryRow {
  const window = Math.floor(row.window / factor);
  return { ...row, window, timeNs: heldNs(row.timeNs - BigInt(Math.round((row.window - window * factor) * rowNs))) };
}

function toSelect(row: HistoryRow): string {
  const { stream, window, timeNs, min, max, mean, m2, count, clipped, nonfinite, flags, windows } = row;
  const exact = [min, max, mean, m2].map((value) => `'${value}'::DOUBLE`); // a bare number would be a decimal
  const whole = [count, clipped, nonfinite].map((value) => `${value}::BIGINT`);
  return `SELECT ${stream}, ${window}::BIGINT, ${timeNs}::BIGINT, ${[...exact, ...whole].join()}, ${flags}::USMALLINT, ${windows}::UINTEGER`;
}
