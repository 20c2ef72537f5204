import { FIGURES, summaryAt } from '../kernels/merge-kernel.ts';
import type { Summary } from '../trend/summary.ts';
import type { HistoryRow } from './row-block.ts';

const FIRST_ROWS = 2048; // a chunk of DuckDB's

/**
 * Rows of tiers as they were read, in any order: columns that grow up to
 * `limit` rows. Then `drain` is handed all of them and they are forgotten, so
 * that there is room for as many as are taken at once; without it further rows
 * are left out, which `isFull` tells.
 */
export class TierRows {
  length = 0;
  isFull = false;
  stream = new Int32Array(FIRST_ROWS);
  tier = new Uint8Array(FIRST_ROWS);
  /** Index in the tier. */
  window = new Float64Array(FIRST_ROWS);
  timeNs = new BigInt64Array(FIRST_ROWS);
  /** Row by row, in the order of `FIGURES`. */
  figures = new Float64Array(FIRST_ROWS * FIGURES.length);
  flags = new Uint16Array(FIRST_ROWS);
  windows = new Float64Array(FIRST_ROWS);
  readonly #limit: number;
  readonly #drain: ((rows: TierRows) => void) | undefined;

  constructor(limit: number, drain?: (rows: TierRows) => void) {
    this.#limit = limit;
    this.#drain = drain;
  }

  /** Makes room for so many rows and returns the place of the first; undefined where there is no room. */
  take(rows: number): number | undefined {
    if (this.length + rows > this.#limit) {
      if (this.#drain === undefined) {
        this.isFull = true;
        return undefined;
      }
      this.#drain(this);
      this.length = 0;
    }
    if (this.length + rows > this.stream.length) this.#grow(this.length + rows);
    this.length += rows;
    return this.length - rows;
  }

  add(tier: number, row: HistoryRow): void {
    const at = this.take(1);
    if (at === undefined) return;
    this.stream[at] = row.stream;
    this.tier[at] = tier;
    this.window[at] = row.window;
    this.timeNs[at] = row.timeNs;
    for (const [i, figure] of FIGURES.entries()) this.figures[at * FIGURES.length + i] = row[figure];
    this.flags[at] = row.flags;
    this.windows[at] = row.windows;
  }

  /** Adds rows of others, given by their places. */
  addFrom(others: TierRows, isWanted: (at: number) => boolean): void {
    for (let from = 0; from < others.length; from++) {
      const at = isWanted(from) ? this.take(1) : undefined;
      if (at !== undefined) this.#copy(others, from, at);
    }
  }

  /** Forgets all rows but those, given by their places. */
  keep(isWanted: (at: number) => boolean): void {
    let kept = 0;
    for (let at = 0; at < this.length; at++) if (isWanted(at)) this.#copy(this, at, kept++);
    this.length = kept;
  }

  summary(at: number): Summary {
    return summaryAt(this.figures, at);
  }

  /** Samples of a row that arrived, finite or not. */
  samples(at: number): number {
    return this.figures[at * FIGURES.length + COUNT] + this.figures[at * FIGURES.length + NONFINITE];
  }

  #copy(others: TierRows, from: number, at: number): void {
    this.stream[at] = others.stream[from];
    this.tier[at] = others.tier[from];
    this.window[at] = others.window[from];
    this.timeNs[at] = others.timeNs[from];
    const figures = others.figures.subarray(from * FIGURES.length, (from + 1) * FIGURES.length);
    this.figures.set(figures, at * FIGURES.length);
    this.flags[at] = others.flags[from];
    this.windows[at] = others.windows[from];
  }

  #grow(least: number): void {
    const rows = Math.max(least, Math.min(this.stream.length * 8, this.#limit));
    this.stream = widened(new Int32Array(rows), this.stream);
    this.tier = widened(new Uint8Array(rows), this.tier);
    this.window = widened(new Float64Array(rows), this.window);
    this.timeNs = widened(new BigInt64Array(rows), this.timeNs);
    this.figures = widened(new Float64Array(rows * FIGURES.length), this.figures);
    this.flags = widened(new Uint16Array(rows), this.flags);
    this.windows = widened(new Float64Array(rows), this.windows);
  }
}

const COUNT = FIGURES.indexOf('count');
const NONFINITE = FIGURES.indexOf('nonfinite');

function widened<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from);
  return to;
}
