import { describe, expect, it } from 'vitest';
import type { Runs } from '../../../../models/training/learners/learner.ts';
import { addCounts } from '../../../../models/training/learners/rocket-graph.ts';
import { KERNEL_TRIPLES, layOutKernels } from '../../../../models/training/learners/rocket-kernels.ts';
import {
  countFeatures,
  fitTransform,
  QUANTUM_LIMIT,
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

    expect(countFeatures(transform, runs)).toEqual(countPlainly(transform, runs));
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

    expect(counts).toEqual(countFeatures(transform, others));
  });

  it('stays exact where a run is far beyond those of training', async () => {
    const transform = fitTransform(noise({ runs: 4, rows: 3, length: 40 }), 2_688, new Random('fit'));
    const wild = noise({ runs: 8, rows: 3, length: 40, spread: 1e6, seed: 'wild' });

    const { counts } = await runGraph({ data: wild.values, shape: [8, 3, 40] }, (graph, trend) =>
      graph.output('counts', addCounts(graph, transform, trend), ['batch', transform.thresholds.length]),
    );

    expect(counts).toEqual(countFeatures(transform, wild));
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

// Nine weights on each row, zeros beyond the ends, number by number.
function countPlainly(transform: RocketTransform, { values, runs, rows, length }: Runs): Float32Array {
  const quantum = (run: number, row: number, i: number) => {
    if (i < 0 || i >= length) return 0;
    const scaled = Math.max(
      -QUANTUM_LIMIT,
      Math.min(QUANTUM_LIMIT, Math.fround(values[(run * rows + row) * length + i]! * transform.factor)),
    );
    const below = Math.floor(scaled);
    const isHalf = scaled - below === 0.5;
    return isHalf ? 2 * Math.round(scaled / 2) : Math.round(scaled);
  };
  const counts: number[] = [];
  for (let run = 0; run < runs; run++) {
    let at = 0;
    for (const { dilation, isPadded, kernels, rowMasks, thresholdsPerKernel } of transform.banks) {
      const margin = isPadded ? 0 : 4 * dilation;
      for (const [k, kernel] of kernels.entries()) {
        const outputs: number[] = [];
        for (let i = margin; i < length - margin; i++) {
          let sum = 0;
          for (let row = 0; row < rows; row++) {
            if ((rowMasks[k] & (1 << row)) === 0) continue;
            for (let tap = 0; tap < 9; tap++) {
              const weight = KERNEL_TRIPLES[kernel].includes(tap) ? 2 : -1;
              sum += weight * quantum(run, row, i + (tap - 4) * dilation);
            }
          }
          outputs.push(sum);
        }
        for (let t = 0; t < thresholdsPerKernel; t++, at++) {
          counts.push(outputs.filter((output) => output > transform.thresholds[at]).length);
        }
      }
    }
  }
  return Float32Array.from(counts);
}
