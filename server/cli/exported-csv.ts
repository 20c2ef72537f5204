import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { AppError } from '../base/errors.ts';
import { parseTime } from '../sigmf/time.ts';
import { EMPTY_SUMMARY, type Summary } from '../trend/summary.ts';
import { flagBits, flagWords } from '../wire/row-flag.ts';
import { WINDOW_COLUMNS } from './window-csv.ts';

/** A line of a CSV file that was exported: a row without its stream and how many windows it merges. */
export interface CsvLine {
  /** Of the file, the heading is 1. */
  readonly line: number;
  readonly window: number;
  readonly timeNs: bigint;
  readonly summary: Summary;
  readonly flags: number;
}

/** Lines handed on at a time. */
const LINES = 2048;
/** Longest line that is read, bytes. */
const LINE_BYTES = 4096;
const ALL_FLAGS = 0xffff;
const HEADING = WINDOW_COLUMNS.join(',');

/** Reads the lines below the heading, some at a time. Throws `FILE_INVALID` with the line of what is wrong. */
export async function* readExportedCsv(path: string): AsyncGenerator<CsvLine[]> {
  const input = createReadStream(path);
  const parser = parse({ bom: true, info: true, relax_column_count: true, max_record_size: LINE_BYTES });
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  let lines: CsvLine[] = [];
  let hasHeading = false;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const fail = (what: string): never => {
        throw new AppError('FILE_INVALID', `${path}, line ${info.lines}: ${what}`);
      };
      if (!hasHeading) {
        if (record.join() !== HEADING) fail(`found ${shown(record.join())}, expected the heading ${HEADING}`);
        hasHeading = true;
        continue;
      }
      lines.push({ line: info.lines, ...toLine(record, fail) });
      if (lines.length === LINES) {
        yield lines;
        lines = [];
      }
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('FILE_INVALID', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  } finally {
    input.destroy();
  }
  if (!hasHeading) throw new AppError('FILE_INVALID', `${path} is empty, expected the heading ${HEADING}`);
  yield lines;
}

function toLine(record: readonly string[], fail: (what: string) => never): Omit<CsvLine, 'line'> {
  if (record.length !== WINDOW_COLUMNS.length) fail(`${record.length} columns, expected ${WINDOW_COLUMNS.length}`);
  const [window, time, min, max, mean, std, count, clipped, nonfinite, words] = record;
  const wrong = (column: string, text: string, expected: string) =>
    fail(`${column} is ${shown(text)}, expected ${expected}`);
  const whole = (column: string, text: string): number => {
    const value = Number(text);
    return /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : wrong(column, text, 'a whole number');
  };
  const figure = (column: string, text: string): number => {
    const value = Number(text);
    return text.trim() !== '' && Number.isFinite(value) ? value : wrong(column, text, 'a number');
  };

  const deviation = (text: string): number => {
    const value = text === 'Infinity' ? Number.POSITIVE_INFINITY : figure('std', text); // beyond f64
    return value >= 0 ? value : wrong('std', text, 'a number of 0 or more');
  };
  const bits = (text: string): number => {
    const isKnown = text === '' || text.split('|').every((word) => flagBits(word) !== 0);
    return isKnown ? flagBits(text) : wrong('flags', text, `words of ${flagWords(ALL_FLAGS)}, or nothing`);
  };

  const counts = {
    count: whole('count', count),
    clipped: whole('clipped', clipped),
    nonfinite: whole('nonfinite', nonfinite),
  };
  const timeNs = parseTime(time) ?? wrong('time', time, 'a time such as 2026-11-21T08:00:00Z');
  const figures = () => ({
    min: figure('min', min),
    max: figure('max', max),
    mean: figure('mean', mean),
    m2: deviation(std) ** 2 * counts.count,
  });
  const summary = { ...(counts.count === 0 ? EMPTY_SUMMARY : figures()), ...counts };
  return { window: whole('window', window), timeNs, summary, flags: bits(words) };
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
