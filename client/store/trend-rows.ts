import type { DecimateKernel, PixelColumns } from '../../server/kernels/decimate-kernel.ts';
import { type ColumnRange, columnsOf, type OwnColumns, ownColumns } from './row-columns.ts';
import { endOf, part, type RowRun } from './row-run.ts';
import type { SummaryFold } from './summary-fold.ts';

// Row numbers start here, so that rows older than the first have numbers too.
const FIRST_ROW = 2 ** 40;

/**
 * The rows of one channel, oldest first, in the memory of its decimation
 * kernel: nothing is copied to draw them.
 *
 * Bounded by the kernel's capacity: the oldest row makes room for the newest.
 * Where time passes between two rows without a row, a gap mark (count 0)
 * stands at the end of the earlier one; a run that fills the hole removes it.
 */
export class TrendRows {
  #kernel: DecimateKernel;
  #own: OwnColumns;
  #first = FIRST_ROW;
  #end = FIRST_ROW;
  #newestEndMs = -Infinity;
  /** Half of the shortest row: times nearer than this are the same. */
  #slackMs = Infinity;
  #dropped = 0;

  constructor(kernel: DecimateKernel) {
    this.#kernel = kernel;
    this.#own = ownColumns(kernel.capacity);
  }

  /** Rows there is room for; each takes `ROW_BYTES`. */
  get capacity(): number {
    return this.#kernel.capacity;
  }

  /** Rows held, gap marks included. */
  get length(): number {
    return this.#end - this.#first;
  }

  /** Rows that made room for newer ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Start of the oldest row; undefined when empty. */
  get oldestMs(): number | undefined {
    return this.length === 0 ? undefined : this.#timeAt(this.#first);
  }

  /** End of the newest row; undefined when empty. */
  get newestMs(): number | undefined {
    return this.length === 0 ? undefined : this.#newestEndMs;
  }

