import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLearner, type LearnerSpec, scoreRuns } from '../../../../models/training/learners/learners.ts';
import { argmaxRows } from '../../../../models/training/metrics.ts';
import { Random } from '../../../../server/ingest/simulator/random.ts';
import { noisyRuns, runsShape } from '../../../support/labelled-runs.ts';
import { expectParity } from '../../../support/learner-graph.ts';
import { runs } from '../../../support/runs.ts';

const SPECS: readonly LearnerSpec[] = [
  { kind: 'rocket', features: 168, pooling: 'ppv', head: { kind: 'ridge' } },
  { kind: 'rocket', features: 168, pooling: 'ppv-max', head: { kind: 'ridge' } },
  { kind: 'rocket', features: 168, pooling: 'ppv-max', head: { kind: 'logistic', c: 0.1 } },
];
const KERNEL_TAPS = 9;

describe.each(SPECS)('MiniRocket as %o', (spec) => {
  it('scores in a graph as it does here', async () => {
    await fc.assert(
      fc.asyncProperty(runsShape, fc.nat(), async (shape, seed) => {
        const own = { ...shape, length: Math.max(KERNEL_TAPS, shape.length) };
        const learned = await fitLearner(spec, noisyRuns(own, seed), new Random(`${seed}`));

        await expectParity(learned, noisyRuns(own, seed + 1));
      }),
      { numRuns: runs(15, 500) },
    );
  });

  it('tells shapes apart that have the same level and deviation, wherever they are', async () => {
    const training = bumps('training');
    const test = bumps('test');

    const learned = await fitLearner(spec, training, new Random('1'));

    const found = argmaxRows(scoreRuns(learned, test).scores, 2);
    const right = found.filter((label, run) => label === test.labels[run]).length;
    expect(right / test.runs).toBeGreaterThan(0.95);
  });

  it('gives way to the class that weighs more', async () => {
    const evenly = { ...bumps('training'), values: new Float32Array(80 * 60).map((_, i) => Math.sin(i * i)) };
    const count = async (weights: readonly number[]) => {
      const learned = await fitLearner(spec, { ...evenly, weights: Float64Array.from(weights) }, new Random('1'));
      const blank = { ...evenly, values: evenly.values.map((_, i) => Math.sin(i * i * 1.7)) };
      return argmaxRows(scoreRuns(learned, blank).scores, 2).filter((label) => label === 1).length;
    };

    expect(await count([1, 1000])).toBeGreaterThan(await count([1000, 1]));
  });
});

// A bump somewhere, steep on its left side or on its right, in noise.
function bumps(seed: string) {
  const random = new Random(seed);
  const labels = Int32Array.from({ length: 80 }, (_, run) => run % 2);
  const values = Float32Array.from(
    Array.from(labels, (label) => {
      const at = random.whole(5, 40);
      const shape = Array.from({ length: 60 }, (_, i) => (i >= at && i < at + 15 ? (i - at) / 15 : 0));
      return (label === 0 ? shape : shape.toReversed()).map((x) => x + 0.05 * random.normal());
    }).flat(),
  );
  return { values, runs: 80, rows: 1, length: 60, labels, classes: 2, weights: Float64Array.of(1, 1) };
}
