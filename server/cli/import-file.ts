import { createReadStream, existsSync } from 'node:fs';
import { open as openFile, readFile } from 'node:fs/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DataType, RecordBatchReader, TimeUnit } from 'apache-arrow';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { quoted } from '../history/database.ts';
import { ExportMeta } from '../history/export-meta.ts';
import type { HistoryRow } from '../history/row-block.ts';
import { TIER_FACTOR } from '../trend/tier.ts';
import { type CsvLine, readExportedCsv } from './exported-csv.ts';
import { ROW_FIELDS, type RowPlace, toImportedRow } from './imported-row.ts';

/** A file that `fenestra export` wrote. `close` it. */
export interface ExportedFile {
  readonly meta: ExportMeta;
  /** Once; `stream` is the place in `meta.streams`. */
  rows(): AsyncIterable<HistoryRow[]>;
  close(): void;
}

const META_KEY = 'fenestra';
const OPENERS: ReadonlyMap<string, (path: string) => Promise<ExportedFile>> = new Map([
  ['parquet', openParquet],
  ['arrow', openArrow],
  ['csv', openCsv],
]);

/** Opens a file by its ending. Throws `FILE_INVALID` where it is none that was exported, or not all of it; so do its rows. */
export async function openExported(path: string): Promise<ExportedFile> {
  const [, ending] = /\.(\w+)$/.exec(path) ?? [];
  const open = ending === undefined ? undefined : OPENERS.get(ending);
  if (open === undefined) {
    throw new AppError('FILE_INVALID', `input ${path}, expected a name ending in .parquet, .arrow or .csv`);
  }
  if (!existsSync(path)) throw new AppError('FILE_INVALID', `cannot read ${path}: there is no such file`);
  const file = await open(path).catch((error: unknown) => throwInvalid(path, error));
  return { ...file, rows: () => allRows(path, file) };
}

// Reads every row that the metadata tells of, and no other.
async function* allRows(path: string, { meta, rows }: ExportedFile): AsyncGenerator<HistoryRow[]> {
  const total = meta.streams.reduce((sum, stream) => sum + stream.rows, 0);
  let done = 0;
  try {
    for await (const some of rows()) {
      done += some.length;
      yield some;
    }
  } catch (error) {
    throwInvalid(path, error);
  }
  if (done === total) return;
  throw new AppError(
    'FILE_INVALID',
    `${path} has ${done} rows, expected ${total}, as its metadata says: it is not whole`,
  );
}

// What a library found is told by its first line; the rest is advice for those who call it.
function throwInvalid(path: string, error: unknown): never {
  if (error instanceof AppError) throw error;
  const [reason] = (error as Error).message.split('\n');
  throw new AppError('FILE_INVALID', `${path} is damaged, expected a file as it was exported (${reason})`, {
    cause: error,
  });
}

/** Refuses a file that does not begin and end with the mark of its kind. */
async function checkMarks(path: string, kind: string, mark: string): Promise<void> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    const read = async (at: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(mark.length), 0, mark.length, Math.max(0, at));
      return buffer.toString('latin1', 0, bytesRead);
    };
    if ((await read(0)) !== mark) {
      throw new AppError('FILE_INVALID', `${path} is no ${kind} file: it does not begin with ${mark}`);
    }
    if (size >= 2 * mark.length && (await read(size - mark.length)) === mark) return;
    throw new AppError('FILE_INVALID', `${path} is cut off: after ${size} bytes it does not end with ${mark}`);
  } finally {
    await file.close();
  }
}

async function openParquet(path: string): Promise<ExportedFile> {
  await checkMarks(path, 'Parquet', 'PAR1');
  const { connection, close } = await openDatabase();
  try {
    const reader = await connection.runAndReadAll(
      `SELECT decode(value) FROM parquet_kv_metadata(${quoted(path)}) WHERE decode(key) = '${META_KEY}'`,
    );
    const meta = parseMeta(path, String(reader.getRows()[0]?.[0] ?? ''));
    const rowPlace = rowPlaces(path, meta);
    const columns = ROW_FIELDS.map((name) => (name === 'time' ? 'epoch_ns(time)' : `"${name}"`));
    const sql = `SELECT stream, ${columns.join()} FROM read_parquet(${quoted(path)}, hive_partitioning = false)`;
    const toRow = ([stream, ...rest]: readonly unknown[]) => toImportedRow(rest, rowPlace(stream));
    return { meta, rows: () => readRows(connection, sql, toRow), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function openArrow(path: string): Promise<ExportedFile> {
  await checkMarks(path, 'Arrow', 'ARROW1');
  const reader = await RecordBatchReader.from(createReadStream(path));
  await reader.open();
  const meta = parseMeta(path, reader.schema.metadata.get(META_KEY) ?? '');
  const rowPlace = rowPlaces(path, meta);
  const { fields } = reader.schema;
  for (const name of ['stream', ...ROW_FIELDS]) {
    const type = fields.find((field) => field.name === name)?.type;
    if (type === undefined) throw new AppError('FILE_INVALID', `${path} has no column ${name}`);
    if (name !== 'time' || (DataType.isTimestamp(type) && type.unit === TimeUnit.NANOSECOND)) continue;
    throw new AppError('FILE_INVALID', `${path}: time is of type ${type}, expected Timestamp<NANOSECOND>`);
  }
  async function* rows(): AsyncGenerator<HistoryRow[]> {
    for await (const batch of reader) {
      const times = batch.getChild('time')?.data[0]?.values as BigInt64Array; // its rows would tell ms
      yield batch.toArray().map((row, i) => {
        const values = ROW_FIELDS.map((name) => (name === 'time' ? times[i] : row![name]));
        return toImportedRow(values, rowPlace(row!.stream));
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
  const span = TIER_FACTOR ** meta.tier;
  const ends: number[] = [];
  for (const { rows } of meta.streams) ends.push((ends.at(-1) ?? 0) + rows);
  let at = 0;
  const toRow = ({ line, window, timeNs, summary, flags }: CsvLine): HistoryRow => {
    const stream = ends.findIndex((end) => at < end);
    if (stream < 0) throw new AppError('FILE_INVALID', `${path} has more rows than ${beside} says`);
    at++;
    const samples = summary.count + summary.nonfinite;
    const windows = Math.min(span, Math.max(1, Math.ceil(samples / meta.streams[stream]!.info.window)));
    const row = { window, time: timeNs, ...summary, flags, windows };
    const place = { where: `${path}, line ${line}`, stream, samples: samplesOf(meta, stream) };
    return toImportedRow(
      ROW_FIELDS.map((name) => row[name]),
      place,
    );
  };
  async function* rows(): AsyncGenerator<HistoryRow[]> {
    for await (const lines of readExportedCsv(path)) yield lines.map(toRow);
  }
  return { meta, rows, close: () => undefined };
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

/** Tells of each row of a file, in their order, what it is of. */
function rowPlaces(path: string, meta: ExportMeta): (stream: unknown) => RowPlace {
  const places = new Map(meta.streams.map(({ info }, place) => [info.stream, place]));
  let row = 0;
  return (name) => {
    row++;
    const stream = places.get(String(name));
    if (stream === undefined)
      throw new AppError('FILE_INVALID', `${path} has rows of stream ${name}, which its metadata does not tell of`);
    return { where: `${path}, row ${row}`, stream, samples: samplesOf(meta, stream) };
  };
}

function samplesOf({ streams, tier }: ExportMeta, stream: number): number {
  return streams[stream]!.info.window * TIER_FACTOR ** tier;
}