  /** Starts of all rows, gap marks left out. */
  *times(): Generator<number> {
    for (let row = this.#first; row < this.#end; row++) if (!this.#isMark(row)) yield this.#timeAt(row);
  }

  clear(): void {
    this.#first = this.#end = FIRST_ROW;
    this.#newestEndMs = -Infinity;
    this.#slackMs = Infinity;
  }

  /** Moves into another kernel, which has room for at least as many rows. */
  moveTo(kernel: DecimateKernel): void {
    const own = ownColumns(kernel.capacity);
    const into = columnsOf(kernel, own);
    columnsOf(this.#kernel, this.#own).forEach((column, i) => {
      for (let row = this.#first; row < this.#end; row++) into[i][row % kernel.capacity] = column[row % this.capacity];
    });
    this.#kernel = kernel;
    this.#own = own;
  }

  /** Drops every row that starts in [fromMs, toMs). */
  cut(fromMs: number, toMs: number): void {
    const from = this.#lowerBound(fromMs);
    const to = this.#lowerBound(toMs);
    if (from === to) return;
    const isNewest = to === this.#end;
    this.#close(from, to);
    if (this.length === 0) this.clear();
    else if (isNewest) this.#newestEndMs = Math.min(this.#newestEndMs, fromMs);
  }

  /** Whether a row starts nearer to `timeMs` than `slackMs`. */
  holds(timeMs: number, slackMs: number): boolean {
    return this.#holdsRow(this.#lowerBound(timeMs - slackMs), this.#lowerBound(timeMs + slackMs));
  }

  /** Puts rows where they belong in time. A run after the newest row costs nothing but its own length. */
  insert(run: RowRun): void {
    this.#slackMs = Math.min(this.#slackMs, run.rowMs / 2);
    if (run.timeMs < this.#newestEndMs - this.#slackMs) {
      this.#insertBefore(run);
      return;
    }
    if (this.length > 0 && run.timeMs > this.#newestEndMs + this.#slackMs) this.#mark(this.#grow(1), this.#newestEndMs);
    const skipped = Math.max(0, run.min.length - this.#kernel.capacity);
    this.#write(run, skipped, this.#grow(run.min.length - skipped));
    this.#newestEndMs = endOf(run);
  }

  /** Reduces the rows of a range that start at `sinceMs` or later to pixel columns. The result is valid until the next call. */
  decimate({ fromMs, columnMs, columns }: ColumnRange, sinceMs = -Infinity): PixelColumns {
    const to = this.#lowerBound(fromMs + columns * columnMs);
    const from = Math.min(to, this.#lowerBound(Math.max(fromMs, sinceMs)));
    return this.#kernel.decimate({ from, to, fromMs, columnMs, columns });
  }

  /** When the row that lasts at `timeMs` started; undefined where none does. */
  startAt(timeMs: number): number | undefined {
    const row = this.#lowerBound(timeMs) - 1;
    return row >= this.#first && this.#endAt(row) > timeMs ? this.#timeAt(row) : undefined;
  }

  /** Merges the rows that start in [fromMs, toMs). */
  fold(fromMs: number, toMs: number, into: SummaryFold): void {
    const { capacity, rows } = this.#kernel;
    const to = this.#lowerBound(toMs);
    for (let row = this.#lowerBound(fromMs); row < to; row++) {
      if (this.#isMark(row)) continue;
      const at = row % capacity;
      const deviation = this.#own.deviation[at];
      const count = rows.count[at];
      const m2 = deviation * deviation * count;
      into.add({ min: rows.min[at], max: rows.max[at], mean: rows.mean[at], m2, count });
      into.cover(rows.timeMs[at], this.#endAt(row));
    }
  }

  // The present comes in order, so this runs only while the past is filled in
  // behind it, a row comes in two parts, or rows get longer.
  #insertBefore(run: RowRun): void {
    const length = run.min.length;
    const from = this.#lowerBound(run.timeMs - this.#slackMs);
    if (length === 1 || !this.#holdsRow(from, this.#lowerBound(endOf(run) - this.#slackMs))) this.#weave(run);
    else for (let i = 0; i < length; i++) this.insert(part(run, i, i + 1));
  }

  /** Puts in a run that no row starts inside of, and moves the gap marks around it to where nothing reaches. */
  #weave(run: RowRun): void {
    let at = this.#lowerBound(run.timeMs);
    if (at > this.#first && this.#isMark(at - 1) && this.#timeAt(at - 1) >= run.timeMs - this.#slackMs) {
      at = this.#close(at - 1, at);
    }
    const beforeMs = at > this.#first ? this.#endAt(at - 1) : run.timeMs;
    const isAfterHole = at > this.#first && !this.#isMark(at - 1) && beforeMs < run.timeMs - this.#slackMs;
    const reachMs = Math.max(beforeMs, endOf(run));
    let next = at;
    while (next < this.#end && this.#timeAt(next) <= reachMs + this.#slackMs) {
      if (this.#isMark(next)) {
        const after = this.#close(next, next + 1);
        at += after - next;
        next = after;
      } else if (this.#endAt(next) < reachMs) this.#reachTo(next++, reachMs);
      else break;
    }
    const isBeforeHole = next < this.#end && this.#timeAt(next) > reachMs + this.#slackMs;
    if (next === this.#end) this.#newestEndMs = reachMs;

    this.#place(run, at);
    for (let row = this.#lowerBound(run.timeMs); row < this.#end && this.#endAt(row) < beforeMs; row++) {
      this.#reachTo(row, beforeMs);
    }
    if (isAfterHole) this.#placeMark(beforeMs);
    if (isBeforeHole) this.#placeMark(reachMs);
  }

  /** Writes a run before row `at`. What does not fit gives way from the oldest on. */
  #place(run: RowRun, at: number): void {
    const excess = Math.max(0, this.length + run.min.length - this.#kernel.capacity);
    const gone = Math.min(excess, at - this.#first);
    this.#dropOldest(gone);
    const skipped = excess - gone;
    if (skipped < run.min.length) this.#write(run, skipped, this.#open(at, run.min.length - skipped));
  }

  #placeMark(timeMs: number): void {
    const at = this.#lowerBound(timeMs);
    if (at === this.#first) return; // what it ended has given way
    if (this.length === this.#kernel.capacity) this.#dropOldest(1);
    this.#mark(this.#open(at, 1), timeMs);
  }

  #holdsRow(from: number, to: number): boolean {
    for (let row = from; row < to; row++) if (!this.#isMark(row)) return true;
    return false;
  }

  /** Makes room for `length` rows at the end and returns the first of them. */
  #grow(length: number): number {
    const row = this.#end;
    this.#end += length;
    this.#dropOldest(Math.max(0, this.length - this.#kernel.capacity));
    return row;
  }

  #dropOldest(rows: number): void {
    this.#first += rows;
    this.#dropped += rows;
  }

  /** Opens `length` rows before row `at` and returns the first of them. */
  #open(at: number, length: number): number {
    if (at - this.#first <= this.#end - at) {
      this.#move(this.#first, at, -length);
      this.#first -= length;
      return at - length;
    }
    this.#move(at, this.#end, length);
    this.#end += length;
    return at;
  }

  /** Takes out rows from .. to-1 and returns the number of the row that follows them then. */
  #close(from: number, to: number): number {
    const length = to - from;
    if (from - this.#first < this.#end - to) {
      this.#move(this.#first, from, length);
      this.#first += length;
      return to;
    }
    this.#move(to, this.#end, -length);
    this.#end -= length;
    return from;
  }

  #move(from: number, to: number, by: number): void {
    if (by === 0) return;
    const { capacity } = this.#kernel;
    for (const column of columnsOf(this.#kernel, this.#own)) {
      // From the side it moves to, so that nothing is overwritten before it moved.
      if (by < 0) for (let row = from; row < to; row++) column[(row + by) % capacity] = column[row % capacity];
      else for (let row = to - 1; row >= from; row--) column[(row + by) % capacity] = column[row % capacity];
    }
  }

  #write(run: RowRun, skipped: number, row: number): void {
    const { capacity, rows } = this.#kernel;
    let at = row % capacity;
    for (let i = skipped; i < run.min.length; i++) {
      rows.timeMs[at] = run.timeMs + i * run.rowMs;
      rows.min[at] = run.min[i];
      rows.max[at] = run.max[i];
      rows.mean[at] = run.mean[i];
      rows.count[at] = run.count[i];
      this.#own.reachMs[at] = run.rowMs;
      this.#own.deviation[at] = run.count[i] > 0 ? Math.sqrt(run.m2[i] / run.count[i]) : 0;
      if (++at === capacity) at = 0;
    }
  }

  #mark(row: number, timeMs: number): void {
    const { capacity, rows } = this.#kernel;
    const at = row % capacity;
    rows.timeMs[at] = timeMs;
    rows.min[at] = rows.max[at] = rows.mean[at] = NaN;
    rows.count[at] = 0;
    this.#own.reachMs[at] = 0;
  }

  #isMark(row: number): boolean {
    return this.#kernel.rows.count[row % this.#kernel.capacity] === 0;
  }

  #timeAt(row: number): number {
    return this.#kernel.rows.timeMs[row % this.#kernel.capacity];
  }

  /** Where the rows up to `row` reach to. */
  #endAt(row: number): number {
    return this.#timeAt(row) + this.#own.reachMs[row % this.#kernel.capacity];
  }

  #reachTo(row: number, timeMs: number): void {
    this.#own.reachMs[row % this.#kernel.capacity] = timeMs - this.#timeAt(row);
  }

  /** The first row that starts at `timeMs` or later. */
  #lowerBound(timeMs: number): number {
    let low = this.#first;
    let high = this.#end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#timeAt(middle) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
