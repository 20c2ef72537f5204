import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import { AppError } from '../../../server/base/errors.ts';
import type { Dataset } from '../dataset.ts';
import { type ColumnOptions, type Columns, findColumns, LABEL_COLUMN, pointNames } from './columns.ts';
import { type TextOptions, toValue } from './read-text.ts';
import { RunCollector } from './run-collector.ts';

const NUMBERS = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

/** Reads a Parquet file with the columns of the CSV layout. Throws `FILE_INVALID` with the row, counted from 1, and the column. */
export async function readParquet(path: string, options: TextOptions & ColumnOptions): Promise<Dataset> {
  const source = basename(path);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '1GB' });
  const connection = await instance.connect();
  try {
    const columns = await findParquetColumns(connection, path, options);
    const collector = new RunCollector({
      source,
      rows: columns.rows,
      length: columns.length,
      classes: options.classes,
    });
    const group = columns.group === undefined ? [] : [`CAST("${options.group ?? 'group'}" AS VARCHAR)`];
    const points = pointNames(columns.rows, columns.length);
    const wanted = [...points.map((name) => `CAST("${name}" AS FLOAT)`), `CAST(${LABEL_COLUMN} AS VARCHAR)`, ...group];
    const result = await connection.stream(`SELECT ${wanted.join()} FROM read_parquet(${quoted(path)})`);
    let row = 0;
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      collectChunk(chunk, { points, source, row, collector });
      row += chunk.rowCount;
    }
    return collector.finish(await hashOf(path));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const [reason] = (cause as Error).message.split('\n');
    throw new AppError('FILE_INVALID', `cannot read ${path}: ${reason}`, { cause });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function findParquetColumns(
  connection: DuckDBConnection,
  path: string,
  options: ColumnOptions,
): Promise<Columns> {
  const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${quoted(path)})`);
  const described = reader.getRows().map(([name, type]) => [String(name), String(type)] as const);
  const fail = (what: string): never => {
    throw new AppError('FILE_INVALID', `${basename(path)}: ${what}`);
  };
  const columns = findColumns(
    described.map(([name]) => name),
    options,
    fail,
  );
  const points = described.slice(columns.first, columns.first + columns.rows * columns.length);
  const text = points.find(([, type]) => !NUMBERS.test(type));
  if (text !== undefined) fail(`the column "${text[0]}" is of type ${text[1]}, expected numbers`);
  return columns;
}

interface ChunkTarget {
  readonly points: readonly string[];
  readonly source: string;
  /** Rows before the chunk. */
  readonly row: number;
  readonly collector: RunCollector;
}

function collectChunk(chunk: DuckDBDataChunk, { points, source, row, collector }: ChunkTarget): void {
  const width = points.length;
  const vectors = Array.from({ length: chunk.columnCount }, (_, i) => chunk.getColumnVector(i));
  const values = new Float32Array(width);
  for (let i = 0; i < chunk.rowCount; i++) {
    const where = `${source}, row ${row + i + 1}`;
    for (let column = 0; column < width; column++) {
      const value = vectors[column]!.getItem(i) as number | null;
      values[column] =
        value !== null && Number.isFinite(value) ? value : toValue(String(value ?? ''), where, points[column]!);
    }
    const label = String(vectors[width]!.getItem(i) ?? '');
    const group = vectors.length > width + 1 ? String(vectors[width + 1]!.getItem(i) ?? '') : undefined;
    collector.add({ values, label, group, where });
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash.digest('hex');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
