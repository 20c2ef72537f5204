import type { DecimateKernel, PixelColumns } from '../../server/kernels/decimate-kernel.ts';
import type { HistoryColumns, HistoryReply } from '../../server/wire/history.ts';
import type { ColumnRange } from './row-columns.ts';
import type { SummaryFold } from './summary-fold.ts';

/** What was asked of the history: a range, and how fine. */
export interface PastNeed {
  readonly fromMs: number;
  readonly toMs: number;
  /** Time of one pixel column; rows are some of them a column. */
  readonly columnMs: number;
}

type Columns = HistoryColumns<Float64Array>;

/**
 * One answer of the history, for good: its rows in the memory of a decimation
 * kernel, with a gap mark after each row that something is missing behind, as
 * live rows have them.
 */
export class PastRows {
  /** What it answers; beyond, it knows nothing. */
  readonly need: PastNeed;
  /** The longest row. */
  readonly rowMs: number;
  /** Whether its rows are windows themselves, so that no answer could be finer. */
  readonly isWhole: boolean;
  readonly #kernel: DecimateKernel;
  readonly #columns: Columns;
  /** Rows of the kernel, gap marks included. */
  readonly #length: number;

  constructor(reply: HistoryReply, need: PastNeed, createKernel: (rows: number) => DecimateKernel) {
    this.need = need;
    this.#columns = columnsOf(reply.rows);
    const { time, length, windows, broken } = this.#columns;
    // The newest row may still be filling: it reaches as far as it has windows.
    const last = time.length - 1;
    if (last >= 0) length[last] = Math.min(length[last], windows[last] * reply.rowMs);
    this.rowMs = length.reduce((longest, ms) => Math.max(longest, ms), reply.span * reply.rowMs);
    this.isWhole = reply.span === 1;
    this.#kernel = createKernel(Math.max(1, time.length + broken.reduce((sum, mark) => sum + mark, 0)));
    this.#length = fill(this.#kernel, this.#columns);
  }

  /** End of the newest row; undefined where there is none. */
  get endMs(): number | undefined {
    const { time, length } = this.#columns;
    return time.length === 0 ? undefined : time[time.length - 1] + length[time.length - 1];
  }

  /** The first end of rows that is not before `ms`, so that rows are parted and none is cut; `ms` itself past the last. */
  boundary(ms: number): number {
    const { time, length } = this.#columns;
    let endMs = ms;
    // All that start before and may reach there: where the clock was set back, they overlap.
    for (let row = lowerBound(time, time.length, ms) - 1; row >= 0 && time[row] > ms - this.rowMs; row--) {
      endMs = Math.max(endMs, time[row] + length[row]);
    }
    return endMs;
  }

  /** Reduces the rows that start in [sinceMs, beforeMs) to pixel columns. The result is valid until the next call. */
  decimate({ fromMs, columnMs, columns }: ColumnRange, sinceMs: number, beforeMs: number): PixelColumns {
    const { timeMs } = this.#kernel.rows;
    const to = lowerBound(timeMs, this.#length, Math.min(beforeMs, fromMs + columns * columnMs));
    const from = Math.min(to, lowerBound(timeMs, this.#length, Math.max(sinceMs, fromMs)));
    return this.#kernel.decimate({ from, to, fromMs, columnMs, columns });
  }

  /** When the row that lasts at `timeMs` started; undefined where none does. */
  startAt(timeMs: number): number | undefined {
    const { time, length } = this.#columns;
    const row = lowerBound(time, time.length, timeMs) - 1;
    return row >= 0 && time[row] + length[row] > timeMs ? time[row] : undefined;
  }

  /** Merges the rows that start in [fromMs, toMs). */
  fold(fromMs: number, toMs: number, into: SummaryFold): void {
    const { time, length, min, max, mean, deviation, count } = this.#columns;
    const to = lowerBound(time, time.length, toMs);
    for (let row = lowerBound(time, time.length, fromMs); row < to; row++) {
      const m2 = deviation[row] * deviation[row] * count[row];
      into.add({ min: min[row], max: max[row], mean: mean[row], m2, count: count[row] });
      into.cover(time[row], time[row] + length[row]);
    }
  }
}

// JSON has no NaN: where a row holds nothing finite, its figures are null.
function columnsOf(rows: HistoryReply['rows']): Columns {
  const column = (values: readonly (number | null)[]) => Float64Array.from(values, (value) => value ?? NaN);
  return {
    time: inOrder(column(rows.time)),
    length: column(rows.length),
    min: column(rows.min),
    max: column(rows.max),
    mean: column(rows.mean),
    deviation: column(rows.deviation),
    count: column(rows.count),
    clipped: column(rows.clipped),
    nonfinite: column(rows.nonfinite),
    flags: column(rows.flags),
    windows: column(rows.windows),
    broken: column(rows.broken),
  };
}

/** Where two rows share a time, by a hair of rounding, the kernel is told that it never falls. */
function inOrder(time: Float64Array): Float64Array {
  for (let row = 1; row < time.length; row++) time[row] = Math.max(time[row], time[row - 1]);
  return time;
}

/** Writes the rows and their gap marks, and returns how many they are. */
function fill({ rows }: DecimateKernel, columns: Columns): number {
  const { time, length, min, max, mean, count, broken } = columns;
  let at = 0;
  for (let row = 0; row < time.length; row++) {
    rows.timeMs[at] = time[row];
    rows.min[at] = min[row];
    rows.max[at] = max[row];
    rows.mean[at] = mean[row];
    rows.count[at++] = count[row];
    if (broken[row] === 0) continue;
    rows.timeMs[at] = Math.min(time[row] + length[row], time[row + 1] ?? Infinity);
    rows.min[at] = rows.max[at] = rows.mean[at] = NaN;
    rows.count[at++] = 0;
  }
  return at;
}

/** The first of `length` times that is not before `ms`. */
function lowerBound(times: Float64Array, length: number, ms: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (times[middle] < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
