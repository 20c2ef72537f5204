import type { GraphBuilder } from '../onnx/graph.ts';

/**
 * How little a run looks like any class: the free energy, minus the logarithm
 * of the summed powers of its calibrated scores (Liu et al., Energy-based
 * out-of-distribution detection, 2020). `logits` are runs × classes.
 */
export function scoreEnergy(logits: Float32Array, classes: number): Float32Array {
  return Float32Array.from({ length: logits.length / classes }, (_, run) => {
    const row = logits.subarray(run * classes, (run + 1) * classes);
    const largest = row.reduce((most, logit) => Math.max(most, logit));
    return -(largest + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)));
  });
}

/** Adds the energy of `logits`, f32 [batch, classes], to a graph; returns the name of f32 [batch]. */
export function addEnergy(graph: GraphBuilder, logits: string): string {
  const attributes = { axes: [1n], keepdims: 1n };
  const largest = graph.add('ReduceMax', [logits], { attributes });
  const powers = graph.add('Exp', [graph.add('Sub', [logits, largest])]);
  const sum = graph.add('ReduceSum', [powers, graph.integers(1)], { attributes: { keepdims: 1n } });
  const energy = graph.add('Neg', [graph.add('Add', [largest, graph.add('Log', [sum])])]);
  return graph.add('Squeeze', [energy, graph.integers(1)]);
}
