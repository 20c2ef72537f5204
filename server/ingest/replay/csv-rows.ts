import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'csv-parse';
import { AppError } from '../../base/errors.ts';
import { type CsvTime, parseCsvTime } from './csv-time.ts';
import type { SourceOptions } from './sample-source.ts';

/** One row of interest. */
export interface CsvRow {
  readonly line: number;
  /** NaN where the field is empty or says so. */
  readonly value: number;
  /** Undefined without a time column. */
  readonly time: CsvTime | undefined;
}

/** Longest row that is read, bytes. */
const ROW_BYTES = 1 << 20;
// What people and programs write where there is no number.
const MISSING = new Set(['', 'nan', 'na', 'n/a', 'null', 'none', '-']);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const INFINITE = /^([+-]?)inf(inity)?$/i;

/**
 * Reads the columns of interest row by row. A first row whose sample field is
 * not a number is the heading. `onRead` is told how many bytes were read.
 *
 * Throws `FILE_INVALID` with the line of what is wrong.
 */
export async function* readCsvRows(
  path: string,
  options: SourceOptions,
  onRead: (bytes: number) => void,
): AsyncGenerator<CsvRow> {
  const name = basename(path);
  const input = createReadStream(path);
  const parser = parse({
    bom: true,
    delimiter: options.delimiter ?? (path.toLowerCase().endsWith('.tsv') ? '\t' : ','),
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true, // a short row is told with its line, below
    max_record_size: ROW_BYTES,
  });
  input.on('error', (error) => parser.destroy(error));
  input.on('data', (chunk) => onRead(chunk.length));
  input.pipe(parser);

  try {
    let columns: Columns | undefined;
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (columns === undefined) {
        columns = findColumns(record, options, name);
        if (columns.hasHeading) continue;
      }
      yield readRow(record, columns, { line: info.lines, name, options });
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('FILE_INVALID', `${name}: ${(cause as Error).message}`, { cause });
  } finally {
    input.destroy();
  }
}

interface Columns {
  readonly sample: number;
  readonly time: number | undefined;
  readonly hasHeading: boolean;
}

function findColumns(first: readonly string[], options: SourceOptions, name: string): Columns {
  const { column, timeColumn } = options;
  if (column === undefined && first.length > 1 + Number(timeColumn !== undefined)) {
    throw new AppError('FILE_INVALID', `${name} has ${first.length} columns: expected --column with a name or number`);
  }
  const time = timeColumn === undefined ? undefined : findColumn(first, timeColumn, name);
  const sample = column === undefined ? Number(time === 0) : findColumn(first, column, name);
  if (time === sample) throw new AppError('FILE_INVALID', `${name}: column ${sample + 1} is both sample and time`);
  return { sample, time, hasHeading: parseNumber(first[sample]) === undefined };
}

function findColumn(first: readonly string[], wanted: string, name: string): number {
  const named = first.indexOf(wanted);
  if (named >= 0) return named;
  const number = /^\d+$/.test(wanted) ? Number(wanted) : 0;
  if (number >= 1 && number <= first.length) return number - 1;
  const known = first.slice(0, 20).join(', ').slice(0, 200);
  throw new AppError(
    'FILE_INVALID',
    `${name} has no column ${wanted}, expected 1 to ${first.length} or one of ${known}`,
  );
}

function readRow(
  record: readonly string[],
  columns: Columns,
  { line, name, options }: { line: number; name: string; options: SourceOptions },
): CsvRow {
  const text = record[columns.sample];
  const value = parseNumber(text);
  if (value === undefined) throw wrong(name, line, text, 'a number');
  if (columns.time === undefined) return { line, value, time: undefined };

  const timeText = record[columns.time];
  const time = timeText === undefined ? undefined : parseCsvTime(timeText, options.timeUnit ?? 's');
  if (time === undefined) throw wrong(name, line, timeText, 'a time: a number, or such as 2026-01-31T12:00:00Z');
  return { line, value, time };
}

function parseNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (NUMBER.test(text)) return Number(text);
  if (MISSING.has(text.toLowerCase())) return Number.NaN;
  const infinite = INFINITE.exec(text);
  if (infinite === null) return undefined;
  return infinite[1] === '-' ? -Infinity : Infinity;
}

function wrong(name: string, line: number, text: string | undefined, expected: string): AppError {
  const found = text === undefined ? 'nothing' : JSON.stringify(text.slice(0, 40));
  return new AppError('FILE_INVALID', `${name}, line ${line}: found ${found}, expected ${expected}`);
}
