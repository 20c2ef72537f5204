import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  SOURCE_FORMATS,
  type SourceFormat,
  type SourceOptions,
  TIME_UNITS,
  type TimeUnit,
} from '../ingest/replay/sample-source.ts';
import { isOneLine } from '../model/one-line.ts';
import { parseTime } from '../sigmf/time.ts';
import { DATATYPES } from '../trend/datatype.ts';

/** What the options of `addSourceOptions` parse to. */
export interface SourceFlags {
  readonly format?: SourceFormat;
  readonly datatype?: string;
  readonly rate?: number;
  readonly scale?: number;
  readonly offset?: number;
  readonly unit?: string;
  readonly fullScale?: readonly [number, number];
  readonly epoch?: bigint;
  readonly wavChannel?: number;
  readonly column?: string;
  readonly timeColumn?: string;
  readonly timeUnit?: TimeUnit;
  readonly delimiter?: string;
}

/** Adds what can be said of a recording that it does not say itself. */
export function addSourceOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <kind>', 'kind of file; default: by its name').choices(SOURCE_FORMATS))
    .addOption(new Option('--datatype <name>', 'bare samples: SigMF datatype').choices([...DATATYPES.keys()]))
    .option('--rate <hz>', 'sample rate, where the file does not tell it', parsePositive)
    .option('--scale <number>', 'value = raw × scale + offset', parseNonZero)
    .option('--offset <number>', 'see --scale', parseFinite)
    .option('--unit <text>', 'unit of the values, up to 16 characters', parseUnit)
    .option('--full-scale <low,high>', 'raw counts at or beyond which a sample is clipped', parseRange)
    .option('--epoch <time>', 'time of the first sample, such as 2026-01-31T12:00:00Z', parseEpoch)
    .option('--wav-channel <n>', 'WAV: channel, counted from 1', parseCount)
    .option('--column <name>', 'CSV: column with the samples, by name or number from 1')
    .option('--time-column <name>', 'CSV: column with the time of each sample')
    .addOption(
      new Option('--time-unit <unit>', 'CSV: unit of numeric times; default s').choices(Object.keys(TIME_UNITS)),
    )
    .option('--delimiter <char>', 'CSV: what separates columns; default comma, tab in .tsv files');
}

export function toSourceOptions(flags: SourceFlags): SourceOptions {
  const { rate, epoch, ...rest } = flags;
  return { ...rest, rateHz: rate, epochNs: epoch };
}

export function parseFinite(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
}

export function parsePositive(text: string): number {
  const value = parseFinite(text);
  if (value <= 0) throw new InvalidArgumentError('expected a number greater than 0');
  return value;
}

export function parseCount(text: string): number {
  const value = parseFinite(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number, 1 or more');
  return value;
}

/** Samples a window, within the protocol's limits. */
export function parseWindow(text: string): number {
  const value = parseCount(text);
  if (value < 10 || value > 10_000_000) throw new InvalidArgumentError('expected 10 to 10,000,000 samples');
  return value;
}

function parseNonZero(text: string): number {
  const value = parseFinite(text);
  if (value === 0) throw new InvalidArgumentError('expected a number other than 0');
  return value;
}

export function parseUnit(text: string): string {
  if ([...text].length > 16 || !isOneLine(text)) {
    throw new InvalidArgumentError('expected at most 16 characters, none of them a control character');
  }
  return text;
}

function parseRange(text: string): readonly [number, number] {
  const [low, high, more] = text.split(',').map(parseFinite);
  if (more !== undefined || !(low < high)) throw new InvalidArgumentError('expected two numbers, low,high');
  return [low, high];
}

function parseEpoch(text: string): bigint {
  const timeNs = parseTime(text);
  if (timeNs === undefined) throw new InvalidArgumentError('expected a UTC time such as 2026-01-31T12:00:00Z');
  return timeNs;
}
