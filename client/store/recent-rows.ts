import type { TrendBlock } from '../../server/wire/trend-frame.ts';
import { SummaryFold } from './summary-fold.ts';

// A second of windows at the highest rate there is; older rows are overwritten.
const ROWS = 1024;

/** What the newest samples of a channel came to, in the channel's unit. */
export interface Reading {
  /** Undefined, as `min`, `max` and `spread`, where there were only NaN and infinities. */
  readonly mean: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Standard deviation of the samples. */
  readonly spread: number | undefined;
  /** Finite samples the figures are made of. */
  readonly count: number;
  readonly clipped: number;
  readonly nonfinite: number;
  /** Bits of `WindowFlag`, of all rows together. */
  readonly flags: number;
  /** Sample clock at the end of the newest row, ms since 1970 UTC. */
  readonly timeMs: number;
}

/** The newest rows of one channel, whole, to merge what a tile shows. Bounded: a ring of 1,024 rows. */
export class RecentRows {
  readonly #endMs = new Float64Array(ROWS);
  readonly #min = new Float64Array(ROWS);
  readonly #max = new Float64Array(ROWS);
  readonly #mean = new Float64Array(ROWS);
  readonly #m2 = new Float64Array(ROWS);
  readonly #count = new Uint32Array(ROWS);
  readonly #clipped = new Uint32Array(ROWS);
  readonly #nonfinite = new Uint32Array(ROWS);
  readonly #flags = new Uint32Array(ROWS);
  #next = 0;
  #length = 0;

  /** Forgets everything, as when another stream begins. */
  clear(): void {
    this.#length = 0;
  }

  /** Copies the rows of a block that end after the newest held. */
  append(block: TrendBlock, timeMs: number): void {
    const rowMs = block.rowNs / 1e6;
    const rows = block.min.length;
    const heldMs = this.#length === 0 ? -Infinity : this.#endMs[(this.#next + ROWS - 1) % ROWS];
    for (let i = Math.max(0, rows - ROWS); i < rows; i++) {
      if (timeMs + (i + 0.5) * rowMs < heldMs) continue; // a refill that overlaps
      const at = this.#next;
      this.#endMs[at] = timeMs + (i + 1) * rowMs;
      this.#min[at] = block.min[i];
      this.#max[at] = block.max[i];
      this.#mean[at] = block.mean[i];
      this.#m2[at] = block.m2[i];
      this.#count[at] = block.count[i];
      this.#clipped[at] = block.clipped[i];
      this.#nonfinite[at] = block.nonfinite[i];
      this.#flags[at] = block.flags[i];
      this.#next = (at + 1) % ROWS;
      this.#length = Math.min(ROWS, this.#length + 1);
    }
  }

  /** Merges the rows that end in the newest `spanMs`; always the newest one. Undefined when there is none. */
  reading(spanMs: number): Reading | undefined {
    if (this.#length === 0) return undefined;
    const newest = (this.#next + ROWS - 1) % ROWS;
    const timeMs = this.#endMs[newest];

    const fold = new SummaryFold();
    let clipped = 0;
    let nonfinite = 0;
    let flags = 0;
    for (let i = 0; i < this.#length; i++) {
      const at = (newest + ROWS - i) % ROWS;
      if (i > 0 && timeMs - this.#endMs[at] >= spanMs) break;
      clipped += this.#clipped[at];
      nonfinite += this.#nonfinite[at];
      flags |= this.#flags[at];
      fold.add({
        min: this.#min[at],
        max: this.#max[at],
        mean: this.#mean[at],
        m2: this.#m2[at],
        count: this.#count[at],
      });
    }
    const { count, mean, min, max } = fold;
    const counts = { count, clipped, nonfinite, flags, timeMs };
    if (count === 0) return { mean: undefined, min: undefined, max: undefined, spread: undefined, ...counts };
    return { mean, min, max, spread: fold.deviation, ...counts };
  }
}
