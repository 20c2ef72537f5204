import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { AppError } from '../base/errors.ts';
import { type CollectedRows, collectRows, daysOfRows, type RowRange, streamsOf } from './collect-rows.ts';
import { MONTH_TIER } from './compact.ts';
import { quoted } from './database.ts';
import type { ExportMeta } from './export-meta.ts';
import type { OfflineHistory } from './offline-history.ts';
import type { HistoryRow } from './row-block.ts';
import { rowNs } from './seal.ts';
import { toHistoryRow } from './segment.ts';
import { STREAMLESS_COLUMNS } from './work-rows.ts';

/** The rows of a range in Parquet files of the columns of sealed ones: by stream, then quarter of a UTC day, then window. */
export interface RowParts {
  /** In the order of the rows; at least one. */
  readonly paths: readonly string[];
  readonly streams: ExportMeta['streams'];
  /** Sealed files that were to be read and are damaged. */
  readonly damaged: number;
}

interface Part {
  readonly stream: number;
  readonly path: string;
  readonly rows: number;
}

const QUARTER_NS = 21_600_000_000_000n;
const QUARTERS_A_DAY = 4;
/** From `MONTH_TIER` on: the files there are of months, with fewer rows than a quarter of a day of windows. */
const COARSE_QUARTERS = 32 * QUARTERS_A_DAY;

/**
 * Writes the rows of a range to files in `folder`, of windows a quarter of a
 * day at a time and of coarser tiers more: whatever the range, no more rows
 * than those are in the database at once.
 *
 * The parts of a row agree in time only to less than a row, and may lie on both
 * sides of a midnight. So a row's length more is collected on each side; a row
 * is of the quarter in which its first part begins. The files are a stream's each,
 * because CSV tells streams by the order of rows alone.
 */
export async function writeRowParts(
  history: OfflineHistory,
  connection: DuckDBConnection,
  range: RowRange,
  { folder, onProgress }: { folder: string; onProgress: (progress: number) => void },
): Promise<RowParts> {
  const streams = await streamsOf(history, connection, range.channel);
  const lengths = [...streams.values()].map((info) => rowNs(info, range.tier));
  const marginNs = lengths.reduce((a, b) => (a > b ? a : b));
  const spans = spansOf(await daysOfRows(history, connection, range), range);
  const parts: Part[] = [];
  let damaged = 0;
  for (const [index, { fromNs, toNs }] of spans.entries()) {
    const wider = { fromNs: later(range.fromNs, fromNs - marginNs), toNs: earlier(range.toNs, toNs + marginNs) };
    const collected = await collectRows(history, connection, { ...range, ...wider });
    await collected.work.cut(fromNs, toNs);
    damaged += collected.damaged;
    parts.push(...(await writeSpan(connection, collected, range.channel, join(folder, String(index)))));
    if (parts.length === 0 && index === spans.length - 1) {
      const path = join(folder, 'none.parquet'); // a file of no rows tells the columns
      await writePart(connection, collected.work.select(range.channel, [...streams.keys()]), path);
      parts.push({ stream: 0, path, rows: 0 });
    }
    await collected.work.drop();
    onProgress((index + 1) / spans.length);
  }
  parts.sort((a, b) => a.stream - b.stream); // those of a stream stay in the order of their days
  const rows = new Map<number, number>();
  for (const part of parts) if (part.rows > 0) rows.set(part.stream, (rows.get(part.stream) ?? 0) + part.rows);
  return {
    paths: parts.map(({ path }) => path),
    streams: [...rows].map(([id, count]) => ({ info: streams.get(id)!, rows: count })),
    damaged,
  };
}

/** Selects all rows with the columns of a sealed file, in their order; nothing is sorted or kept. */
export function selectParts({ paths }: RowParts): string {
  return `SELECT * FROM read_parquet([${paths.map(quoted).join()}], hive_partitioning = false)`;
}

/** All rows in their order, some at a time; `stream` is the place in `parts.streams`. */
export async function* readParts(connection: DuckDBConnection, parts: RowParts): AsyncGenerator<HistoryRow[]> {
  const places = new Map(parts.streams.map(({ info }, place) => [info.stream, place]));
  const columns = STREAMLESS_COLUMNS.replace('time', 'epoch_ns(time) AS time');
  const result = await connection.stream(`SELECT stream, ${columns} FROM (${selectParts(parts)})`);
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    yield chunk.getRows().map(([stream, ...rest]) => toHistoryRow([places.get(String(stream))!, ...rest]));
  }
}

/** Quarters of days, or more of them at a time, within the range; one where there are no days. */
function spansOf(days: readonly number[], { tier, fromNs, toNs }: RowRange): { fromNs: bigint; toNs: bigint }[] {
  if (days.length === 0) return [{ fromNs, toNs }];
  const length = tier === 0 ? 1 : tier < MONTH_TIER ? QUARTERS_A_DAY : COARSE_QUARTERS;
  const quarters = days.flatMap((day) => Array.from({ length: QUARTERS_A_DAY }, (_, i) => day * QUARTERS_A_DAY + i));
  const starts = new Set(quarters.map((quarter) => Math.floor(quarter / length) * length));
  return [...starts]
    .map((start) => ({
      fromNs: later(fromNs, BigInt(start) * QUARTER_NS),
      toNs: earlier(toNs, BigInt(start + length) * QUARTER_NS),
    }))
    .filter((span) => span.fromNs < span.toNs);
}

async function writeSpan(
  connection: DuckDBConnection,
  { work }: CollectedRows,
  channel: string,
  name: string,
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const [stream, rows] of await work.counts()) {
    const path = `${name}-${stream}.parquet`;
    await writePart(connection, work.select(channel, [stream]), path);
    parts.push({ stream, path, rows });
  }
  return parts;
}

async function writePart(connection: DuckDBConnection, select: string, path: string): Promise<void> {
  try {
    await connection.run(`COPY (${select}) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`);
  } catch (error) {
    throw new AppError('FILE_INVALID', `cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function earlier(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
