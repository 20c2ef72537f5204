import { KERNEL_TAPS, KERNEL_TRIPLES, type KernelBank, marginOf } from './rocket-kernels.ts';

/**
 * Bound of the whole numbers that a run is made into. A kernel weighs 12 in
 * all, over three rows at most: an output and a threshold, each below 36 × 2^17,
 * differ by less than 2^24, up to which f32 holds every whole number.
 */
export const QUANTUM_LIMIT = 2 ** 17;
// Adding and taking it away rounds an f32 below 2^22 to the even neighbour, as a graph's Round does.
const ROUNDER = 1.5 * 2 ** 23;

/** Some rows of a run, added up. */
interface Added {
  /** With a margin of zeros on both sides. */
  readonly points: Int32Array;
  /** Of every nine taps. */
  readonly sums: Int32Array;
  /** The dilation of `sums` and the margin; 0 where they are of another run. */
  dilation: number;
}

/**
 * Convolves one run after the other with kernel after kernel, in whole numbers
 * of 32 bits: exact, whatever the order of a sum.
 *
 * All weights are -1 but three, so that a kernel is three times the sum of
 * three points less the sum of all nine, which every kernel shares (section 3.2 of the paper).
 */
export class Convolver {
  readonly #rows: number;
  readonly #length: number;
  readonly #factor: number;
  readonly #run: Int32Array;
  /** Of each choice of rows; made when first asked for. */
  readonly #added: Added[];

  /** For runs of rows × length points; `factor` quanta are 1. */
  constructor({ rows, length, factor }: { rows: number; length: number; factor: number }) {
    this.#rows = rows;
    this.#length = length;
    this.#factor = factor;
    this.#run = new Int32Array(rows * length);
    // The longest dilation spreads nine taps over a whole run.
    this.#added = Array.from({ length: 2 ** rows }, () => ({
      points: new Int32Array(2 * length),
      sums: new Int32Array(length),
      dilation: 0,
    }));
  }

  /** Goes on with the run at `index` of `values`: turns it into quanta, in f32, step by step as a graph does. */
  load(values: Float32Array, index: number): void {
    const run = this.#run;
    const from = index * run.length;
    for (let i = 0; i < run.length; i++) {
      const scaled = Math.fround(values[from + i] * this.#factor);
      const clamped = Math.max(-QUANTUM_LIMIT, Math.min(QUANTUM_LIMIT, scaled));
      run[i] = Math.fround(clamped + ROUNDER) - ROUNDER;
    }
    for (const added of this.#added) added.dilation = 0;
  }

  /** Writes a kernel's output, one number for each point of the run, to `dst`. */
  convolve(kernel: number, rowMask: number, dilation: number, dst: Int32Array): void {
    const { points, sums } = this.#addUp(rowMask, dilation);
    const [a, b, c] = tapsOf(kernel, dilation);
    for (let i = 0; i < dst.length; i++) dst[i] = 3 * (points[i + a] + points[i + b] + points[i + c]) - sums[i];
  }

  /**
   * Writes the features of a bank: for each threshold, in how many points its kernel's output is above, then, of a bank with
   * maxima, the largest output of each kernel.
   */
  pool(bank: KernelBank, thresholds: Int32Array, features: Float32Array): void {
    const { kernels, rowMasks, dilation, thresholdsPerKernel, hasMaxima } = bank;
    const from = bank.isPadded ? 0 : marginOf(bank);
    const to = this.#length - from;
    let at = 0;
    for (let k = 0; k < kernels.length; k++) {
      const { points, sums } = this.#addUp(rowMasks[k], dilation);
      const [a, b, c] = tapsOf(kernels[k], dilation);
      const end = at + thresholdsPerKernel;
      let most = -(2 ** 31);
      // Two at a time, since an output costs as much as two comparisons.
      for (; at < end; at += 2) {
        const low = thresholds[at];
        const high = thresholds[Math.min(at + 1, end - 1)];
        let aboveLow = 0;
        let aboveHigh = 0;
        for (let i = from; i < to; i++) {
          const three = (points[i + a] + points[i + b] + points[i + c]) | 0;
          const output = (three + (three << 1) - sums[i]) | 0;
          if (output > most) most = output;
          // The sign of a difference of less than 31 bits: -1 where the output is above.
          aboveLow = (aboveLow - ((low - output) >> 31)) | 0;
          aboveHigh = (aboveHigh - ((high - output) >> 31)) | 0;
        }
        features[at] = aboveLow;
        if (at + 1 < end) features[at + 1] = aboveHigh;
      }
      at = end;
      if (hasMaxima) features[thresholds.length + k] = most;
    }
  }

  #addUp(rowMask: number, dilation: number): Added {
    const added = this.#added[rowMask];
    if (added.dilation === dilation) return added;
    added.dilation = dilation;
    const { points, sums } = added;
    const length = this.#length;
    const margin = marginOf({ dilation });
    points.fill(0);
    sums.fill(0);
    for (let row = 0; row < this.#rows; row++) {
      if (((rowMask >> row) & 1) === 0) continue;
      const from = row * length;
      for (let i = 0; i < length; i++) points[margin + i] += this.#run[from + i];
    }
    for (let tap = 0; tap < KERNEL_TAPS; tap++) {
      const from = tap * dilation;
      for (let i = 0; i < length; i++) sums[i] += points[from + i];
    }
    return added;
  }
}

/** How far after the first of its nine points a kernel's heavy ones are. */
function tapsOf(kernel: number, dilation: number): [number, number, number] {
  const [a, b, c] = KERNEL_TRIPLES[kernel];
  return [a * dilation, b * dilation, c * dilation];
}
