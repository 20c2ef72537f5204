import { describe, expect, it } from 'vitest';
import type { Runs } from '../../../../models/training/learners/learner.ts';
import { QUANTUM_LIMIT } from '../../../../models/training/learners/rocket-convolver.ts';
import { addFeatures } from '../../../../models/training/learners/rocket-graph.ts';
import {
  featuresOf,
  KERNEL_TRIPLES,
  type KernelBank,
  layOutKernels,
} from '../../../../models/training/learners/rocket-kernels.ts';
import {
  fitTransform,
  makeFeatures,
  type RocketTransform,
} from '../../../../models/training/learners/rocket-transform.ts';
import { Random } from '../../../../server/ingest/simulator/random.ts';
import { runGraph } from '../../../support/run-graph.ts';

describe('layOutKernels', () => {
  it.each([
    [9, 84, 'ppv', 84],
    [60, 10_000, 'ppv', 9_996],
    [972, 2_700, 'ppv', 2_688],
    [972, 10_000, 'ppv', 9_996],
    [9, 84, 'ppv-max', 168],
    [9, 168, 'ppv-max', 168],
    [60, 10_000, 'ppv-max', 9_996],
    [972, 2_700, 'ppv-max', 2_688],
  ] as const)('makes of runs of %i points and %i features by %s %i', (length, features, pooling, expected) => {
    const banks = layOutKernels({ features, pooling, length, rows: 1 }, new Random('layout'));

    const counts = banks.map(
      ({ kernels, thresholdsPerKernel, hasMaxima }) => kernels.length * (thresholdsPerKernel + Number(hasMaxima)),
    );
    expect(counts.reduce((a, b) => a + b)).toBe(expected);
    expect(featuresOf(banks)).toBe(expected);
    expect(Math.min(...banks.map(({ thresholdsPerKernel }) => thresholdsPerKernel))).toBeGreaterThan(0);
    const dilations = new Set(banks.filter(({ hasMaxima }) => hasMaxima).map(({ dilation }) => dilation));
    expect([...dilations]).toEqual(pooling === 'ppv' ? [] : [1, 2, 3, 4].slice(0, features < 1_000 ? 1 : 4));
    expect(banks[0].dilation).toBe(1);
    expect(banks.at(-1)!.dilation * 8).toBeLessThan(length);
    for (let i = 0; i < banks.length; i += 2) {
      expect([...banks[i].kernels, ...banks[i + 1].kernels].sort((a, b) => a - b)).toEqual([...KERNEL_TRIPLES.keys()]);
    }
  });

  it('takes every choice of rows, one row about half of the time', () => {
    const banks = layOutKernels({ features: 9_996, pooling: 'ppv', length: 972, rows: 3 }, new Random('rows'));

    const masks = banks.flatMap(({ rowMasks }) => rowMasks);
    expect(new Set(masks)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
    const single = masks.filter((mask) => [1, 2, 4].includes(mask)).length / masks.length;
    expect(single).toBeGreaterThan(0.45);
    expect(single).toBeLessThan(0.55);
  });
});

describe('makeFeatures', () => {
  it.each([
    ['one row', 1, 'ppv'],
    ['three rows', 3, 'ppv'],
    ['three rows and maxima', 3, 'ppv-max'],
  ] as const)('is what the definition of the features says, on %s', (_name, rows, pooling) => {
    const runs = noise({ runs: 3, rows, length: 50 });
    const transform = fitTransform(runs, { features: 1_000, pooling }, new Random('fit'));

    expect(differing(makeFeatures(transform, runs), makePlainly(transform, runs))).toEqual([]);
  });

  it.each([
    { rows: 1, length: 972, features: 2_688, pooling: 'ppv', batch: 1 },
    { rows: 3, length: 972, features: 2_688, pooling: 'ppv', batch: 16 },
    { rows: 3, length: 972, features: 2_688, pooling: 'ppv-max', batch: 16 },
    { rows: 1, length: 61, features: 9_996, pooling: 'ppv-max', batch: 16 },
    { rows: 3, length: 9, features: 84, pooling: 'ppv', batch: 1 },
    { rows: 3, length: 9, features: 168, pooling: 'ppv-max', batch: 1 },
  ] as const)('is what a graph makes, to the last bit: %o', async ({ rows, length, features, pooling, batch }) => {
    const transform = fitTransform(noise({ runs: 4, rows, length }), { features, pooling }, new Random('fit'));
    const others = noise({ runs: batch, rows, length, spread: 1.7, seed: 'others' });

    const { made } = await runGraph({ data: others.values, shape: [batch, rows, length] }, (graph, trend) =>
      graph.output('made', addFeatures(graph, transform, trend), ['batch', transform.width]),
    );

    expect(differing(made!, makeFeatures(transform, others))).toEqual([]);
  });

  it('stays exact where quanta are largest and an output is next to its threshold', async () => {
    const runs = { ...noise({ runs: 1, rows: 3, length: 30 }), values: extremes(90) };
    const shape = { features: 504, pooling: 'ppv-max' } as const;
    const fitted = { ...fitTransform(runs, shape, new Random('fit')), factor: 1 };
    const outputs = fitted.banks.map((bank) => bank.kernels.map((_, k) => outputsPlainly(fitted, bank, k, runs, 0)));
    const thresholds = fitted.banks.flatMap(({ thresholdsPerKernel }, b) =>
      outputs[b]!.flatMap((own) => Array.from({ length: thresholdsPerKernel }, (_, t) => Math.max(...own) - (t % 2))),
    );
    const transform = { ...fitted, thresholds: Int32Array.from(thresholds) };

    const { made } = await runGraph({ data: runs.values, shape: [1, 3, 30] }, (graph, trend) =>
      graph.output('made', addFeatures(graph, transform, trend), ['batch', transform.width]),
    );

    expect(Math.max(...thresholds)).toBeGreaterThan(20 * QUANTUM_LIMIT);
    expect(differing(made!, makeFeatures(transform, runs))).toEqual([]);
    expect(Math.max(...made!)).toBe(Math.max(...thresholds));
    expect(made!.filter((count) => count === 0).length).toBeGreaterThanOrEqual(thresholds.length / 2);
  });

  it('finds every second feature of its own training runs above half of the points or more', () => {
    const runs = noise({ runs: 1, rows: 1, length: 200 });
    const transform = fitTransform(runs, { features: 2_688, pooling: 'ppv' }, new Random('fit'));
    const padded = { ...transform, banks: transform.banks.map((bank) => ({ ...bank, isPadded: true })) };

    const counts = makeFeatures(padded, runs);

    // Evenly spread quantiles of the one run there is.
    const above = counts.filter((count) => count >= 100).length / counts.length;
    expect(above).toBeGreaterThan(0.49);
    expect(above).toBeLessThan(0.51);
  });

  it('shows an event of three points in 972 in every maximum that looks at as many, wherever the event is', () => {
    const runs = noise({ runs: 8, rows: 1, length: 972, spread: 0.01 });
    const transform = fitTransform(runs, { features: 2_688, pooling: 'ppv-max' }, new Random('fit'));
    const [bank] = transform.banks.filter(({ dilation, isPadded }) => dilation === 1 && !isPadded);
    const own = { ...transform, banks: [bank!], width: featuresOf([bank!]) };
    const maxima = (from: Runs) => makeFeatures(own, from).subarray(-bank!.kernels.length);
    const before = maxima({ ...runs, values: runs.values.slice(0, 972), runs: 1 });

    for (const at of [20, 500, 940]) {
      const values = runs.values.slice(0, 972).fill(0.2, at, at + 3);
      const after = maxima({ ...runs, values, runs: 1 });

      expect(after.every((most, k) => most > 5 * before[k]!)).toBe(true);
    }
  });

  it('refuses runs that are shorter than a kernel', () => {
    expect(() =>
      fitTransform(noise({ runs: 2, rows: 1, length: 8 }), { features: 84, pooling: 'ppv' }, new Random('fit')),
    ).toThrow('runs of 8 points, expected 9 or more for MiniRocket');
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

function makePlainly(transform: RocketTransform, runs: Runs): Float32Array {
  const features: number[] = [];
  for (let run = 0; run < runs.runs; run++) {
    let at = 0;
    for (const bank of transform.banks) {
      for (const k of bank.kernels.keys()) {
        const outputs = outputsPlainly(transform, bank, k, runs, run);
        for (let t = 0; t < bank.thresholdsPerKernel; t++, at++) {
          features.push(outputs.filter((output) => output > transform.thresholds[at]!).length);
        }
      }
      if (!bank.hasMaxima) continue;
      for (const k of bank.kernels.keys()) features.push(Math.max(...outputsPlainly(transform, bank, k, runs, run)));
    }
  }
  return Float32Array.from(features);
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
