import { type Command, InvalidArgumentError, Option } from 'commander';
import { AppError } from '../base/errors.ts';
import { formatTime, parseTime } from '../sigmf/time.ts';

export interface RangeFlags {
  readonly from: bigint;
  readonly to: bigint;
}

const FIRST = BigInt(Date.UTC(1900, 0)) * 1_000_000n;
const LAST = BigInt(Date.UTC(2200, 0)) * 1_000_000n;

/** Adds what tells a command which part of the history is meant. */
export function addRangeOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--from <time>', 'rows that begin at or after it: 2026-11-21T08:00:00Z, 2026-11-21, or ms since 1970')
        .argParser(parseMoment)
        .default(FIRST, 'the first row'),
    )
    .addOption(
      new Option('--to <time>', 'rows that begin before it').argParser(parseMoment).default(LAST, 'after the last row'),
    );
}

/** Throws `REQUEST_INVALID` where a range ends before it begins. */
export function refuseEmptyRange({ from, to }: RangeFlags): void {
  if (from < to) return;
  throw new AppError('REQUEST_INVALID', `--to ${formatTime(to)}, expected a time after --from ${formatTime(from)}`);
}

function parseMoment(text: string): bigint {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseTime(`${text}T00:00:00Z`) : parseTime(text);
  if (time !== undefined) return time;
  if (/^-?\d{1,14}$/.test(text)) return BigInt(text) * 1_000_000n;
  throw new InvalidArgumentError('expected a time such as 2026-11-21T08:00:00Z, a date, or ms since 1970.');
}
