import type { Random } from '../../../server/ingest/simulator/random.ts';
import type { LinearScores } from '../learners/linear.ts';
import { multiply } from '../learners/products.ts';
import type { GraphBuilder } from '../onnx/graph.ts';
import { drawRuns, fitProjection, momentsOf, type Table } from '../projection.ts';

/** What the principal components of known runs leave of a feature x: (x - mean - gain · what they explain) · scale. */
export interface Residual {
  /** To the principal components of standardised features. */
  readonly projection: LinearScores;
  /** Of each feature, as `gains` and `scales`. */
  readonly means: Float32Array;
  /** Variance. */
  readonly gains: Float32Array;
  /** One over the deviation of what is left of known runs. */
  readonly scales: Float32Array;
}

/** At most half of the features, and of the runs: something has to be left of each. */
const COMPONENTS = 64;
/** Runs that the deviations of what is left are taken from. */
const SPREAD_RUNS = 1500;
/** How far the variance of what is left of a feature is drawn towards that of all. */
const SHRINKAGE = 0.1;

/**
 * Fits the components, and how far known runs lie from what they explain: the squared prediction error of Jackson and
 * Mudholkar (1979), with a deviation of its own for each feature. Runs of known classes differ most in what means
 * nothing, which the components hold; a class that nobody has seen shows in what is left.
 */
export function fitResidual(table: Table, random: Random): Residual {
  const { values, width } = table;
  const moments = momentsOf(table);
  const most = Math.min(COMPONENTS, Math.floor(width / 2), Math.floor(values.length / width / 2));
  const projection = fitProjection(table, moments, Math.max(1, most), random);
  const means = Float32Array.from(moments.means);
  const gains = Float32Array.from(moments.deviations, (deviation) => deviation ** 2);
  const some = drawRuns(table, SPREAD_RUNS, random);
  const runs = some.length / width;
  const variances = new Float64Array(width);
  leaveRest({ projection, means, gains }, some).forEach((rest, at) => {
    variances[at % width]! += (rest * rest) / gains[at % width]! / runs;
  });
  const mean = variances.reduce((sum, variance) => sum + variance, 0) / width || 1;
  const scales = Float32Array.from(
    variances,
    (variance, j) => 1 / Math.sqrt(((1 - SHRINKAGE) * variance + SHRINKAGE * mean) * gains[j]!),
  );
  return { projection, means, gains, scales };
}

/** The mean square of what is left of the features, runs × width, of each run. Sums are in f64 here and in the graph. */
export function scoreResidual(residual: Residual, features: Float32Array): Float32Array {
  const width = residual.means.length;
  const sums = new Float64Array(features.length / width);
  leaveRest(residual, features).forEach((rest, at) => {
    sums[Math.floor(at / width)]! += (rest * residual.scales[at % width]!) ** 2;
  });
  return Float32Array.from(sums, (sum) => sum / width);
}

/** Adds the mean square of what is left of `features`, f32 [batch, width], to a graph; returns the name of f32 [batch]. */
export function addResidual(graph: GraphBuilder, residual: Residual, features: string): string {
  const { projection, means, gains, scales } = residual;
  const { weights, intercepts } = projection;
  const stored = (values: Float32Array, ...shape: number[]) => graph.cast(graph.constant(values, shape), 'double');
  const points = graph.cast(features, 'double');
  const axes = stored(weights, intercepts.length, means.length);
  const products = graph.add('MatMul', [points, graph.add('Transpose', [axes], { attributes: { perm: [1n, 0n] } })]);
  const along = graph.add('Add', [products, stored(intercepts, intercepts.length)]);
  const explained = graph.add('Mul', [graph.add('MatMul', [along, axes]), stored(gains, means.length)]);
  const centred = graph.add('Sub', [points, stored(means, means.length)]);
  const scaled = graph.add('Mul', [graph.add('Sub', [centred, explained]), stored(scales, means.length)]);
  const squares = graph.add('Mul', [scaled, scaled]);
  return graph.cast(graph.add('ReduceMean', [squares], { attributes: { axes: [1n], keepdims: 0n } }), 'float');
}

/** What the components leave of features, runs × width, in their own unit. */
function leaveRest(
  { projection: { weights, intercepts }, means, gains }: Omit<Residual, 'scales'>,
  features: Float32Array,
): Float64Array {
  const width = means.length;
  const runs = features.length / width;
  const outputs = intercepts.length;
  const along = new Float64Array(runs * outputs);
  multiply({ features, width, runs, weights, outputs, products: along });
  const rest = new Float64Array(features.length);
  for (let run = 0; run < runs; run++) {
    const own = rest.subarray(run * width, (run + 1) * width);
    for (let k = 0; k < outputs; k++) {
      const factor = along[run * outputs + k]! + intercepts[k]!;
      for (let j = 0; j < width; j++) own[j]! += factor * weights[k * width + j]!;
    }
    for (let j = 0; j < width; j++) own[j] = features[run * width + j]! - means[j]! - gains[j]! * own[j]!;
  }
  return rest;
}
