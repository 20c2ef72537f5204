import type { HistoryRows } from '../trend/history-rows.ts';
import type { TimeRange } from './coverage.ts';
import type { GatheredRow } from './gather.ts';
import { toleranceNs } from './lines-of-time.ts';
import { FIGURES } from './tier-rows.ts';

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
  const column = () => new Float64Array(rows.length);
  const columns = {
    timeNs: new BigInt64Array(rows.length),
    lengthNs: column(),
    min: column(),
    max: column(),
    mean: column(),
    m2: column(),
    count: column(),
    clipped: column(),
    nonfinite: column(),
    flags: new Uint16Array(rows.length),
    windows: column(),
    broken: new Uint8Array(rows.length),
  };
  for (let i = 0; i < rows.length; i++) {
    const { timeNs, lengthNs, summary, flags, windows } = rows[i];
    columns.timeNs[i] = timeNs;
    columns.lengthNs[i] = lengthNs;
    for (const figure of FIGURES) columns[figure][i] = summary[figure];
    columns.flags[i] = flags;
    columns.windows[i] = windows;
    columns.broken[i] = i + 1 < rows.length && isBroken(rows[i], rows[i + 1]) ? 1 : 0;
  }
  return { unit, span, rowNs, ...columns };
}

// Whether `next` does not go on where `row` ends: by place, and by the line of time.
function isBroken(row: GatheredRow, next: GatheredRow): boolean {
  if (row.stream !== next.stream || row.end !== next.start) return true;
  const windowNs = row.lengthNs / (row.end - row.start);
  return Math.abs(Number(next.timeNs - row.timeNs) - row.lengthNs) >= toleranceNs(row.lengthNs, windowNs);
}
