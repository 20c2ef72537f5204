import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { FIGURES } from '../kernels/merge-kernel.ts';
import { heldEndNs, heldNs } from '../trend/time-range.ts';
import type { ReadChannel, StreamGroup } from './channel-streams.ts';
import type { TimeRange } from './coverage.ts';
import { quoted } from './database.ts';
import type { TierRows } from './tier-rows.ts';

/** Which rows of a tier are read: those of some streams that start in the range. */
export interface Scan extends TimeRange {
  readonly tier: number;
  readonly channel: ReadChannel;
  readonly streams: StreamGroup;
  /** The most rows that are taken from one source; undefined takes all. */
  readonly limit: number | undefined;
}

// Numbers that JavaScript reads at once, but for the time.
const COLUMNS = ['"window"', ...FIGURES, 'flags', 'windows'].map((column) => `${column}::DOUBLE`).join(', ');
// Files that one statement opens.
const FILES = 64;

/** Adds the rows of sealed files, given by their paths, to `rows`. */
export async function scanSealed(
  connection: DuckDBConnection,
  paths: readonly string[],
  scan: Scan,
  rows: TierRows,
): Promise<void> {
  const { lengths } = scan.channel;
  const { streams } = scan.streams;
  const names = streams.map(({ name }) => quoted(name));
  const only = lengths.length === 1 && names.length === 1 ? streams[0] : undefined; // no name is read of any row
  const ofStreams = only === undefined && lengths.length === 1 ? '' : `AND stream IN (${names.join(', ')})`;
  for (let at = 0; at < paths.length && !rows.isFull; at += FILES) {
    const files = paths.slice(at, at + FILES).map(quoted);
    const sql = `SELECT ${only === undefined ? 'stream' : only.id}, epoch_ns(time), ${COLUMNS}
      FROM read_parquet([${files.join(', ')}], hive_partitioning = false)
      WHERE time >= make_timestamp_ns(${heldNs(scan.fromNs)}) AND time < make_timestamp_ns(${heldEndNs(scan.toNs)}) ${ofStreams}`;
    await read(connection, sql, scan, rows, only === undefined ? byName(scan.channel) : byId(scan.channel));
  }
}

/** Adds the rows of a segment to `rows`. */
export async function scanSegment(
  connection: DuckDBConnection,
  name: string,
  scan: Scan,
  rows: TierRows,
): Promise<void> {
  const { lengths } = scan.channel;
  const { streams } = scan.streams;
  const ofLength = lengths.length === 1 ? '' : `AND id IN (${streams.map(({ id }) => id).join(', ')})`;
  const sql = `SELECT stream, time, ${COLUMNS} FROM ${name}.tier_${scan.tier}
    WHERE time >= ${scan.fromNs} AND time < ${scan.toNs}
    AND stream IN (SELECT id FROM ${name}.streams WHERE channel = ${quoted(scan.channel.name)} ${ofLength})`;
  await read(connection, sql, scan, rows, byId(scan.channel));
}

async function read(
  connection: DuckDBConnection,
  sql: string,
  { tier, limit }: Scan,
  rows: TierRows,
  idsOf: IdsOf,
): Promise<void> {
  // A stream of chunks costs a turn of the event loop for each, so it is for what does not fit in memory.
  if (limit === undefined) {
    const result = await connection.stream(sql);
    for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
      take(chunk, tier, rows, idsOf(chunk));
    }
    return;
  }
  const result = await connection.run(`${sql} LIMIT ${limit}`);
  for (let i = 0; i < result.chunkCount; i++) {
    const chunk = result.getChunk(i);
    take(chunk, tier, rows, idsOf(chunk));
  }
}

/** Of a chunk the id of each row's stream; undefined where the catalogue does not know it: nobody could tell its length. */
type IdsOf = (chunk: DuckDBDataChunk) => (row: number) => number | undefined;

function byName(channel: ReadChannel): IdsOf {
  return (chunk) => {
    const names = chunk.getColumnVector(0);
    return (row) => channel.byName.get(String(names.getItem(row)))?.id;
  };
}

function byId(channel: ReadChannel): IdsOf {
  return (chunk) => {
    const ids = column(chunk, 0, Int32Array);
    return (row) => (channel.byId.has(ids[row]) ? ids[row] : undefined);
  };
}

function take(chunk: DuckDBDataChunk, tier: number, rows: TierRows, idOf: (row: number) => number | undefined): void {
  const { rowCount } = chunk; // asks the database each time
  const ids = new Int32Array(rowCount);
  const places = new Uint32Array(rowCount);
  let known = 0;
  for (let row = 0; row < rowCount; row++) {
    const id = idOf(row);
    if (id === undefined) continue;
    ids[known] = id;
    places[known++] = row;
  }
  const at = rows.take(known);
  if (at === undefined) return;

  rows.stream.set(ids.subarray(0, known), at);
  rows.tier.fill(tier, at, at + known);
  const times = column(chunk, 1, BigInt64Array);
  if (known === rowCount) rows.timeNs.set(times, at);
  else for (let i = 0; i < known; i++) rows.timeNs[at + i] = times[places[i]];
  const copy = (from: number, to: Float64Array | Uint16Array, first: number, step: number) => {
    const values = column(chunk, from, Float64Array);
    for (let i = 0; i < known; i++) to[first + i * step] = values[places[i]];
  };
  copy(2, rows.window, at, 1);
  for (let i = 0; i < FIGURES.length; i++) copy(3 + i, rows.figures, at * FIGURES.length + i, FIGURES.length);
  copy(3 + FIGURES.length, rows.flags, at, 1);
  copy(4 + FIGURES.length, rows.windows, at, 1);
}

// Values of a column as DuckDB has them, good as long as the chunk; the API above would make an object of each row's.
function column<T>({ chunk, rowCount }: DuckDBDataChunk, index: number, Type: Values<T>): T {
  const vector = duckdb.data_chunk_get_vector(chunk, index);
  const { buffer, byteOffset } = duckdb.vector_get_data(vector, rowCount * Type.BYTES_PER_ELEMENT);
  return new Type(buffer, byteOffset, rowCount);
}

interface Values<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}
