import type { Runs } from './learners/learner.ts';
import type { GraphBuilder } from './onnx/graph.ts';

export const SCALINGS = ['none', 'standardised', 'max'] as const;
/** What is done to a run before a learner sees it. */
export type ScalingKind = (typeof SCALINGS)[number];

/** A scaling as training fitted it. */
export type Scaling =
  | { readonly kind: 'none' }
  | {
      /** Each point less its column's mean, in units of its column's standard deviation, both of the training runs. */
      readonly kind: 'standardised';
      /** rows × length, as `deviations`. */
      readonly means: Float32Array;
      readonly deviations: Float32Array;
      readonly rows: number;
      readonly length: number;
    }
  /** Each run divided by the largest magnitude of its points, over all rows. */
  | { readonly kind: 'max' };

// A column whose deviation is no more than the step of an f32 at its mean is constant.
const CONSTANT_RELATIVE = 2 ** -23;

/** Fits a scaling to training runs. A constant column, whose deviation tells nothing, is only shifted. */
export function fitScaling(kind: ScalingKind, runs: Runs): Scaling {
  return kind === 'standardised' ? fitStandardised(runs) : { kind };
}

/** Scales runs, into new memory unless there is nothing to do; in f32, as the graph does. */
export function applyScaling<R extends Runs>(scaling: Scaling, runs: R): R {
  switch (scaling.kind) {
    case 'none':
      return runs;
    case 'standardised':
      return { ...runs, values: standardise(scaling, runs.values) };
    case 'max':
      return { ...runs, values: divideByMax(runs) };
  }
}

/** Adds a scaling of `input`, f32 [batch, rows, length], to a graph; returns the name of what has the same shape. */
export function addScaling(graph: GraphBuilder, scaling: Scaling, input: string): string {
  switch (scaling.kind) {
    case 'none':
      return input;
    case 'standardised': {
      const shape = [1, scaling.rows, scaling.length];
      const shifted = graph.add('Sub', [input, graph.constant(scaling.means, shape)]);
      return graph.add('Div', [shifted, graph.constant(scaling.deviations, shape)]);
    }
    case 'max': {
      const magnitudes = graph.add('Abs', [input]);
      const largest = graph.add('ReduceMax', [magnitudes], { attributes: { axes: [1n, 2n], keepdims: 1n } });
      const isZero = graph.add('Equal', [largest, graph.scalar(0)]);
      return graph.add('Div', [input, graph.add('Where', [isZero, graph.scalar(1), largest])]);
    }
  }
}

function fitStandardised({ values, runs, rows, length }: Runs): Scaling {
  const width = rows * length;
  const sums = new Float64Array(width);
  for (let run = 0, at = 0; run < runs; run++) {
    for (let column = 0; column < width; column++) sums[column] += values[at++];
  }
  const means = sums.map((sum) => sum / runs);
  const squares = new Float64Array(width);
  for (let run = 0, at = 0; run < runs; run++) {
    for (let column = 0; column < width; column++) {
      const deviation = values[at++] - means[column];
      squares[column] += deviation * deviation;
    }
  }
  const deviations = Float32Array.from(squares, (square, column) => {
    const deviation = Math.fround(Math.sqrt(square / runs));
    return deviation > Math.abs(means[column]) * CONSTANT_RELATIVE ? deviation : 1;
  });
  return { kind: 'standardised', means: Float32Array.from(means), deviations, rows, length };
}

function standardise(
  { means, deviations }: { readonly means: Float32Array; readonly deviations: Float32Array },
  values: Float32Array,
): Float32Array {
  const width = means.length;
  const scaled = new Float32Array(values.length);
  for (let at = 0; at < values.length; ) {
    for (let column = 0; column < width; column++, at++) {
      scaled[at] = Math.fround(values[at] - means[column]) / deviations[column];
    }
  }
  return scaled;
}

function divideByMax({ values, runs, rows, length }: Runs): Float32Array {
  const width = rows * length;
  const scaled = new Float32Array(values.length);
  for (let run = 0; run < runs; run++) {
    const end = (run + 1) * width;
    let largest = 0;
    for (let at = run * width; at < end; at++) largest = Math.max(largest, Math.abs(values[at]));
    const divisor = largest === 0 ? 1 : largest;
    for (let at = run * width; at < end; at++) scaled[at] = values[at] / divisor;
  }
  return scaled;
}
