import { KERNEL_TAPS, KERNEL_TRIPLES } from './rocket-kernels.ts';

const MARGIN_TAPS = (KERNEL_TAPS - 1) / 2;

/** Some rows of a run, added up. */
interface Added {
  /** With a margin of zeros on both sides. */
  readonly points: Int32Array;
  /** Of every nine taps. */
  readonly sums: Int32Array;
  isReady: boolean;
}

/**
 * Convolves one run of whole numbers with kernel after kernel. Works in whole
 * numbers of 32 bits: exact, whatever the order of a sum.
 *
 * All weights are -1 but three, so that a kernel is three times the sum of
 * three points less the sum of all nine, which every kernel shares (section 3.2 of the paper).
 */
export class Convolver {
  /** rows × length; written by the owner before `dilate`. */
  readonly run: Int32Array;
  readonly #length: number;
  readonly #rows: number;
  /** Of each choice of rows; made when first asked for at a dilation. */
  readonly #added: Added[];
  #dilation = 1;

  constructor(rows: number, length: number) {
    this.#rows = rows;
    this.#length = length;
    this.run = new Int32Array(rows * length);
    // The longest dilation spreads nine taps over a whole run.
    this.#added = Array.from({ length: 2 ** rows }, () => ({
      points: new Int32Array(2 * length),
      sums: new Int32Array(length),
      isReady: false,
    }));
  }

  /** Goes on with the run that is in `run`, at this many points from tap to tap. */
  dilate(dilation: number): void {
    this.#dilation = dilation;
    for (const added of this.#added) added.isReady = false;
  }

  /** Writes a kernel's output over the rows of `rowMask`, one number for each point of a run, to `dst`. */
  convolve(kernel: number, rowMask: number, dst: Int32Array): void {
    const added = this.#added[rowMask];
    if (!added.isReady) this.#addUp(rowMask, added);
    const { points: x, sums } = added;
    const [a, b, c] = KERNEL_TRIPLES[kernel];
    const atA = a * this.#dilation;
    const atB = b * this.#dilation;
    const atC = c * this.#dilation;
    const length = this.#length;
    for (let i = 0; i < length; i++) dst[i] = 3 * (x[i + atA] + x[i + atB] + x[i + atC]) - sums[i];
  }

  #addUp(rowMask: number, added: Added): void {
    const { points, sums } = added;
    const length = this.#length;
    const margin = MARGIN_TAPS * this.#dilation;
    points.fill(0);
    sums.fill(0);
    for (let row = 0; row < this.#rows; row++) {
      if (((rowMask >> row) & 1) === 0) continue;
      const from = row * length;
      for (let i = 0; i < length; i++) points[margin + i] += this.run[from + i];
    }
    for (let tap = 0; tap < KERNEL_TAPS; tap++) {
      const from = tap * this.#dilation;
      for (let i = 0; i < length; i++) sums[i] += points[from + i];
    }
    added.isReady = true;
  }
}
