import type { WaveColumns } from './wave-source.ts';

/** The pixel columns of one view, used again for the next one of the same width. */
export class ColumnRoom implements WaveColumns {
  readonly kind = 'columns';
  readonly length: number;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly count: Float64Array;
  readonly broken: Uint8Array;

  constructor(length: number) {
    this.length = length;
    this.min = new Float64Array(length);
    this.max = new Float64Array(length);
    this.count = new Float64Array(length);
    this.broken = new Uint8Array(length);
  }

  clear(): void {
    this.min.fill(NaN);
    this.max.fill(NaN);
    this.count.fill(0);
    this.broken.fill(0);
  }

  set(column: number, figures: { readonly min: number; readonly max: number; readonly count: number }): void {
    this.min[column] = figures.min;
    this.max[column] = figures.max;
    this.count[column] = figures.count;
  }

  /** Turns raw counts into the channel's unit, in which the larger may be the smaller. */
  toValues({ scale, offset }: { readonly scale: number; readonly offset: number }): void {
    const { min, max } = this;
    for (let c = 0; c < this.length; c++) {
      const [a, b] = [min[c] * scale + offset, max[c] * scale + offset];
      min[c] = Math.min(a, b);
      max[c] = Math.max(a, b);
    }
  }
}
