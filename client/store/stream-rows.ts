import { endOf, part, type RowRun } from './row-run.ts';
import type { TrendRows } from './trend-rows.ts';

// Streams whose place on the time axis is remembered; of older ones, rows give way only to these.
const STREAM_LIMIT = 64;
// Steps back that are remembered; of what came before older ones, rows give way only to these.
const STEP_LIMIT = 64;
// A clock is taken to be set back where it goes back by so many rows: a row that comes in two parts overlaps itself.
const STEP_ROWS = 2;

/** Where a run stands in the order that the hub gave its channel's windows. */
export interface RunOrder {
  readonly stream: number;
  readonly firstSeq: number;
  /** Nothing newer was there before. */
  readonly isNews: boolean;
}

/**
 * Puts the rows of a channel's streams on one time axis.
 *
 * A new stream counts from 0 again. Where the clock went back, with a new
 * stream or within one, what is newer holds the time axis from there on and
 * what was there is dropped, in whatever order they come in: only the history
 * has both.
 */
export class StreamRows {
  readonly #rows: TrendRows;
  /** Where the rows of each stream begin that is held, sample clock. */
  readonly #streams = new Map<number, number>();
  /** Where the clock went back to, and with which window. */
  #steps: { readonly seq: number; readonly timeMs: number }[] = [];
  #stepped = 0;
  /** Of the newest run. */
  #rowMs = 0;
  #droppedToMs = -Infinity;

  constructor(rows: TrendRows) {
    this.#rows = rows;
  }

  /** Times that the clock was seen to go back. */
  get stepped(): number {
    return this.#stepped;
  }

  /** What was dropped reached to there; -Infinity where nothing was. */
  get droppedToMs(): number {
    return this.#droppedToMs;
  }

  /** From when on nothing was dropped, and nothing came before the clock went back there. */
  get wholeFromMs(): number {
    const isPassed = (this.#rows.newestMs ?? -Infinity) >= this.#droppedToMs;
    return isPassed ? this.#droppedToMs : (this.#steps.at(-1)?.timeMs ?? -Infinity);
  }

  /** Stream and sequence numbers start over; the rows stay. */
  restart(): void {
    this.#streams.clear();
    this.#steps = [];
  }

  /** Puts in what of a run nothing newer holds the place of, and returns whether the clock had been set back. */
  insert(run: RowRun, { stream, firstSeq, isNews }: RunOrder): 'stepped' | undefined {
    const step = isNews ? this.#observe(run, firstSeq) : undefined;
    const newerMs = Math.min(this.#newerThan(stream), this.#steppedAfter(firstSeq));
    const rows = Math.min(run.min.length, Math.ceil((newerMs - run.timeMs) / run.rowMs - 0.5));
    if (rows < run.min.length) this.#droppedToMs = Math.max(this.#droppedToMs, endOf(run));
    if (rows <= 0) return step;
    const half = run.rowMs / 2;
    const fromMs = this.#streams.get(stream) ?? Infinity;
    if (run.timeMs < fromMs) {
      this.#rows.cut(run.timeMs - half, Math.min(fromMs, newerMs) - half);
      this.#set(stream, run.timeMs);
    }
    this.#rows.insert(rows < run.min.length ? part(run, 0, rows) : run);
    return step;
  }

  /** News that lie before what is there: what is there, from their beginning on, gives way. */
  #observe(run: RowRun, seq: number): 'stepped' | undefined {
    const { newestMs = -Infinity } = this.#rows;
    const rowMs = Math.max(run.rowMs, this.#rowMs);
    this.#rowMs = run.rowMs;
    if (run.timeMs >= newestMs - STEP_ROWS * rowMs) return undefined;
    this.#stepped++;
    this.#steps = [...this.#steps, { seq, timeMs: run.timeMs }].slice(-STEP_LIMIT);
    this.#droppedToMs = Math.max(this.#droppedToMs, newestMs);
    this.#rows.cut(run.timeMs - run.rowMs / 2, Infinity);
    return 'stepped';
  }

  /** Where the time axis is held by what came after a step back, for windows of before. */
  #steppedAfter(seq: number): number {
    return this.#steps.reduce((fromMs, step) => (step.seq > seq ? Math.min(fromMs, step.timeMs) : fromMs), Infinity);
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
