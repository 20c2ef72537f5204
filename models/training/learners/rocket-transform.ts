import { AppError } from '../../../server/base/errors.ts';
import type { Random } from '../../../server/ingest/simulator/random.ts';
import type { Runs } from './learner.ts';
import { Convolver, QUANTUM_LIMIT } from './rocket-convolver.ts';
import {
  featuresOf,
  KERNEL_TAPS,
  type KernelBank,
  layOutKernels,
  type RocketPooling,
  thresholdsOf,
} from './rocket-kernels.ts';

const MOST_ROWS = 3;
// Runs may be this much larger than any in training before they are clamped.
const HEADROOM = 2;
const GOLDEN_RATIO = (Math.sqrt(5) + 1) / 2;

/** How MiniRocket makes features of runs: in how many points a kernel's output is above a threshold, and its maximum. */
export interface RocketTransform {
  readonly rows: number;
  readonly length: number;
  /** How many quanta are 1: f32. */
  readonly factor: number;
  readonly banks: readonly KernelBank[];
  /** Bank by bank, kernel by kernel, in quanta. */
  readonly thresholds: Int32Array;
  /** Features of a run. */
  readonly width: number;
}

/**
 * Chooses quanta and thresholds by what is in `runs`: a threshold is a quantile of a kernel's output on one run drawn for
 * that kernel, the quantiles evenly spread by the golden ratio. Runs have 9 points or more, and 3 rows or fewer.
 */
export function fitTransform(
  runs: Runs,
  { features, pooling }: { readonly features: number; readonly pooling: RocketPooling },
  random: Random,
): RocketTransform {
  const { rows, length } = runs;
  if (length < KERNEL_TAPS) {
    throw new AppError('FILE_INVALID', `runs of ${length} points, expected ${KERNEL_TAPS} or more for MiniRocket`);
  }
  if (rows > MOST_ROWS) throw new AppError('FILE_INVALID', `runs of ${rows} rows, expected ${MOST_ROWS} or fewer`);
  const factor = Math.fround(QUANTUM_LIMIT / HEADROOM / (largest(runs.values) || 1));
  const banks = layOutKernels({ features, pooling, length, rows }, random);
  const thresholds = new Int32Array(thresholdsOf(banks));
  const transform = { rows, length, factor, banks, thresholds, width: featuresOf(banks) };
  drawThresholds(transform, runs, random);
  return transform;
}

/** The features of every run: runs × `width` whole numbers. */
export function makeFeatures(transform: RocketTransform, { values, runs }: Runs): Float32Array {
  const { banks, thresholds, width } = transform;
  const features = new Float32Array(runs * width);
  const convolver = new Convolver(transform);
  let to = 0;
  for (let run = 0; run < runs; run++) {
    convolver.load(values, run);
    let at = 0;
    for (const bank of banks) {
      const [ownThresholds, ownFeatures] = [thresholdsOf([bank]), featuresOf([bank])];
      convolver.pool(bank, thresholds.subarray(at, at + ownThresholds), features.subarray(to, to + ownFeatures));
      at += ownThresholds;
      to += ownFeatures;
    }
  }
  return features;
}

// A threshold that falls between two whole numbers divides them as its floor does.
function drawThresholds({ banks, thresholds, ...shape }: RocketTransform, runs: Runs, random: Random): void {
  const convolver = new Convolver(shape);
  const output = new Int32Array(shape.length);
  let at = 0;
  for (const { dilation, kernels, rowMasks, thresholdsPerKernel } of banks) {
    for (const [i, kernel] of kernels.entries()) {
      convolver.load(runs.values, random.whole(0, runs.runs - 1));
      convolver.convolve(kernel, rowMasks[i], dilation, output);
      output.sort();
      for (let t = 0; t < thresholdsPerKernel; t++, at++) {
        thresholds[at] = Math.floor(quantile(output, ((at + 1) * GOLDEN_RATIO) % 1));
      }
    }
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
