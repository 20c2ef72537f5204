import type { HistoryRows } from '../trend/history-rows.ts';
import type { TimeRange } from './coverage.ts';
import type { GatheredRow } from './gather.ts';
import { toleranceNs } from './lines-of-time.ts';

/** Whether a row and a range have time in common. */
export function overlaps({ timeNs, lengthNs }: Pick<GatheredRow, 'timeNs' | 'lengthNs'>, range: TimeRange): boolean {
  return timeNs < range.toNs && timeNs + BigInt(Math.round(lengthNs)) > range.fromNs;
}

/** Rows as an answer has them: as columns, in the order of their times. */
export function toHistoryRows(
  gathered: readonly GatheredRow[],
  { unit, span, rowNs }: Pick<HistoryRows, 'unit' | 'span' | 'rowNs'>,
): HistoryRows {
  const rows = [...gathered].sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : a.stream - b.stream));
  const column = (read: (row: GatheredRow) => number) => Float64Array.from(rows, read);
  return {
    unit,
    span,
    rowNs,
    timeNs: BigInt64Array.from(rows, ({ timeNs }) => timeNs),
    lengthNs: column(({ lengthNs }) => lengthNs),
    min: column(({ summary }) => summary.min),
    max: column(({ summary }) => summary.max),
    mean: column(({ summary }) => summary.mean),
    m2: column(({ summary }) => summary.m2),
    count: column(({ summary }) => summary.count),
    clipped: column(({ summary }) => summary.clipped),
    nonfinite: column(({ summary }) => summary.nonfinite),
    flags: Uint16Array.from(rows, ({ flags }) => flags),
    windows: column(({ windows }) => windows),
    broken: Uint8Array.from(rows, (row, i) => (i + 1 < rows.length && isBroken(row, rows[i + 1]) ? 1 : 0)),
  };
}

// Whether `next` does not go on where `row` ends: by place, and by the line of time.
function isBroken(row: GatheredRow, next: GatheredRow): boolean {
  if (row.stream !== next.stream || row.end !== next.start) return true;
  const windowNs = row.lengthNs / (row.end - row.start);
  return Math.abs(Number(next.timeNs - row.timeNs) - row.lengthNs) >= toleranceNs(row.lengthNs, windowNs);
}
