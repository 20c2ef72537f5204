import type { GraphBuilder } from '../onnx/graph.ts';
import { QUANTUM_LIMIT } from './rocket-convolver.ts';
import { KERNEL_TAPS, KERNEL_TRIPLES, type KernelBank, marginOf } from './rocket-kernels.ts';
import type { RocketTransform } from './rocket-transform.ts';

/**
 * Adds what makes the features of `runs`, f32 [batch, rows, length], and returns their name, f32 [batch, features].
 * Every sum is of whole numbers below 2^24, so that they are the trainer's own.
 */
export function addFeatures(graph: GraphBuilder, transform: RocketTransform, runs: string): string {
  const { rows, length, factor, banks, thresholds } = transform;
  const scaled = graph.add('Mul', [runs, graph.scalar(factor)]);
  const clamped = graph.add('Clip', [scaled, graph.scalar(-QUANTUM_LIMIT), graph.scalar(QUANTUM_LIMIT)]);
  const quanta = graph.add('Round', [clamped]);
  let at = 0;
  const features = banks.flatMap((bank) => {
    const own = thresholds.subarray(at, at + bank.kernels.length * bank.thresholdsPerKernel);
    at += own.length;
    return addBank(graph, { bank, thresholds: own, rows, length }, quanta);
  });
  return graph.add('Concat', features, { attributes: { axis: 1n } });
}

// Whether a whole number is above another is their difference, clipped to 0 and 1. The differences are a convolution of one
// tap, which the runtime does together with the clipping; of all forms tried the fastest, and the one with the least memory.
function addBank(
  graph: GraphBuilder,
  { bank, thresholds, rows, length }: { bank: KernelBank; thresholds: Int32Array; rows: number; length: number },
  quanta: string,
): string[] {
  const { kernels, dilation, isPadded, hasMaxima } = bank;
  const margin = marginOf(bank);
  const pad = BigInt(isPadded ? margin : 0);
  const outputs = graph.add(
    'Conv',
    [quanta, graph.constant(weightsOf(bank, rows), [kernels.length, rows, KERNEL_TAPS])],
    {
      attributes: { dilations: [BigInt(dilation)], kernel_shape: [BigInt(KERNEL_TAPS)], pads: [pad, pad] },
    },
  );
  const ones = graph.constant(new Float32Array(thresholds.length).fill(1), [thresholds.length, 1, 1]);
  const below = graph.constant(
    Float32Array.from(thresholds, (t) => -t),
    [thresholds.length],
  );
  const differences = graph.add('Conv', [outputs, ones, below], {
    attributes: { group: BigInt(kernels.length), kernel_shape: [1n] },
  });
  const isAbove = graph.add('Clip', [differences, graph.scalar(0), graph.scalar(1)]);
  const parts = graph.add('Squeeze', [graph.add('GlobalAveragePool', [isAbove]), graph.integers(2)]);
  const points = isPadded ? length : length - 2 * margin;
  const counts = graph.add('Round', [graph.add('Mul', [parts, graph.scalar(points)])]);
  if (!hasMaxima) return [counts];
  return [counts, graph.add('ReduceMax', [outputs], { attributes: { axes: [2n], keepdims: 0n } })];
}

function weightsOf({ kernels, rowMasks }: KernelBank, rows: number): Float32Array {
  const weights = new Float32Array(kernels.length * rows * KERNEL_TAPS);
  kernels.forEach((kernel, i) => {
    for (let row = 0; row < rows; row++) {
      if (((rowMasks[i] >> row) & 1) === 0) continue;
      const from = (i * rows + row) * KERNEL_TAPS;
      weights.fill(-1, from, from + KERNEL_TAPS);
      for (const tap of KERNEL_TRIPLES[kernel]) weights[from + tap] = 2;
    }
  });
  return weights;
}
