import type { Random } from '../../server/ingest/simulator/random.ts';
import type { LinearScores } from './learners/linear.ts';

/** Numbers of many runs, `width` of each. */
export interface Table {
  readonly values: Float32Array;
  readonly width: number;
}

/** Mean of each column, and its standard deviation, or 1 where the column is constant. */
export interface Moments {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

// Directions are as good from this many runs as from all.
const MOST_RUNS = 500;
const ITERATIONS = 6;

// A column whose deviation is no more than the step of an f32 at its mean is constant.
const CONSTANT_RELATIVE = 2 ** -23;

/** The moments of a table of one run or more. */
export function momentsOf({ values, width }: Table): Moments {
  const runs = values.length / width;
  const sums = new Float64Array(width);
  for (let i = 0; i < values.length; i++) sums[i % width] += values[i];
  const means = sums.map((sum) => sum / runs);
  const squares = new Float64Array(width);
  for (let i = 0; i < values.length; i++) squares[i % width] += (values[i] - means[i % width]) ** 2;
  const deviations = squares.map((square, i) => {
    const deviation = Math.sqrt(square / runs);
    return deviation > Math.abs(means[i]) * CONSTANT_RELATIVE ? deviation : 1;
  });
  return { means, deviations };
}

/**
 * Finds the leading principal components of standardised runs: where two runs differ much, they differ there.
 * By orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2.4). No more components than runs.
 */
export function fitProjection(
  table: Table,
  { means, deviations }: Moments,
  most: number,
  random: Random,
): LinearScores {
  const { width } = table;
  const z = standardise(drawRuns(table, random), width, { means, deviations });
  const count = Math.min(most, width, z.length);
  let basis: Float64Array[] = Array.from({ length: count }, () =>
    Float64Array.from({ length: width }, () => random.normal()),
  );
  for (let i = 0; i < ITERATIONS; i++) {
    orthonormalise(basis);
    basis = basis.map((direction) => spread(z, direction));
  }
  orthonormalise(basis);

  const weights = new Float32Array(count * width);
  basis.forEach((direction, c) => {
    weights.set(
      direction.map((d, i) => d / deviations[i]),
      c * width,
    );
  });
  return { weights, intercepts: interceptsOf(weights, means) };
}

/** What brings the image of `means` to 0. */
export function interceptsOf(weights: Float32Array, means: Float64Array): Float32Array {
  const sums = new Float64Array(weights.length / means.length);
  for (let i = 0; i < weights.length; i++) sums[Math.floor(i / means.length)] -= weights[i] * means[i % means.length];
  return Float32Array.from(sums);
}

function drawRuns({ values, width }: Table, random: Random): Float32Array[] {
  const runs = Array.from({ length: values.length / width }, (_, run) =>
    values.subarray(run * width, (run + 1) * width),
  );
  for (let i = 0; i < Math.min(MOST_RUNS, runs.length); i++) {
    const j = random.whole(i, runs.length - 1);
    [runs[i], runs[j]] = [runs[j], runs[i]];
  }
  return runs.slice(0, MOST_RUNS);
}

function standardise(runs: readonly Float32Array[], width: number, { means, deviations }: Moments): Float64Array[] {
  return runs.map((run) => Float64Array.from({ length: width }, (_, i) => (run[i] - means[i]) / deviations[i]));
}

// Z' Z v
function spread(z: readonly Float64Array[], v: Float64Array): Float64Array {
  const sum = new Float64Array(v.length);
  for (const run of z) addScaled(sum, run, dot(run, v));
  return sum;
}

// Gram and Schmidt, twice, after which what is left of rounding is rounding. A direction that depends on others becomes 0.
function orthonormalise(directions: readonly Float64Array[]): void {
  for (const [i, direction] of directions.entries()) {
    const before = Math.sqrt(dot(direction, direction));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of directions.slice(0, i)) addScaled(direction, other, -dot(direction, other));
    }
    const norm = Math.sqrt(dot(direction, direction));
    direction.forEach((d, j) => {
      direction[j] = norm > 1e-10 * before ? d / norm : 0;
    });
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(to: Float64Array, from: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * from[i];
}
