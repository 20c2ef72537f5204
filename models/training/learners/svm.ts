import { AppError } from '../../../server/base/errors.ts';
import type { LabelledRuns, Runs, Scored } from './learner.ts';
import { PairSolver } from './libsvm.ts';
import { multiply, squareNorms } from './products.ts';

/** A support vector machine with a Gaussian kernel, exp(-gamma · ‖a - b‖²), for each pair of classes. */
export interface SvmSpec {
  readonly kind: 'svm';
  /** What an error costs. */
  readonly c: number;
}

export interface LearnedSvm {
  readonly kind: 'svm';
  readonly gamma: number;
  readonly classes: number;
  /** Support vectors × width: training runs. */
  readonly vectors: Float32Array;
  /** Support vectors × pairs of classes: (0, 1), (0, 2) … (1, 2) … */
  readonly coefficients: Float64Array;
  /** Of each pair: the first class is found where the weighted sum of kernels is at least this. */
  readonly offsets: Float64Array;
}

/** Two classes of more runs need more memory than libsvm's WebAssembly can have. */
export const MAX_RUNS = 10_000;
const BLOCK_RUNS = 32;
/** At the margin, where a decision value is 1 or -1, a vote is nearly whole. */
export const STEEPNESS = 2;

/**
 * Fits a C-SVC for each pair of classes; always the same for the same runs.
 * Takes 4 bytes for each two runs. Rejects with `REQUEST_INVALID` above
 * `MAX_RUNS`.
 */
export async function fitSvm({ c }: SvmSpec, runs: LabelledRuns): Promise<LearnedSvm> {
  const { values, labels, classes, weights } = runs;
  if (runs.runs > MAX_RUNS) {
    throw new AppError(
      'REQUEST_INVALID',
      `${runs.runs} runs for a support vector machine, expected at most ${MAX_RUNS}`,
    );
  }
  const width = runs.rows * runs.length;
  const gamma = scaleGamma(values, width);
  const solver = await PairSolver.load();
  const kernel = kernelMatrix(values, width, gamma);
  const members = Array.from({ length: classes }, (_, k) =>
    Array.from(labels.keys()).filter((run) => labels[run] === k),
  );
  const pairs = classPairs(classes);
  const coefficients = new Float64Array(runs.runs * pairs.length);
  const offsets = new Float64Array(pairs.length);
  for (const [pair, [first, second]] of pairs.entries()) {
    const own = [...members[first], ...members[second]];
    const solution = solver.solve({
      kernel: own.map((run) => Float32Array.from(own, (other) => kernel[run * runs.runs + other])),
      first: members[first].length,
      costs: [c * weights[first], c * weights[second]],
    });
    for (const [i, place] of solution.places.entries()) {
      coefficients[own[place] * pairs.length + pair] = solution.coefficients[i];
    }
    offsets[pair] = solution.offset;
  }
  return { kind: 'svm', gamma, classes, offsets, ...keepVectors(values, coefficients, pairs.length) };
}

/**
 * Scores are soft votes of the pairs, tanh of twice the decision value: nearly
 * libsvm's count of votes, which changes in steps that no calibration mends.
 * Features are the points, borrowed.
 */
export function scoreSvm(learned: LearnedSvm, { values, runs, rows, length }: Runs): Scored {
  const width = rows * length;
  const { classes } = learned;
  const pairs = classPairs(classes);
  const decisions = decide(learned, values, width);
  const scores = new Float32Array(runs * classes);
  const votes = new Float64Array(classes);
  for (let run = 0; run < runs; run++) {
    votes.fill(0);
    for (let pair = 0; pair < pairs.length; pair++) {
      const vote = Math.tanh(STEEPNESS * decisions[run * pairs.length + pair]);
      votes[pairs[pair][0]] += vote;
      votes[pairs[pair][1]] -= vote;
    }
    scores.set(votes, run * classes);
  }
  return { scores, features: values, featureWidth: width };
}

