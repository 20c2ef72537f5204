import type { RunDiagnosisReply } from '../../server/wire/diagnosis-history.ts';
import type { HistoryReply } from '../../server/wire/history.ts';

/** Trend points of a run, one entry each, in the channel's unit; NaN where one is missing. */
export interface RunPoints {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly missing: number;
  /** Of one point. */
  readonly pointMs: number;
}

export const ROWS = ['min', 'max', 'mean'] as const;

/** The points of a run from the rows of its time; undefined where no row is as short as a point. */
export function runPoints(
  { timeMs, endMs, windows }: Pick<RunDiagnosisReply, 'timeMs' | 'endMs' | 'windows'>,
  { rows, span }: HistoryReply,
): RunPoints | undefined {
  if (span !== 1) return undefined;
  const pointMs = (endMs - timeMs) / windows;
  const column = () => new Float64Array(windows).fill(NaN);
  const points = { min: column(), max: column(), mean: column() };
  for (const [row, ms] of rows.time.entries()) {
    const at = Math.round((ms - timeMs) / pointMs);
    if (at < 0 || at >= windows) continue;
    for (const name of ROWS) points[name][at] = rows[name][row] ?? NaN; // JSON has no NaN
  }
  return { ...points, missing: points.mean.filter(Number.isNaN).length, pointMs };
}
