import type { PixelColumns } from '../../server/kernels/decimate-kernel.ts';

/** Pixel columns that are put together from several sources, each of which knows some rows. */
export class PixelMerge implements PixelColumns {
  length = 0;
  min = new Float64Array(0);
  max = new Float64Array(0);
  mean = new Float64Array(0);
  count = new Float64Array(0);
  broken = new Uint8Array(0);

  /** Begins anew with `length` empty columns. New arrays only when the width changes. */
  clear(length: number): void {
    if (this.length !== length) {
      this.length = length;
      this.min = new Float64Array(length);
      this.max = new Float64Array(length);
      this.mean = new Float64Array(length);
      this.count = new Float64Array(length);
      this.broken = new Uint8Array(length);
    }
    this.min.fill(NaN);
    this.max.fill(NaN);
    this.mean.fill(NaN);
    this.count.fill(0);
    this.broken.fill(0);
  }

  /** Nothing is known between a column and what comes after it; one that is not there is passed over. */
  breakAfter(column: number): void {
    if (column >= 0 && column < this.length) this.broken[column] = 1;
  }

  /** Adds columns of other rows: a column of both holds the samples of both. */
  add({ length, min, max, mean, count, broken }: PixelColumns): void {
    for (let c = 0; c < length; c++) {
      if (broken[c] !== 0) this.broken[c] = 1;
      const added = count[c];
      if (added === 0) continue;
      const held = this.count[c];
      this.min[c] = held === 0 ? min[c] : Math.min(this.min[c], min[c]);
      this.max[c] = held === 0 ? max[c] : Math.max(this.max[c], max[c]);
      this.mean[c] = held === 0 ? mean[c] : (this.mean[c] * held) / (held + added) + (mean[c] * added) / (held + added);
      this.count[c] = held + added;
    }
  }
}