/** Decision values of the pairs, runs × pairs: at least 0 for the first class. */
export function decide(learned: LearnedSvm, values: Float32Array, width: number): Float64Array {
  const { gamma, vectors, coefficients, offsets } = learned;
  const pairs = offsets.length;
  const norms = squareNorms(vectors, width);
  const decisions = new Float64Array((values.length / width) * pairs);
  const kernels = new Float64Array(BLOCK_RUNS * norms.length);
  for (let from = 0; from < values.length; from += BLOCK_RUNS * width) {
    const block = values.subarray(from, from + BLOCK_RUNS * width);
    const runs = block.length / width;
    addKernels({ vectors, norms, width, gamma, block, kernels });
    for (let run = 0; run < runs; run++) {
      const to = (from / width + run) * pairs;
      for (let pair = 0; pair < pairs; pair++) decisions[to + pair] = -offsets[pair];
      for (let v = 0; v < norms.length; v++) {
        const kernel = kernels[v * runs + run];
        for (let pair = 0; pair < pairs; pair++) decisions[to + pair] += kernel * coefficients[v * pairs + pair];
      }
    }
  }
  return decisions;
}

/** The pairs of classes that are told apart, in the order of a machine's offsets. */
export function classPairs(classes: number): (readonly [first: number, second: number])[] {
  return Array.from({ length: classes }, (_, first) =>
    Array.from({ length: classes - first - 1 }, (_, i) => [first, first + 1 + i] as const),
  ).flat();
}

interface KernelBlock {
  readonly vectors: Float32Array;
  /** Of the vectors. */
  readonly norms: Float64Array;
  readonly width: number;
  readonly gamma: number;
  readonly block: Float32Array;
  readonly kernels: Float64Array;
}

/** Writes the kernels between vectors and a block of runs, vectors × runs. */
function addKernels({ vectors, norms, width, gamma, block, kernels }: KernelBlock): void {
  const runs = block.length / width;
  const own = squareNorms(block, width);
  const products = kernels.subarray(0, norms.length * runs);
  multiply({ features: vectors, width, runs: norms.length, weights: block, outputs: runs, products });
  for (let v = 0, at = 0; v < norms.length; v++) {
    for (let run = 0; run < runs; run++, at++) {
      products[at] = Math.exp(-gamma * Math.max(0, own[run] + norms[v] - 2 * products[at]));
    }
  }
}

// In f32, as libsvm keeps it. The half below the diagonal is the one above.
function kernelMatrix(values: Float32Array, width: number, gamma: number): Float32Array {
  const runs = values.length / width;
  const norms = squareNorms(values, width);
  const matrix = new Float32Array(runs * runs);
  const kernels = new Float64Array(BLOCK_RUNS * runs);
  for (let from = 0; from < runs; from += BLOCK_RUNS) {
    const end = Math.min(runs, from + BLOCK_RUNS);
    const block = values.subarray(from * width, end * width);
    addKernels({ vectors: values, norms: norms.subarray(0, end), width, gamma, block, kernels });
    for (let run = from; run < end; run++) {
      for (let other = 0; other < end; other++) {
        const kernel = kernels[other * (end - from) + run - from];
        matrix[run * runs + other] = kernel;
        matrix[other * runs + run] = kernel;
      }
    }
  }
  return matrix;
}

// 1 / (points of a run · variance of all training points), which scikit-learn calls `scale`.
function scaleGamma(values: Float32Array, width: number): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  let variance = 0;
  for (let i = 0; i < values.length; i++) variance += (values[i] - mean) ** 2 / values.length;
  return variance > 0 ? 1 / (width * variance) : 1;
}

function keepVectors(
  values: Float32Array,
  coefficients: Float64Array,
  pairs: number,
): Pick<LearnedSvm, 'vectors' | 'coefficients'> {
  const runs = coefficients.length / pairs;
  const width = values.length / runs;
  const kept = Array.from({ length: runs }, (_, run) => run).filter((run) =>
    coefficients.subarray(run * pairs, (run + 1) * pairs).some((coefficient) => coefficient !== 0),
  );
  const vectors = new Float32Array(kept.length * width);
  const own = new Float64Array(kept.length * pairs);
  for (const [i, run] of kept.entries()) {
    vectors.set(values.subarray(run * width, (run + 1) * width), i * width);
    own.set(coefficients.subarray(run * pairs, (run + 1) * pairs), i * pairs);
  }
  return { vectors, coefficients: own };
}
