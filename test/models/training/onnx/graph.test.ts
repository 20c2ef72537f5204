import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../models/training/onnx/graph.ts';
import { runGraph } from '../../../support/run-graph.ts';

describe('GraphBuilder', () => {
  it('makes a model that the runtime runs', async () => {
    const { doubled } = await runGraph({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 1, 2] }, (graph, trend) => {
      const sum = graph.add('ReduceSum', [trend, graph.integers(2)], { attributes: { keepdims: 0n } });
      graph.output('doubled', graph.add('Mul', [sum, graph.scalar(2)]), ['batch', 1]);
    });

    expect([...doubled]).toEqual([6, 14]);
  });

  it('keeps doubles, whose sums of large whole numbers are exact', async () => {
    const { exact } = await runGraph({ data: Float32Array.of(1 << 23, 1), shape: [1, 1, 2] }, (graph, trend) => {
      const wide = graph.add('Cast', [trend], { attributes: { to: 11n } });
      const big = graph.constant(Float64Array.of(1 << 23, 1), [2, 1]);
      const product = graph.add('MatMul', [wide, big]);
      const rest = graph.add('Sub', [product, graph.constant(Float64Array.of(2 ** 46), [1])]);
      graph.output('exact', graph.add('Cast', [rest], { attributes: { to: 1n } }), ['batch', 1, 1]);
    });

    expect([...exact]).toEqual([1]);
  });

  it('refuses a tensor whose shape does not hold its values', () => {
    expect(() => new GraphBuilder('test').constant(Float32Array.of(1, 2, 3), [2, 2])).toThrow(
      '3 values for a tensor of shape [2,2]',
    );
  });
});
