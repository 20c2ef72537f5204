import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { AppError } from '../../../server/base/errors.ts';
import type { Dataset } from '../dataset.ts';
import { type ColumnOptions, type Columns, findColumns, pointNames, shown } from './columns.ts';
import { RunCollector } from './run-collector.ts';

/** Longest line, bytes: 30,000 values of the most digits. */
const LINE_BYTES = 1_000_000;
const MIN_POINTS = 2;

export interface TextOptions {
  /** The labels that may be; any where it is left out. */
  readonly classes?: readonly string[];
}

/** Reads the CSV layout of the source table, gzipped where its name ends in .gz. Throws `FILE_INVALID` with the line and the column of what is wrong. */
export async function readCsv(path: string, options: TextOptions & ColumnOptions): Promise<Dataset> {
  const source = basename(path);
  let columns: Columns | undefined;
  let collector: RunCollector | undefined;
  let names: readonly string[] = [];
  let values = new Float32Array();
  const sha256 = await readRecords(path, ',', (record, line) => {
    const where = `${source}, line ${line}`;
    if (columns === undefined) {
      columns = findColumns(record, options, (what) => {
        throw new AppError('FILE_INVALID', `${where}: ${what}`);
      });
      collector = new RunCollector({ source, rows: columns.rows, length: columns.length, classes: options.classes });
      names = pointNames(columns.rows, columns.length);
      values = new Float32Array(names.length);
      return;
    }
    if (record.length !== columns.count) {
      throw new AppError(
        'FILE_INVALID',
        `${where}: found ${record.length} columns, expected ${columns.count} as in line 1`,
      );
    }
    for (let i = 0; i < values.length; i++) values[i] = toValue(record[columns.first + i]!, where, names[i]!);
    const group = columns.group === undefined ? undefined : record[columns.group]!;
    collector!.add({ values, label: record[columns.label]!, group, where });
  });
  if (collector === undefined) throw new AppError('FILE_INVALID', `${source} is empty, expected a heading`);
  return collector.finish(sha256);
}

/** Reads the layout of the UCR archive, gzipped where its name ends in .gz: tabs between, the class first, then the points, no heading. */
export async function readUcr(path: string, { classes }: TextOptions): Promise<Dataset> {
  const source = basename(path);
  let collector: RunCollector | undefined;
  let values = new Float32Array();
  const sha256 = await readRecords(path, '\t', (record, line) => {
    const where = `${source}, line ${line}`;
    const length = record.length - 1;
    if (collector === undefined) {
      if (length < MIN_POINTS) {
        throw new AppError(
          'FILE_INVALID',
          `${where}: found ${record.length} columns, expected a class and points, with tabs between`,
        );
      }
      collector = new RunCollector({ source, rows: 1, length, classes });
      values = new Float32Array(length);
    }
    if (length !== values.length) {
      throw new AppError('FILE_INVALID', `${where}: found ${length} points, expected ${values.length} as in line 1`);
    }
    for (let i = 0; i < length; i++) values[i] = toValue(record[i + 1]!, where, String(i + 2));
    collector.add({ values, label: record[0]!, where });
  });
  if (collector === undefined) throw new AppError('FILE_INVALID', `${source} is empty, expected runs`);
  return collector.finish(sha256);
}

/** A value of a run. Throws `FILE_INVALID` where there is none. */
export function toValue(text: string, where: string, column: string): number {
  const value = Math.fround(Number(text));
  if (Number.isFinite(value) && text.trim() !== '') return value;
  const what = /^\s*(?:nan|na|null)?\s*$/i.test(text)
    ? `the value is missing (${shown(text)}), expected a number`
    : `found ${shown(text)}, expected a number that f32 holds`;
  throw new AppError('FILE_INVALID', `${where}, column "${column}": ${what}`);
}

/** Hands out the records of a file; resolves to the SHA-256 of its bytes. */
async function readRecords(
  path: string,
  delimiter: string,
  take: (record: readonly string[], line: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  const input = createReadStream(path);
  const parser = parse({ bom: true, info: true, delimiter, relax_column_count: true, max_record_size: LINE_BYTES });
  input.on('data', (bytes) => hash.update(bytes));
  input.on('error', (error) => parser.destroy(error));
  if (path.endsWith('.gz')) {
    const unpacked = createGunzip().on('error', (error) => parser.destroy(error));
    input.pipe(unpacked).pipe(parser);
  } else {
    input.pipe(parser);
  }
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      take(record, info.lines);
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('FILE_INVALID', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  } finally {
    input.destroy();
  }
  return hash.digest('hex');
}
