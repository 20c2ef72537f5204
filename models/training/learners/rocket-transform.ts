import { AppError } from '../../../server/base/errors.ts';
import type { Random } from '../../../server/ingest/simulator/random.ts';
import type { Runs } from './learner.ts';
import { Convolver } from './rocket-convolver.ts';
import { countOf, KERNEL_TAPS, type KernelBank, layOutKernels } from './rocket-kernels.ts';

/**
 * Bound of the whole numbers that a run is made into. A kernel weighs 12 in
 * all, over three rows at most: an output and a threshold, each below 36 × 2^17,
 * differ by less than 2^24, up to which f32 holds every whole number.
 */
export const QUANTUM_LIMIT = 2 ** 17;
const MOST_ROWS = 3;
// Runs may be this much larger than any in training before they are clamped.
const HEADROOM = 2;
// Adding and taking it away rounds an f32 below 2^22 to the even neighbour, as a graph's Round does.
const ROUNDER = 1.5 * 2 ** 23;
const GOLDEN_RATIO = (Math.sqrt(5) + 1) / 2;

/** How MiniRocket counts features of runs: in how many points a kernel's output is above a threshold. */
export interface RocketTransform {
  readonly rows: number;
  readonly length: number;
  /** How many quanta are 1: f32. */
  readonly factor: number;
  readonly banks: readonly KernelBank[];
  /** Bank by bank, kernel by kernel, in quanta. */
  readonly thresholds: Int32Array;
}

/**
 * Chooses quanta and thresholds by what is in `runs`: a threshold is a quantile of a kernel's output on one run drawn for
 * that kernel, the quantiles evenly spread by the golden ratio. Runs have 9 points or more, and 3 rows or fewer.
 */
export function fitTransform(runs: Runs, features: number, random: Random): RocketTransform {
  const { rows, length } = runs;
  if (length < KERNEL_TAPS) {
    throw new AppError('FILE_INVALID', `runs of ${length} points, expected ${KERNEL_TAPS} or more for MiniRocket`);
  }
  if (rows > MOST_ROWS) throw new AppError('FILE_INVALID', `runs of ${rows} rows, expected ${MOST_ROWS} or fewer`);
  const factor = Math.fround(QUANTUM_LIMIT / HEADROOM / (largest(runs.values) || 1));
  const banks = layOutKernels({ features, length, rows }, random);
  const transform = { rows, length, factor, banks, thresholds: new Int32Array(countOf(banks)) };
  drawThresholds(transform, runs, random);
  return transform;
}

/** Counts the features of every run: runs × `thresholds.length` whole numbers. */
export function countFeatures(transform: RocketTransform, runs: Runs): Float32Array {
  const { rows, length, factor, banks, thresholds } = transform;
  const counts = new Float32Array(runs.runs * thresholds.length);
  const convolver = new Convolver(rows, length);
  const output = new Int32Array(length);
  for (let run = 0; run < runs.runs; run++) {
    quantise(factor, runs, run, convolver.run);
    let at = 0;
    for (const bank of banks) {
      const margin = bank.isPadded ? 0 : ((KERNEL_TAPS - 1) / 2) * bank.dilation;
      const inside = output.subarray(margin, length - margin);
      convolver.dilate(bank.dilation);
      for (const [i, kernel] of bank.kernels.entries()) {
        convolver.convolve(kernel, bank.rowMasks[i], output);
        const to = at + bank.thresholdsPerKernel;
        countAbove(inside, thresholds.subarray(at, to), counts.subarray(run * thresholds.length + at));
        at = to;
      }
    }
  }
  return counts;
}

// A threshold that falls between two whole numbers divides them as its floor does.
function drawThresholds({ rows, length, factor, banks, thresholds }: RocketTransform, runs: Runs, random: Random) {
  const convolver = new Convolver(rows, length);
  const output = new Int32Array(length);
  let at = 0;
  for (const { dilation, kernels, rowMasks, thresholdsPerKernel } of banks) {
    for (const [i, kernel] of kernels.entries()) {
      quantise(factor, runs, random.whole(0, runs.runs - 1), convolver.run);
      convolver.dilate(dilation);
      convolver.convolve(kernel, rowMasks[i], output);
      output.sort();
      for (let t = 0; t < thresholdsPerKernel; t++, at++) {
        thresholds[at] = Math.floor(quantile(output, ((at + 1) * GOLDEN_RATIO) % 1));
      }
    }
  }
}

/** In f32, step by step as a graph does. */
function quantise(factor: number, { values }: Runs, run: number, dst: Int32Array): void {
  const from = run * dst.length;
  for (let i = 0; i < dst.length; i++) {
    const scaled = Math.fround(values[from + i] * factor);
    const clamped = Math.max(-QUANTUM_LIMIT, Math.min(QUANTUM_LIMIT, scaled));
    dst[i] = Math.fround(clamped + ROUNDER) - ROUNDER;
  }
}

// Four thresholds at a time, since reading a number costs as much as comparing it.
function countAbove(numbers: Int32Array, thresholds: Int32Array, dst: Float32Array): void {
  const { length } = thresholds;
  for (let t = 0; t < length; t += 4) {
    const [ta, tb, tc, td] = [0, 1, 2, 3].map((i) => thresholds[Math.min(t + i, length - 1)]);
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < numbers.length; i++) {
      // -1 where the number is above, as neither is beyond 30 bits.
      const x = numbers[i];
      a -= (ta - x) >> 31;
      b -= (tb - x) >> 31;
      c -= (tc - x) >> 31;
      d -= (td - x) >> 31;
    }
    [a, b, c, d].slice(0, length - t).forEach((count, i) => {
      dst[t + i] = count;
    });
  }
}

function quantile(ascending: Int32Array, part: number): number {
  const place = part * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below];
  const high = ascending[Math.min(below + 1, ascending.length - 1)];
  return low + (place - below) * (high - low);
}

function largest(values: Float32Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
