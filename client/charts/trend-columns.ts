import type { SourceColumns } from './trend-source.ts';
import type { ValueRange } from './value-range.ts';

/** The pixel columns a chart shows, and where they lie on the time axis. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly columnMs: number;
  readonly columns: number;
}

/**
 * Lays `columns` pixel columns over `windowMs` up to `edgeMs`.
 *
 * Columns lie on multiples of their width counted from 1970, not from the
 * edge: while time goes on, a column keeps its rows and moves as a whole, so
 * the picture scrolls instead of shimmering.
 */
export function timeSpan(edgeMs: number, windowMs: number, columns: number): TimeSpan {
  const columnMs = windowMs / columns;
  const last = Math.ceil(edgeMs / columnMs);
  return { fromMs: (last - columns) * columnMs, toMs: last * columnMs, columnMs, columns };
}

/** A chart's own copy of its pixel columns: another chart of the same channel may decimate before this one is painted. */
export class TrendColumns {
  #length = 0;
  #min = new Float64Array(0);
  #max = new Float64Array(0);
  #mean = new Float64Array(0);
  #count = new Float64Array(0);
  #broken = new Uint8Array(0);

  get length(): number {
    return this.#length;
  }

  get min(): Float64Array {
    return this.#min;
  }

  get max(): Float64Array {
    return this.#max;
  }

  get mean(): Float64Array {
    return this.#mean;
  }

  get count(): Float64Array {
    return this.#count;
  }

  get broken(): Uint8Array {
    return this.#broken;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Copies `source`. New arrays only when the width changes. */
  copy(source: SourceColumns): void {
    if (this.#min.length !== source.length) {
      this.#min = new Float64Array(source.length);
      this.#max = new Float64Array(source.length);
      this.#mean = new Float64Array(source.length);
      this.#count = new Float64Array(source.length);
      this.#broken = new Uint8Array(source.length);
    }
    this.#length = source.length;
    this.#min.set(source.min);
    this.#max.set(source.max);
    this.#mean.set(source.mean);
    this.#count.set(source.count);
    this.#broken.set(source.broken);
  }

  /** Lowest minimum and highest maximum; undefined where there is no data. */
  extent(): ValueRange | undefined {
    let low = Infinity;
    let high = -Infinity;
    for (let c = 0; c < this.#length; c++) {
      if (this.#count[c] === 0) continue;
      if (this.#min[c] < low) low = this.#min[c];
      if (this.#max[c] > high) high = this.#max[c];
    }
    return low <= high ? { low, high } : undefined;
  }

  /**
   * Runs of at least `least` columns without data: those that hold a gap mark,
   * and what is empty before the first and after the last data. Empty columns
   * between rows that are simply wider than a column are no gap.
   */
  gaps(least: number): { readonly from: number; readonly to: number }[] {
    const found: { from: number; to: number }[] = [];
    let from = 0;
    let isBroken = true;
    const close = (to: number) => {
      if (isBroken && to - from >= least) found.push({ from, to });
    };
    for (let c = 0; c < this.#length; c++) {
      if (this.#count[c] === 0) {
        if (this.#broken[c] !== 0) isBroken = true;
        continue;
      }
      close(c);
      from = c + 1;
      isBroken = this.#broken[c] !== 0;
    }
    isBroken = true;
    close(this.#length);
    return found;
  }
}
