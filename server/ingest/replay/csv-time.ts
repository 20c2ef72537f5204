import { parseTime } from '../../sigmf/time.ts';
import { TIME_UNITS, type TimeUnit } from './sample-source.ts';

/**
 * A time of a CSV file, in two parts: seconds since 1970 in one f64 would be
 * off by a quarter of a microsecond, which is several samples of a fast sensor.
 */
export interface CsvTime {
  /** Whole units of the column. */
  readonly whole: bigint;
  /** The rest, in the same unit. */
  readonly part: number;
}

/** Times since 1970 are at least this many seconds; smaller ones count from a beginning of their own. */
const EPOCH_SECONDS = 100_000_000n;
const DECIMAL = /^([+-]?)(\d*)(\.\d*)?$/;
const SCIENTIFIC = /^[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d+$/;

/** The time that a field holds: a number of units, or a date in UTC. Undefined where it is neither. */
export function parseCsvTime(text: string, unit: TimeUnit): CsvTime | undefined {
  const decimal = /\d/.test(text) ? DECIMAL.exec(text) : null;
  if (decimal !== null) {
    const [, sign, whole = '', part = ''] = decimal;
    const time = { whole: BigInt(whole), part: Number(`0${part}`) };
    return sign === '-' ? { whole: -time.whole, part: -time.part } : time;
  }
  if (SCIENTIFIC.test(text)) return { whole: 0n, part: Number(text) };

  const timeNs = parseTime(text);
  if (timeNs === undefined) return undefined;
  const unitNs = BigInt(1e9 / TIME_UNITS[unit]);
  return { whole: timeNs / unitNs, part: Number(timeNs % unitNs) / Number(unitNs) };
}

export function secondsBetween(from: CsvTime, to: CsvTime, unit: TimeUnit): number {
  return (Number(to.whole - from.whole) + (to.part - from.part)) / TIME_UNITS[unit];
}

/** Nanoseconds since 1970 UTC; undefined for a time that does not count from there. */
export function epochOf({ whole, part }: CsvTime, unit: TimeUnit): bigint | undefined {
  const unitNs = 1e9 / TIME_UNITS[unit];
  const timeNs = whole * BigInt(unitNs) + BigInt(Math.round(part * unitNs));
  return timeNs < EPOCH_SECONDS * 1_000_000_000n ? undefined : timeNs;
}
