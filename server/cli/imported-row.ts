import { AppError } from '../base/errors.ts';
import type { HistoryRow } from '../history/row-block.ts';
import { EMPTY_SUMMARY } from '../trend/summary.ts';

/** The columns of an exported row besides its stream, in the order in which they are read. */
export const ROW_FIELDS = [
  'window',
  'time',
  'min',
  'max',
  'mean',
  'm2',
  'count',
  'clipped',
  'nonfinite',
  'flags',
  'windows',
] as const;
type Field = (typeof ROW_FIELDS)[number];

/** What a row is of. */
export interface RowPlace {
  /** Where it is in its file, for people: such as `out.csv, line 7`. */
  readonly where: string;
  /** Its place in the streams of the file. */
  readonly stream: number;
  /** Samples a row of the tier covers. */
  readonly samples: number;
}

const MOST_FLAGS = 0xffff;
const MOST_WINDOWS = 0xffff_ffff;
const MOST_NS = 2n ** 63n - 1n;
/** By how much of its extremes a mean may lie outside them: it is rounded, they are not. */
const ROUNDING = 1e-6;

/** A row whose figures can be true, of what a file holds in the order of `ROW_FIELDS`. Throws `FILE_INVALID` that names row and column. */
export function toImportedRow(values: readonly unknown[], { where, stream, samples }: RowPlace): HistoryRow {
  const [window, time, min, max, mean, m2, count, clipped, nonfinite, flags, windows] = values;
  const wrong = (field: Field, found: unknown, expected: string): never => {
    const text = found === null || found === undefined ? 'missing' : String(found).slice(0, 60);
    throw new AppError('FILE_INVALID', `${where}: ${field} is ${text}, expected ${expected}`);
  };
  const whole = (field: Field, found: unknown, most = Number.MAX_SAFE_INTEGER): number => {
    const value = typeof found === 'bigint' ? Number(found) : found;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
    return wrong(field, found, `a whole number from 0 to ${most}`);
  };
  const figure = (field: Field, found: unknown): number =>
    typeof found === 'number' && Number.isFinite(found) ? found : wrong(field, found, 'a finite number');

  if (typeof time !== 'bigint' || time > MOST_NS || time < -MOST_NS) {
    return wrong('time', time, 'a time from 1677 to 2262, in UTC');
  }
  const row = {
    stream,
    window: whole('window', window, Math.floor(Number.MAX_SAFE_INTEGER / samples) - 1), // samples are counted up to 2^53
    timeNs: time,
    ...EMPTY_SUMMARY,
    count: whole('count', count),
    clipped: whole('clipped', clipped),
    nonfinite: whole('nonfinite', nonfinite),
    flags: whole('flags', flags, MOST_FLAGS),
    windows: whole('windows', windows, MOST_WINDOWS),
  };
  if (row.count === 0) return row;
  const figures = { min: figure('min', min), max: figure('max', max), mean: figure('mean', mean) };
  if (figures.min > figures.max) wrong('min', min, `at most max, which is ${max}`);
  const slack = Math.max(Math.abs(figures.min), Math.abs(figures.max)) * ROUNDING;
  if (figures.mean < figures.min - slack || figures.mean > figures.max + slack) {
    wrong('mean', mean, `from min to max, ${min} to ${max}`);
  }
  if (typeof m2 !== 'number' || !(m2 >= 0)) return wrong('m2', m2, 'a number of 0 or more'); // infinite where it is beyond f64
  return { ...row, ...figures, m2 };
}
