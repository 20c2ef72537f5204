import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { TimeRange } from './coverage.ts';
import { quoted } from './database.ts';
import type { ReadChannel, StreamGroup } from './stream-table.ts';
import { FIGURES, type TierRows } from './tier-rows.ts';

/** Which rows of a tier are read: those of some streams that start in the range. */
export interface Scan extends TimeRange {
  readonly tier: number;
  readonly channel: ReadChannel;
  readonly streams: StreamGroup;
  /** The most rows that are taken from one source; undefined takes all. */
  readonly limit: number | undefined;
}

// Numbers that JavaScript reads at once, but for the time.
const COLUMNS = `"window"::DOUBLE, min, max, mean, m2, count::DOUBLE, clipped::DOUBLE, nonfinite::DOUBLE, flags, windows`;
const FIRST_FIGURE = 3; // after stream, time and window
const FLAGS = FIRST_FIGURE + FIGURES.length;
const WINDOWS = FLAGS + 1;
// Files that one statement opens.
const FILES = 64;

/** Adds the rows of sealed files, given by their paths, to `rows`. */
export async function scanSealed(
  connection: DuckDBConnection,
  paths: readonly string[],
  scan: Scan,
  rows: TierRows,
): Promise<void> {
  const { byName, lengths } = scan.channel;
  const names = scan.streams.streams.map(({ name }) => quoted(name));
  const ofStreams = lengths.length === 1 ? '' : `AND stream IN (${names.join(', ')})`;
  for (let at = 0; at < paths.length && !rows.isFull; at += FILES) {
    const files = paths.slice(at, at + FILES).map(quoted);
    const sql = `SELECT stream, epoch_ns(time), ${COLUMNS} FROM read_parquet([${files.join(', ')}], hive_partitioning = false)
      WHERE time >= make_timestamp_ns(${scan.fromNs}) AND time < make_timestamp_ns(${scan.toNs}) ${ofStreams}`;
    await read(connection, sql, scan, rows, (stream) => byName.get(String(stream))?.id);
  }
}

/** Adds the rows of a segment to `rows`. */
export async function scanSegment(
  connection: DuckDBConnection,
  name: string,
  scan: Scan,
  rows: TierRows,
): Promise<void> {
  const ids = await idsIn(connection, name, scan.streams);
  if (ids.length === 0) return;
  const sql = `SELECT stream, time, ${COLUMNS} FROM ${name}.tier_${scan.tier}
    WHERE stream IN (${ids.join(', ')}) AND time >= ${scan.fromNs} AND time < ${scan.toNs}`;
  await read(connection, sql, scan, rows, Number);
}

// Those of the streams that are in a segment: fewer than a channel ever had.
async function idsIn(connection: DuckDBConnection, name: string, { streams }: StreamGroup): Promise<number[]> {
  const reader = await connection.runAndReadAll(`SELECT id FROM ${name}.streams`);
  const wanted = new Set(streams.map(({ id }) => id));
  return reader
    .getRows()
    .map(([id]) => Number(id))
    .filter((id) => wanted.has(id));
}

async function read(
  connection: DuckDBConnection,
  sql: string,
  { tier, limit }: Scan,
  rows: TierRows,
  idOf: (stream: unknown) => number | undefined,
): Promise<void> {
  // A stream of chunks costs a turn of the event loop for each, so it is for what does not fit in memory.
  if (limit === undefined) {
    const result = await connection.stream(sql);
    for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
      take(chunk, tier, rows, idOf);
    }
    return;
  }
  const result = await connection.run(`${sql} LIMIT ${limit}`);
  for (const chunk of await result.fetchAllChunks()) take(chunk, tier, rows, idOf);
}

function take(
  chunk: DuckDBDataChunk,
  tier: number,
  rows: TierRows,
  idOf: (stream: unknown) => number | undefined,
): void {
  const columns = Array.from({ length: chunk.columnCount }, (_, column) => chunk.getColumnVector(column));
  const [streams, times, windows] = columns;
  for (let row = 0; row < chunk.rowCount; row++) {
    const stream = idOf(streams.getItem(row));
    if (stream === undefined) continue; // of a stream that the catalogue does not name: nobody could tell its length
    const at = rows.take();
    if (at === undefined) return;
    rows.stream[at] = stream;
    rows.tier[at] = tier;
    rows.window[at] = windows.getItem(row) as number;
    rows.timeNs[at] = times.getItem(row) as bigint;
    for (let i = 0; i < FIGURES.length; i++) {
      rows.figures[at * FIGURES.length + i] = columns[FIRST_FIGURE + i].getItem(row) as number;
    }
    rows.flags[at] = columns[FLAGS].getItem(row) as number;
    rows.windows[at] = columns[WINDOWS].getItem(row) as number;
  }
}
