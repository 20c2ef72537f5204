import { describe, expect, it } from 'vitest';
import type { Runs } from '../../../../models/training/learners/learner.ts';
import { QUANTUM_LIMIT } from '../../../../models/training/learners/rocket-convolver.ts';
import { addCounts } from '../../../../models/training/learners/rocket-graph.ts';
import { KERNEL_TRIPLES, type KernelBank, layOutKernels } from '../../../../models/training/learners/rocket-kernels.ts';
import {
  countFeatures,
  fitTransform,
  type RocketTransform,
} from '../../../../models/training/learners/rocket-transform.ts';
import { Random } from '../../../../server/ingest/simulator/random.ts';
import { runGraph } from '../../../support/run-graph.ts';

describe('layOutKernels', () => {
  it.each([
    [9, 84, 84],
    [60, 10_000, 9_996],
    [972, 2_700, 2_688],
    [972, 10_000, 9_996],
  ])('makes of runs of %i points and %i features %i', (length, features, expected) => {
    const banks = layOutKernels({ features, length, rows: 1 }, new Random('layout'));

    const counts = banks.map(({ kernels, thresholdsPerKernel }) => kernels.length * thresholdsPerKernel);
    expect(counts.reduce((a, b) => a + b)).toBe(expected);
    expect(banks[0].dilation).toBe(1);
    expect(banks.at(-1)!.dilation * 8).toBeLessThan(length);
    for (let i = 0; i < banks.length; i += 2) {
      expect([...banks[i].kernels, ...banks[i + 1].kernels].sort((a, b) => a - b)).toEqual([...KERNEL_TRIPLES.keys()]);
    }
  });

  it('takes every choice of rows, one row about half of the time', () => {
    const banks = layOutKernels({ features: 9_996, length: 972, rows: 3 }, new Random('rows'));

    const masks = banks.flatMap(({ rowMasks }) => rowMasks);
    expect(new Set(masks)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
    const single = masks.filter((mask) => [1, 2, 4].includes(mask)).length / masks.length;
    expect(single).toBeGreaterThan(0.45);
    expect(single).toBeLessThan(0.55);
  });
});

describe('countFeatures', () => {
  it.each([
    ['one row', 1],
    ['three rows', 3],
  ])('counts as the definition of the features does, on %s', (_name, rows) => {
    const runs = noise({ runs: 3, rows, length: 50 });
    const transform = fitTransform(runs, 1_000, new Random('fit'));

    expect(differing(countFeatures(transform, runs), countPlainly(transform, runs))).toEqual([]);
  });

  it.each([
    { rows: 1, length: 972, features: 2_688, batch: 1 },
    { rows: 3, length: 972, features: 2_688, batch: 16 },
    { rows: 1, length: 61, features: 9_996, batch: 16 },
    { rows: 3, length: 9, features: 84, batch: 1 },
  ])('is what a graph counts, to the last bit: %o', async ({ rows, length, features, batch }) => {
    const transform = fitTransform(noise({ runs: 4, rows, length }), features, new Random('fit'));
    const others = noise({ runs: batch, rows, length, spread: 1.7, seed: 'others' });

    const { counts } = await runGraph({ data: others.values, shape: [batch, rows, length] }, (graph, trend) =>
      graph.output('counts', addCounts(graph, transform, trend), ['batch', transform.thresholds.length]),
    );

    expect(differing(counts!, countFeatures(transform, others))).toEqual([]);
  });

  it('stays exact where quanta are largest and an output is next to its threshold', async () => {
    const runs = { ...noise({ runs: 1, rows: 3, length: 30 }), values: extremes(90) };
    const fitted = { ...fitTransform(runs, 504, new Random('fit')), factor: 1 };
    const outputs = fitted.banks.map((bank) => bank.kernels.map((_, k) => outputsPlainly(fitted, bank, k, runs, 0)));
    const thresholds = fitted.banks.flatMap(({ thresholdsPerKernel }, b) =>
      outputs[b]!.flatMap((own) => Array.from({ length: thresholdsPerKernel }, (_, t) => Math.max(...own) - (t % 2))),
    );
    const transform = { ...fitted, thresholds: Int32Array.from(thresholds) };

    const { counts } = await runGraph({ data: runs.values, shape: [1, 3, 30] }, (graph, trend) =>
      graph.output('counts', addCounts(graph, transform, trend), ['batch', thresholds.length]),
    );

    expect(Math.max(...thresholds)).toBeGreaterThan(20 * QUANTUM_LIMIT);
    expect(differing(counts!, countFeatures(transform, runs))).toEqual([]);
    expect(counts!.filter((count) => count === 0).length).toBeGreaterThanOrEqual(thresholds.length / 2);
  });

  it('finds every second feature of its own training runs above half of the points or more', () => {
    const runs = noise({ runs: 1, rows: 1, length: 200 });
    const transform = fitTransform(runs, 2_688, new Random('fit'));
    const padded = { ...transform, banks: transform.banks.map((bank) => ({ ...bank, isPadded: true })) };

    const counts = countFeatures(padded, runs);

    // Evenly spread quantiles of the one run there is.
    const above = counts.filter((count) => count >= 100).length / counts.length;
    expect(above).toBeGreaterThan(0.49);
    expect(above).toBeLessThan(0.51);
  });

  it('refuses runs that are shorter than a kernel', () => {
    expect(() => fitTransform(noise({ runs: 2, rows: 1, length: 8 }), 84, new Random('fit'))).toThrow(
      'runs of 8 points, expected 9 or more for MiniRocket',
    );
  });
});

interface Shape {
  readonly runs: number;
  readonly rows: number;
  readonly length: number;
  readonly spread?: number;
  readonly seed?: string;
}

function noise({ runs, rows, length, spread = 1, seed = 'noise' }: Shape): Runs {
  const random = new Random(seed);
  const values = Float32Array.from({ length: runs * rows * length }, () => 3 + spread * random.normal());
  return { values, runs, rows, length };
}

// Quanta close to their limit, of either sign.
function extremes(count: number): Float32Array {
  const random = new Random('extremes');
  return Float32Array.from({ length: count }, () => random.sign() * (QUANTUM_LIMIT - random.whole(0, 9)));
}

function countPlainly(transform: RocketTransform, runs: Runs): Float32Array {
  const counts: number[] = [];
  for (let run = 0; run < runs.runs; run++) {
    let at = 0;
    for (const bank of transform.banks) {
      for (const k of bank.kernels.keys()) {
        const outputs = outputsPlainly(transform, bank, k, runs, run);
        for (let t = 0; t < bank.thresholdsPerKernel; t++, at++) {
          counts.push(outputs.filter((output) => output > transform.thresholds[at]!).length);
        }
      }
    }
  }
  return Float32Array.from(counts);
}

// Nine weights on each row, zeros beyond the ends, number by number.
function outputsPlainly(
  { factor }: RocketTransform,
  { dilation, isPadded, kernels, rowMasks }: KernelBank,
  k: number,
  { values, rows, length }: Runs,
  run: number,
): number[] {
  const quantum = (row: number, i: number) => {
    if (i < 0 || i >= length) return 0;
    const scaled = Math.fround(values[(run * rows + row) * length + i]! * factor);
    const clamped = Math.max(-QUANTUM_LIMIT, Math.min(QUANTUM_LIMIT, scaled));
    const isHalf = clamped - Math.floor(clamped) === 0.5;
    return isHalf ? 2 * Math.round(clamped / 2) : Math.round(clamped);
  };
  const margin = isPadded ? 0 : 4 * dilation;
  const taps = Array.from({ length: 9 }, (_, tap) => tap);
  const own = Array.from({ length: rows }, (_, row) => row).filter((row) => (rowMasks[k]! & (1 << row)) !== 0);
  return Array.from({ length: length - 2 * margin }, (_, i) =>
    own.reduce(
      (sum, row) =>
        taps.reduce((part, tap) => {
          const weight = KERNEL_TRIPLES[kernels[k]!]!.includes(tap) ? 2 : -1;
          return part + weight * quantum(row, margin + i + (tap - 4) * dilation);
        }, sum),
      0,
    ),
  );
}

// The first few, as thousands of numbers take minutes to be shown.
function differing(actual: Float32Array, expected: Float32Array): string[] {
  if (actual.length !== expected.length) return [`${actual.length} numbers, expected ${expected.length}`];
  const places = [...actual.keys()].filter((i) => actual[i] !== expected[i]);
  return places.slice(0, 5).map((i) => `${i} of ${places.length}: ${actual[i]}, expected ${expected[i]}`);
}
