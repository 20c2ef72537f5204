import type { GraphBuilder } from '../onnx/graph.ts';
import type { ScoredNames } from './learner.ts';
import { squareNorms } from './products.ts';
import { classPairs, type LearnedSvm, STEEPNESS } from './svm.ts';

/** Adds kernels, decisions of the pairs and their soft votes, all in f64: distances are small differences of large sums. */
export function addSvm(graph: GraphBuilder, learned: LearnedSvm, input: string): ScoredNames {
  const { gamma, classes, vectors, coefficients, offsets } = learned;
  const pairs = offsets.length;
  const count = coefficients.length / pairs;
  const width = vectors.length / count;
  const features = graph.add('Flatten', [input], { attributes: { axis: 1n } });
  const points = graph.cast(features, 'double');
  const columns = graph.add('Transpose', [graph.cast(graph.constant(vectors, [count, width]), 'double')], {
    attributes: { perm: [1n, 0n] },
  });
  const products = graph.add('MatMul', [points, columns]);
  const own = graph.add('ReduceSum', [graph.add('Mul', [points, points]), graph.integers(1)]);
  const sums = graph.add('Add', [own, graph.constant(squareNorms(vectors, width), [count])]);
  const distances = graph.add('Sub', [sums, graph.add('Add', [products, products])]);
  const positive = graph.add('Max', [distances, graph.constant(Float64Array.of(0), [])]);
  const kernels = graph.add('Exp', [graph.add('Mul', [positive, graph.constant(Float64Array.of(-gamma), [])])]);

  const weighted = graph.add('MatMul', [kernels, graph.constant(coefficients, [count, pairs])]);
  const decisions = graph.add('Sub', [weighted, graph.constant(offsets, [pairs])]);
  const signs = new Float64Array(pairs * classes);
  for (const [pair, [first, second]] of classPairs(classes).entries()) {
    signs[pair * classes + first] = 1;
    signs[pair * classes + second] = -1;
  }
  const steep = graph.add('Mul', [decisions, graph.constant(Float64Array.of(STEEPNESS), [])]);
  const votes = graph.add('MatMul', [graph.add('Tanh', [steep]), graph.constant(signs, [pairs, classes])]);
  return { scores: graph.cast(votes, 'float'), features: () => features };
}
