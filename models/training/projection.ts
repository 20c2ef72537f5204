import type { Random } from '../../server/ingest/simulator/random.ts';
import type { LinearScores } from './learners/linear.ts';
import { principalAxes } from './principal-axes.ts';
import { shuffled } from './splits.ts';

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

/** Finds the leading principal components of standardised runs, from some of them; no more components than those. */
export function fitProjection(
  table: Table,
  { means, deviations }: Moments,
  most: number,
  random: Random,
): LinearScores {
  const { width } = table;
  const values = standardise(drawRuns(table, MOST_RUNS, random), { means, deviations });
  const { axes } = principalAxes({ values, width }, Math.min(most, width, values.length / width), random);
  const weights = Float32Array.from(axes, (part, at) => part / deviations[at % width]);
  return { weights, intercepts: interceptsOf(weights, means) };
}

/** What brings the image of `means` to 0. */
export function interceptsOf(weights: Float32Array, means: Float64Array): Float32Array {
  const sums = new Float64Array(weights.length / means.length);
  for (let i = 0; i < weights.length; i++) sums[Math.floor(i / means.length)] -= weights[i] * means[i % means.length];
  return Float32Array.from(sums);
}

/** Some of the runs by chance, or all where they are no more. */
export function drawRuns({ values, width }: Table, most: number, random: Random): Float32Array {
  const runs = shuffled(
    Array.from({ length: values.length / width }, (_, run) => run),
    random,
  ).slice(0, most);
  const drawn = new Float32Array(runs.length * width);
  runs.forEach((run, to) => {
    drawn.set(values.subarray(run * width, (run + 1) * width), to * width);
  });
  return drawn;
}

function standardise(values: Float32Array, { means, deviations }: Moments): Float32Array {
  const width = means.length;
  return values.map((value, at) => (value - means[at % width]) / deviations[at % width]);
}
