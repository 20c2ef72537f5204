import type { HistoryReply } from '../../server/wire/history.ts';
import { part, type RowRun } from './row-run.ts';
import type { TrendRows } from './trend-rows.ts';

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

// Rows nearer to each other than this share of their length are in one run.
const JOINT = 0.01;

/** The windows that begin in a range, of an answer that did not merge them, as runs without a hole. */
export function historyRuns({ rows }: HistoryReply, { fromMs, toMs }: Range): RowRun[] {
  const runs: RowRun[] = [];
  for (let from = 0; from < rows.time.length; ) {
    let to = from + 1;
    while (to < rows.time.length && isJoint(rows, to)) to++;
    runs.push(runOf(rows, from, to));
    from = to;
  }
  return runs.flatMap((run) => {
    const from = Math.max(0, Math.ceil((fromMs - run.timeMs) / run.rowMs));
    const to = Math.min(run.min.length, Math.ceil((toMs - run.timeMs) / run.rowMs));
    return from < to ? [part(run, from, to)] : [];
  });
}

/** How many windows of a range an answer holds. Of merged rows that reach over its ends, as many as their share. */
export function countWindows({ rows, span, rowMs }: HistoryReply, { fromMs, toMs }: Range): number {
  let windows = 0;
  for (let row = 0; row < rows.time.length; row++) {
    const startMs = rows.time[row];
    if (span === 1) {
      if (startMs >= fromMs - rowMs / 2 && startMs < toMs - rowMs / 2) windows += rows.windows[row];
      continue;
    }
    const lengthMs = rows.length[row];
    const insideMs = Math.min(toMs, startMs + lengthMs) - Math.max(fromMs, startMs);
    if (insideMs > 0) windows += (rows.windows[row] * insideMs) / lengthMs;
  }
  return Math.round(windows);
}

/** Puts in what is not there yet of a run, so that no row is there twice. */
export function insertMissing(rows: TrendRows, run: RowRun): void {
  const { length } = run.min;
  const isThere = (row: number) => rows.holds(run.timeMs + row * run.rowMs, run.rowMs / 2);
  for (let from = 0; from < length; ) {
    let to = from;
    while (to < length && !isThere(to)) to++;
    if (to > from) rows.insert(part(run, from, to));
    from = to + 1;
  }
}

function isJoint({ time, length, broken }: HistoryReply['rows'], row: number): boolean {
  const before = row - 1;
  const isNext = Math.abs(time[row] - time[before] - length[before]) < JOINT * length[before];
  return isNext && broken[before] === 0 && Math.abs(length[row] - length[before]) < JOINT * length[before];
}

function runOf(rows: HistoryReply['rows'], from: number, to: number): RowRun {
  const column = (values: readonly (number | null)[]) =>
    Float64Array.from(values.slice(from, to), (value) => value ?? NaN);
  const deviation = column(rows.deviation);
  const count = Uint32Array.from(rows.count.slice(from, to));
  return {
    timeMs: rows.time[from],
    rowMs: to - from > 1 ? (rows.time[to - 1] - rows.time[from]) / (to - from - 1) : rows.length[from],
    min: column(rows.min),
    max: column(rows.max),
    mean: column(rows.mean),
    m2: deviation.map((each, i) => (count[i] === 0 ? 0 : each * each * count[i])),
    count,
  };
}
