import type { GraphBuilder } from '../onnx/graph.ts';
import type { ScoredNames } from './learner.ts';
import { type LearnedNearest, SMOOTHING } from './nearest.ts';
import { squareNorms } from './products.ts';
import { addWhole } from './whole.ts';

/** Adds the vote of the nearest prototypes: exact distances, and TopK, which takes the first of equal ones. */
export function addNearest(graph: GraphBuilder, learned: LearnedNearest, input: string): ScoredNames {
  const { k, prototypes, labels, scale, classVotes } = learned;
  const width = prototypes.length / labels.length;
  const features = graph.add('Flatten', [input], { attributes: { axis: 1n } });
  const points = addWhole(graph, scale, features);
  const columns = graph.cast(graph.constant(transpose(prototypes, width), [width, labels.length]), 'double');
  const products = graph.add('MatMul', [points, columns]);
  const norms = graph.constant(squareNorms(prototypes, width), [labels.length]);
  const own = graph.add('ReduceSum', [graph.add('Mul', [points, points]), graph.integers(1)]);
  const twice = graph.add('Add', [products, products]);
  const distances = graph.add('Sub', [graph.add('Add', [own, norms]), twice]);
  const [, indices] = graph.addAll('TopK', [distances, graph.integers(k)], {
    attributes: { largest: 0n },
    outputs: 2,
  });

  const perLabel = new Float64Array(labels.length * classVotes.length);
  labels.forEach((label, p) => {
    perLabel[p * classVotes.length + label] = classVotes[label];
  });
  const ballots = graph.add('Gather', [graph.constant(perLabel, [labels.length, classVotes.length]), indices]);
  const sums = graph.add('ReduceSum', [ballots, graph.integers(1)], { attributes: { keepdims: 0n } });
  const smoothed = graph.add('Add', [sums, graph.constant(Float64Array.of(SMOOTHING), [])]);
  const total = graph.add('ReduceSum', [smoothed, graph.integers(1)]);
  const scores = graph.cast(graph.add('Log', [graph.add('Div', [smoothed, total])]), 'float');
  return { scores, features: () => features };
}

function transpose(rows: Int16Array, width: number): Int16Array {
  const count = rows.length / width;
  const columns = new Int16Array(rows.length);
  for (let row = 0; row < count; row++) {
    for (let j = 0; j < width; j++) columns[j * count + row] = rows[row * width + j];
  }
  return columns;
}
