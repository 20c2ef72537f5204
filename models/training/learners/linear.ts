import type { GraphBuilder } from '../onnx/graph.ts';
import { multiply } from './products.ts';

/** Scores that are linear in the features. */
export interface LinearScores {
  /** classes × width. */
  readonly weights: Float32Array;
  /** Of each class. */
  readonly intercepts: Float32Array;
}

/** Scores features, runs × width, to runs × classes. Sums are in f64 here and in the graph, so that their order does not show. */
export function scoreLinearly(
  { weights, intercepts }: LinearScores,
  features: Float32Array,
  runs: number,
): Float32Array {
  const classes = intercepts.length;
  const products = new Float64Array(runs * classes);
  multiply({ features, width: weights.length / classes, runs, weights, outputs: classes, products });
  return Float32Array.from(products, (product, at) => product + intercepts[at % classes]);
}

/** Adds the scores of `features`, f32 [batch, width]; returns the name of f32 [batch, classes]. */
export function addLinear(graph: GraphBuilder, { weights, intercepts }: LinearScores, features: string): string {
  const classes = intercepts.length;
  const stored = graph.constant(weights, [classes, weights.length / classes]);
  const factors = graph.add('Transpose', [graph.cast(stored, 'double')], { attributes: { perm: [1n, 0n] } });
  const products = graph.add('MatMul', [graph.cast(features, 'double'), factors]);
  const sums = graph.add('Add', [products, graph.cast(graph.constant(intercepts, [classes]), 'double')]);
  return graph.cast(sums, 'float');
}
