import type { Random } from '../../../server/ingest/simulator/random.ts';
import { multiply } from '../learners/products.ts';
import { type GraphBuilder, TensorType } from '../onnx/graph.ts';
import { principalAxes } from '../principal-axes.ts';
import { shuffled } from '../splits.ts';

/** Where the classes lie among the features, and how far runs of a class lie from its middle. */
export interface Distance {
  /** Of all runs; of each feature. */
  readonly middle: Float32Array;
  /** Of each class less `middle`: classes × width. */
  readonly means: Float32Array;
  /** Orthogonal directions, directions × width, in which runs of a class spread further; the longer the further. */
  readonly directions: Float32Array;
  /** Variance of a feature in every other direction. */
  readonly variance: number;
}

export interface Features {
  /** runs × width. */
  readonly values: Float32Array;
  readonly width: number;
  readonly labels: Int32Array;
  readonly classes: number;
}

/** Directions whose variance is kept. */
const DIRECTIONS = 32;
/** Runs that the spread is taken from; of more, so many by chance. */
const SPREAD_RUNS = 1500;
/** How far the covariance is drawn towards one that is the same in all directions. */
const SHRINKAGE = 0.1;

/**
 * Fits the means of the classes and the covariance that they share: the
 * directions of largest spread about the means, one
 * variance for all others, and both shrunk towards the mean variance. That is
 * the covariance of probabilistic principal components (Tipping and Bishop,
 * 1999), which stays sound with fewer runs than features and small in a graph.
 */
export function fitDistance(features: Features, random: Random): Distance {
  const { width, classes, labels } = features;
  const middle = columnMeans(features.values, width);
  const means = classMeans(features, middle);
  const some = shuffled(Array.from(labels.keys()), random).slice(0, SPREAD_RUNS);
  const residuals = new Float32Array(some.length * width);
  some.forEach((run, row) => {
    const own = labels[run]! * width;
    for (let j = 0; j < width; j++) {
      residuals[row * width + j] = features.values[run * width + j]! - middle[j]! - means[own + j]!;
    }
  });
  const freedom = Math.max(1, some.length - classes);
  const trace = residuals.reduce((sum, x) => sum + x * x, 0) / freedom;
  const { axes, squares } = principalAxes({ values: residuals, width }, Math.min(DIRECTIONS, width - 1), random);
  const variances = squares.map((square) => square / freedom);
  const rest = Math.max(0, trace - variances.reduce((sum, v) => sum + v, 0)) / Math.max(1, width - variances.length);
  const shrunk = (variance: number) => (1 - SHRINKAGE) * variance + (SHRINKAGE * trace) / width;
  const variance = shrunk(rest) || 1;
  const directions = new Float32Array(axes.length);
  for (let at = 0; at < axes.length; at++) {
    directions[at] = axes[at]! * Math.sqrt(Math.max(0, 1 - variance / shrunk(variances[Math.floor(at / width)]!)));
  }
  return { middle, means: Float32Array.from(means), directions, variance };
}

/**
 * The Mahalanobis distance, squared and by feature, of each run, runs × width,
 * from the nearest mean: |x|² less what x has along the directions, over the
 * variance. Sums are in f64 here and in the graph, so that their order does
 * not show.
 */
export function scoreDistance({ middle, means, directions, variance }: Distance, features: Float32Array): Float32Array {
  const width = middle.length;
  const runs = features.length / width;
  const classes = means.length / width;
  const spread = directions.length / width;
  const outputs = spread + classes;
  const centred = features.map((x, at) => x - middle[at % width]!);
  const products = new Float64Array(runs * outputs);
  multiply({ features: centred, width, runs, weights: joined(directions, means), outputs, products });
  const { along, squares } = classConstants({ directions, means, width });
  return Float32Array.from({ length: runs }, (_, run) => {
    let norm = 0;
    for (let j = run * width; j < (run + 1) * width; j++) norm += centred[j]! * centred[j]!;
    let nearest = Infinity;
    for (let one = 0; one < classes; one++) {
      let distance = norm - 2 * products[run * outputs + spread + one]! + squares[one]!;
      for (let d = 0; d < spread; d++) distance -= (products[run * outputs + d]! - along[one * spread + d]!) ** 2;
      nearest = Math.min(nearest, distance);
    }
    return nearest / (variance * width);
  });
}

/** Adds the distance of `features`, f32 [batch, width], to a graph; returns the name of f32 [batch]. */
export function addDistance(graph: GraphBuilder, distance: Distance, features: string): string {
  const { middle, means, directions, variance } = distance;
  const width = middle.length;
  const classes = means.length / width;
  const spread = directions.length / width;
  const { along, squares } = classConstants({ directions, means, width });
  const asDouble = (value: string) => graph.add('Cast', [value], { attributes: { to: BigInt(TensorType.double) } });
  const transposed = (matrix: Float32Array, rows: number) =>
    graph.add('Transpose', [asDouble(graph.constant(matrix, [rows, width]))], { attributes: { perm: [1n, 0n] } });
  const keep = { attributes: { keepdims: 1n } };

  const centred = asDouble(graph.add('Sub', [features, graph.constant(middle, [1, width])]));
  const norm = graph.add('ReduceSum', [graph.add('Mul', [centred, centred]), graph.integers(1)], keep);
  const toMeans = graph.add('MatMul', [centred, transposed(means, classes)]);
  const twice = graph.add('Add', [toMeans, toMeans]);
  const fromMeans = graph.add('Add', [graph.add('Sub', [norm, twice]), graph.constant(squares, [1, classes])]);
  const spreads = graph.add('MatMul', [centred, transposed(directions, spread)]);
  const apart = graph.add('Sub', [
    graph.add('Unsqueeze', [spreads, graph.integers(1)]),
    graph.constant(along, [1, classes, spread]),
  ]);
  const explained = graph.add('ReduceSum', [graph.add('Mul', [apart, apart]), graph.integers(2)], {
    attributes: { keepdims: 0n },
  });
  const all = graph.add('Div', [
    graph.add('Sub', [fromMeans, explained]),
    graph.constant(Float64Array.of(variance * width), []),
  ]);
  const nearest = graph.add('ReduceMin', [all], { attributes: { axes: [1n], keepdims: 0n } });
  return graph.add('Cast', [nearest], { attributes: { to: BigInt(TensorType.float) } });
}

/** Of each class: its mean along the directions, and its squared length. */
function classConstants({ directions, means, width }: Pick<Distance, 'directions' | 'means'> & { width: number }) {
  const classes = means.length / width;
  const spread = directions.length / width;
  const along = new Float64Array(classes * spread);
  multiply({ features: means, width, runs: classes, weights: directions, outputs: spread, products: along });
  const squares = Float64Array.from({ length: classes }, (_, one) =>
    means.subarray(one * width, (one + 1) * width).reduce((sum, x) => sum + x * x, 0),
  );
  return { along, squares };
}

function columnMeans(values: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < values.length; at++) sums[at % width]! += values[at]!;
  return Float32Array.from(sums, (sum) => (sum * width) / values.length);
}

/** Of each class less `middle`, classes × width. */
function classMeans({ values, width, labels, classes }: Features, middle: Float32Array): Float64Array {
  const sums = new Float64Array(classes * width);
  const counts = new Int32Array(classes);
  labels.forEach((label, run) => {
    counts[label]!++;
    for (let j = 0; j < width; j++) sums[label * width + j]! += Math.fround(values[run * width + j]! - middle[j]!);
  });
  return sums.map((sum, at) => sum / (counts[Math.floor(at / width)]! || 1));
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
