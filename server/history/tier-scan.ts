import type { DuckDBBigIntVector, DuckDBConnection, DuckDBDataChunk, DuckDBDoubleVector } from '@duckdb/node-api';
import type { ReadChannel, StreamGroup } from './channel-streams.ts';
import type { TimeRange } from './coverage.ts';
import { quoted } from './database.ts';
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
  const { byName, lengths } = scan.channel;
  const { streams } = scan.streams;
  const names = streams.map(({ name }) => quoted(name));
  const only = lengths.length === 1 && names.length === 1 ? streams[0] : undefined; // no name is read of any row
  const ofStreams = only === undefined && lengths.length === 1 ? '' : `AND stream IN (${names.join(', ')})`;
  for (let at = 0; at < paths.length && !rows.isFull; at += FILES) {
    const files = paths.slice(at, at + FILES).map(quoted);
    const sql = `SELECT ${only === undefined ? 'stream' : only.id}, epoch_ns(time), ${COLUMNS}
      FROM read_parquet([${files.join(', ')}], hive_partitioning = false)
      WHERE time >= make_timestamp_ns(${scan.fromNs}) AND time < make_timestamp_ns(${scan.toNs}) ${ofStreams}`;
    await read(connection, sql, scan, rows, only === undefined ? (name) => byName.get(String(name))?.id : Number);
  }
}

/** Adds the rows of a segment to `rows`. */
export async function scanSegment(
  connection: DuckDBConnection,
  name: string,
  scan: Scan,
  rows: TierRows,
): Promise<void> {
  const { byId, lengths } = scan.channel;
  const { streams } = scan.streams;
  const ofLength = lengths.length === 1 ? '' : `AND id IN (${streams.map(({ id }) => id).join(', ')})`;
  const sql = `SELECT stream, time, ${COLUMNS} FROM ${name}.tier_${scan.tier}
    WHERE time >= ${scan.fromNs} AND time < ${scan.toNs}
    AND stream IN (SELECT id FROM ${name}.streams WHERE channel = ${quoted(scan.channel.name)} ${ofLength})`;
  await read(connection, sql, scan, rows, (id) => (byId.has(Number(id)) ? Number(id) : undefined));
}

async function read(
  connection: DuckDBConnection,
  sql: string,
  { tier, limit }: Scan,
  rows: TierRows,
  idOf: IdOf,
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
  for (let i = 0; i < result.chunkCount; i++) take(result.getChunk(i), tier, rows, idOf);
}

/** The id of a stream by how a source names it; undefined where the catalogue does not: nobody could tell its length. */
type IdOf = (stream: unknown) => number | undefined;

// Column by column, each by a loop that knows its type.
function take(chunk: DuckDBDataChunk, tier: number, rows: TierRows, idOf: IdOf): void {
  const streams = chunk.getColumnVector(0);
  const { rowCount } = chunk; // asks the database each time
  const ids: number[] = [];
  const places: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    const id = idOf(streams.getItem(row));
    if (id === undefined) continue;
    ids.push(id);
    places.push(row);
  }
  const at = rows.take(ids.length);
  if (at === undefined) return;

  rows.stream.set(ids, at);
  rows.tier.fill(tier, at, at + ids.length);
  const times = chunk.getColumnVector(1) as DuckDBBigIntVector;
  for (let i = 0; i < places.length; i++) rows.timeNs[at + i] = times.getItem(places[i])!;
  let column = 2;
  const next = () => chunk.getColumnVector(column++) as DuckDBDoubleVector;
  copy(next(), places, rows.window, { at, step: 1 });
  for (let i = 0; i < FIGURES.length; i++) {
    copy(next(), places, rows.figures, { at: at * FIGURES.length + i, step: FIGURES.length });
  }
  copy(next(), places, rows.flags, { at, step: 1 });
  copy(next(), places, rows.windows, { at, step: 1 });
}

function copy(
  from: DuckDBDoubleVector,
  places: readonly number[],
  to: Float64Array | Uint16Array,
  { at, step }: { readonly at: number; readonly step: number },
): void {
  for (let i = 0; i < places.length; i++) to[at + i * step] = from.getItem(places[i])!;
}
