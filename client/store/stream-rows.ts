import { part, type RowRun } from './row-run.ts';
import type { TrendRows } from './trend-rows.ts';

// Streams whose place on the time axis is remembered; of older ones, rows give way only to these.
const STREAM_LIMIT = 64;

/**
 * Puts the rows of a channel's streams on one time axis.
 *
 * A new stream counts from 0 again. Where its clock went back too, the newer
 * one holds the time axis and what an older one had there is dropped, in
 * whatever order they come in.
 */
export class StreamRows {
  readonly #rows: TrendRows;
  /** Where the rows of each stream begin that is held, sample clock. */
  readonly #streams = new Map<number, number>();

  constructor(rows: TrendRows) {
    this.#rows = rows;
  }

  /** Stream numbers start over; the rows stay. */
  restart(): void {
    this.#streams.clear();
  }

  insert(run: RowRun, stream: number): void {
    const newerMs = this.#newerThan(stream);
    const rows = Math.min(run.min.length, Math.ceil((newerMs - run.timeMs) / run.rowMs - 0.5));
    if (rows <= 0) return;
    const half = run.rowMs / 2;
    const fromMs = this.#streams.get(stream) ?? Infinity;
    if (run.timeMs < fromMs) {
      this.#rows.cut(run.timeMs - half, Math.min(fromMs, newerMs) - half);
      this.#set(stream, run.timeMs);
    }
    this.#rows.insert(rows < run.min.length ? part(run, 0, rows) : run);
  }

  /** Where the time axis is held by streams newer than `stream`. */
  #newerThan(stream: number): number {
    let fromMs = Infinity;
    for (const [other, otherMs] of this.#streams) if (other > stream && otherMs < fromMs) fromMs = otherMs;
    return fromMs;
  }

  #set(stream: number, fromMs: number): void {
    this.#streams.set(stream, fromMs);
    if (this.#streams.size > STREAM_LIMIT) this.#streams.delete(Math.min(...this.#streams.keys()));
  }
}
