import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { RecordBatchReader } from 'apache-arrow';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { quoted } from '../history/database.ts';
import { ExportMeta } from '../history/export-meta.ts';
import type { HistoryRow } from '../history/row-block.ts';
import { toHistoryRow } from '../history/segment.ts';
import { EMPTY_SUMMARY } from '../trend/summary.ts';
import { TIER_FACTOR } from '../trend/tier.ts';
import { flagBits } from '../wire/row-flag.ts';

/** A file that `fenestra export` wrote. `close` it. */
export interface ExportedFile {
  readonly meta: ExportMeta;
  /** Once; `stream` is the place in `meta.streams`. */
  rows(): AsyncIterable<HistoryRow[]>;
  close(): void;
}

const META_KEY = 'fenestra';

/** Opens a file by its ending. Throws `FILE_INVALID` where it is none that was exported. */
export async function openExported(path: string): Promise<ExportedFile> {
  if (!existsSync(path)) throw new AppError('FILE_INVALID', `cannot read ${path}: there is no such file`);
  try {
    if (path.endsWith('.parquet')) return await openParquet(path);
    if (path.endsWith('.arrow')) return await openArrow(path);
    if (path.endsWith('.csv')) return await openCsv(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('FILE_INVALID', `cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  throw new AppError('FILE_INVALID', `input ${path}, expected a name ending in .parquet, .arrow or .csv`);
}

async function openParquet(path: string): Promise<ExportedFile> {
  const { connection, close } = await openDatabase();
  try {
    const reader = await connection.runAndReadAll(
      `SELECT decode(value) FROM parquet_kv_metadata(${quoted(path)}) WHERE decode(key) = '${META_KEY}'`,
    );
    const meta = parseMeta(path, String(reader.getRows()[0]?.[0] ?? ''));
    const places = placesOf(meta);
    const sql = `SELECT stream, "window", epoch_ns(time), min, max, mean, m2, count, clipped, nonfinite, flags, windows
      FROM read_parquet(${quoted(path)}, hive_partitioning = false)`;
    const toRow = ([stream, ...rest]: readonly unknown[]) =>
      toHistoryRow([placeOf(places, path, stream), ...rest] as never);
    return { meta, rows: () => readRows(connection, sql, toRow), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function openArrow(path: string): Promise<ExportedFile> {
  const reader = await RecordBatchReader.from(createReadStream(path));
  await reader.open();
  const meta = parseMeta(path, reader.schema.metadata.get(META_KEY) ?? '');
  const places = placesOf(meta);
  async function* rows(): AsyncGenerator<HistoryRow[]> {
    for await (const batch of reader) {
      const times = batch.getChild('time')?.data[0]?.values as BigInt64Array;
      yield batch.toArray().map((row, i) => {
        const { stream, window, min, max, mean, m2, count, clipped, nonfinite, flags, windows } = row!;
        const figures = [window, times[i], min, max, mean, m2, count, clipped, nonfinite, flags, windows];
        return toHistoryRow([placeOf(places, path, stream), ...figures] as never);
      });
    }
  }
  return { meta, rows, close: () => void reader.cancel() };
}

// CSV holds the deviation and neither streams nor windows a row: those are told beside it, and found from the samples.
async function openCsv(path: string): Promise<ExportedFile> {
  const beside = `${path}.json`;
  if (!existsSync(beside))
    throw new AppError('FILE_INVALID', `cannot read ${beside}, which lies beside an exported CSV file`);
  const meta = parseMeta(beside, await readFile(beside, 'utf8'));
  const { connection, close } = await openDatabase();
  const span = TIER_FACTOR ** meta.tier;
  const ends: number[] = [];
  for (const { rows } of meta.streams) ends.push((ends.at(-1) ?? 0) + rows);
  let at = 0;
  const toRow = ([
    window,
    time,
    min,
    max,
    mean,
    std,
    count,
    clipped,
    nonfinite,
    words,
  ]: readonly unknown[]): HistoryRow => {
    const stream = ends.findIndex((end) => at < end);
    if (stream < 0) throw new AppError('FILE_INVALID', `${path} has more rows than ${beside} says`);
    at++;
    const samples = Number(count) + Number(nonfinite);
    const figures = { min: Number(min), max: Number(max), mean: Number(mean), m2: Number(std) ** 2 * Number(count) };
    return {
      stream,
      window: Number(window),
      timeNs: time as bigint,
      ...(min === null ? EMPTY_SUMMARY : figures),
      count: Number(count),
      clipped: Number(clipped),
      nonfinite: Number(nonfinite),
      flags: flagBits(String(words ?? '')),
      windows: Math.min(span, Math.max(1, Math.ceil(samples / meta.streams[stream]!.info.window))),
    };
  };
  const sql = `SELECT "window", epoch_ns(time), min, max, mean, std, count, clipped, nonfinite, flags
    FROM read_csv(${quoted(path)}, header = true, auto_detect = false, delim = ',', quote = '"', parallel = false, columns = {
      'window': 'BIGINT', 'time': 'TIMESTAMP_NS', 'min': 'DOUBLE', 'max': 'DOUBLE', 'mean': 'DOUBLE', 'std': 'DOUBLE',
      'count': 'BIGINT', 'clipped': 'BIGINT', 'nonfinite': 'BIGINT', 'flags': 'VARCHAR' })`;
  return { meta, rows: () => readRows(connection, sql, toRow), close };
}

async function openDatabase(): Promise<{ connection: DuckDBConnection; close: () => void }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '256MB' });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { connection, close };
}

async function* readRows(
  connection: DuckDBConnection,
  sql: string,
  toRow: (values: readonly unknown[]) => HistoryRow,
): AsyncGenerator<HistoryRow[]> {
  const result = await connection.stream(sql);
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    yield chunk.getRows().map(toRow);
  }
}

function parseMeta(path: string, text: string): ExportMeta {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new AppError(
      'FILE_INVALID',
      `${path} was not exported from a history: it has no metadata under "${META_KEY}"`,
    );
  }
  const meta = ExportMeta.safeParse(content);
  if (meta.success) return meta.data;
  throw new AppError('FILE_INVALID', `${path} was not exported from a history: ${z.prettifyError(meta.error)}`);
}

function placesOf(meta: ExportMeta): Map<string, number> {
  return new Map(meta.streams.map(({ info }, place) => [info.stream, place]));
}

function placeOf(places: ReadonlyMap<string, number>, path: string, stream: unknown): number {
  const place = places.get(String(stream));
  if (place === undefined)
    throw new AppError('FILE_INVALID', `${path} has rows of stream ${stream}, which its metadata does not tell of`);
  return place;
}
