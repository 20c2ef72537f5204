import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Runs } from '../../../models/training/learners/learner.ts';
import { addScaling, applyScaling, fitScaling, SCALINGS, type Scaling } from '../../../models/training/scaling.ts';
import { runGraph } from '../../support/run-graph.ts';
import { runs as cases } from '../../support/runs.ts';

describe('scaling', () => {
  it('standardises each point by the mean and deviation of its column in the training runs', async () => {
    const training: Runs = { values: Float32Array.of(1, 10, 3, 30), runs: 2, rows: 1, length: 2 };
    const scaling = fitScaling('standardised', training);

    const scaled = applyScaling(scaling, { values: Float32Array.of(4, 0), runs: 1, rows: 1, length: 2 });

    expect([...scaled.values]).toEqual([2, -2]);
  });

  it('divides a run by its largest magnitude over all rows', () => {
    const run: Runs = { values: Float32Array.of(1, -8, 2, 4), runs: 1, rows: 2, length: 2 };

    expect([...applyScaling(fitScaling('max', run), run).values]).toEqual([0.125, -1, 0.25, 0.5]);
  });

  it.each(SCALINGS)('gives numbers for constant columns and runs of zeros: %s', async (kind) => {
    const constant = Float32Array.of(1e6 + 0.0625, 0, 1e-45, -3);
    const values = Float32Array.from([...constant, ...constant, ...constant, ...constant.map(() => 0)]);
    const training: Runs = { values: values.subarray(0, 12), runs: 3, rows: 2, length: 2 };
    const scaling = fitScaling(kind, training);

    const { own, graph } = await scaleBothWays(scaling, { values, runs: 4, rows: 2, length: 2 });

    expect(own.every(Number.isFinite)).toBe(true);
    expect(graph).toEqual(own);
  });

  it.each(SCALINGS)('is bit-equal in the graph: %s', async (kind) => {
    const shape = fc.record({
      runs: fc.integer({ min: 1, max: 5 }),
      rows: fc.constantFrom(1, 3),
      length: fc.integer({ min: 1, max: 20 }),
    });
    const data = shape.chain((one) => {
      const size = one.runs * one.rows * one.length;
      const value = fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 50), max: 2 ** 50 });
      const values = fc.array(value, { minLength: size, maxLength: size });
      return fc.tuple(values, values).map(([training, test]) => ({ ...one, training, test }));
    });
    await fc.assert(
      fc.asyncProperty(data, async ({ training, test, ...one }) => {
        const scaling = fitScaling(kind, { ...one, values: Float32Array.from(training) });

        const { own, graph } = await scaleBothWays(scaling, { ...one, values: Float32Array.from(test) });

        expect(graph).toEqual(own);
      }),
      { numRuns: cases(40, 2_000) },
    );
  });
});

async function scaleBothWays(scaling: Scaling, runs: Runs): Promise<{ own: number[]; graph: number[] }> {
  const shape = [runs.runs, runs.rows, runs.length];
  const { scaled } = await runGraph({ data: runs.values, shape }, (graph, trend) => {
    graph.output('scaled', addScaling(graph, scaling, trend), ['batch', runs.rows, runs.length]);
  });
  return { own: [...applyScaling(scaling, runs).values], graph: [...scaled!] };
}
