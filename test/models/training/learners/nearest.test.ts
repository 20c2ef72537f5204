import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelledRuns, Runs } from '../../../../models/training/learners/learner.ts';
import { fitNearest, type LearnedNearest, scoreNearest } from '../../../../models/training/learners/nearest.ts';
import { argmaxRows } from '../../../../models/training/metrics.ts';
import { noisyRuns, runsShape, sineRuns, sliceRuns } from '../../../support/labelled-runs.ts';
import { expectParity, runLearner } from '../../../support/learner-graph.ts';
import { runs } from '../../../support/runs.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

describe('nearest neighbours', () => {
  // Computed with scikit-learn 1.2.1, KNeighborsClassifier(7, algorithm='brute').
  it('finds the classes of scikit-learn', () => {
    const all = sineRuns(160, 12, 4);
    const learned = fitNearest({ kind: 'nearest', k: 7 }, sliceRuns(all, 0, 100));

    const { scores } = scoreNearest(learned, sliceRuns(all, 100, 160));

    expect(argmaxRows(scores, 4).join('')).toBe('001312200100032031203230013113100300012302310120012111031130');
  });

  it('scores logarithms of the votes, with half of one for every class', () => {
    const training = labelled([0, 1, 2, 100], [0, 0, 1, 1]);
    const learned = fitNearest({ kind: 'nearest', k: 3 }, training);

    const { scores } = scoreNearest(learned, { values: Float32Array.of(0), runs: 1, rows: 1, length: 1 });

    expect([...scores]).toEqual([2.5 / 4, 1.5 / 4].map((share) => Math.fround(Math.log(share))));
  });

  it('weighs votes by their class', () => {
    const training = { ...labelled([0, 1, 2, 100], [0, 0, 1, 1]), weights: Float64Array.of(1, 4) };
    const learned = fitNearest({ kind: 'nearest', k: 3 }, training);

    const { scores } = scoreNearest(learned, { values: Float32Array.of(0), runs: 1, rows: 1, length: 1 });

    expect([...scores]).toEqual([1 / 2.5, 1.5 / 2.5].map((share) => Math.fround(Math.log(share))));
  });

  it.each([
    ['of equal distances the first', [7, 7, 7, 7], 2],
    ['all where there are fewer', [1, 2, 3, 4], 9],
  ])('takes, here and in the graph, %s', async (_name, values, k) => {
    const learned = fitNearest({ kind: 'nearest', k }, labelled(values, [1, 1, 0, 0]));
    const query = { values: Float32Array.of(7, 1), runs: 2, rows: 1, length: 1 };

    const expected = scorePlainly(learned, query);

    expect([...scoreNearest(learned, query).scores]).toEqual(expected);
    expect([...(await runLearner(learned, query)).scores]).toEqual(expected);
  });

  it.each([1, 5, 100, 1500])('takes the first of thousands at few distances, %i of them', async (k) => {
    const random = seededRandom(k);
    const draw = () => Math.floor(4 * random());
    const training = labelled(
      Array.from({ length: 3000 }, draw),
      Array.from({ length: 3000 }, () => draw() % 2),
    );
    const learned = fitNearest({ kind: 'nearest', k }, training);
    const query = { values: Float32Array.of(0, 1, 2, 3), runs: 4, rows: 1, length: 1 };

    const expected = scorePlainly(learned, query);

    expect([...scoreNearest(learned, query).scores]).toEqual(expected);
    expect([...(await runLearner(learned, query)).scores]).toEqual(expected);
  });

  it('finds the neighbours that a plain search finds, and the graph the same', async () => {
    const spec = fc.record({
      kind: fc.constant('nearest' as const),
      k: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(runsShape, fc.nat(), spec, fc.boolean(), async (shape, seed, how, isCoarse) => {
        const [training, test] = [seed, seed + 1].map((one) => {
          const noisy = noisyRuns(shape, one);
          // Coarse values have many runs at the same distance.
          return isCoarse ? { ...noisy, values: noisy.values.map((value) => Math.round(value) % 3) } : noisy;
        });
        const learned = fitNearest(how, {
          ...training!,
          weights: Float64Array.from(training!.weights, (_, k) => 1 + k),
        });

        expect([...scoreNearest(learned, test!).scores]).toEqual(scorePlainly(learned, test!));
        await expectParity(learned, test!);
      }),
      { numRuns: runs(30, 1_000) },
    );
  });
});

function labelled(values: readonly number[], labels: readonly number[]): LabelledRuns {
  return {
    values: Float32Array.from(values),
    runs: values.length,
    rows: 1,
    length: 1,
    labels: Int32Array.from(labels),
    classes: 2,
    weights: Float64Array.of(1, 1),
  };
}

/** Sorts all prototypes by distance and then place. */
function scorePlainly(learned: LearnedNearest, { values, runs: count, rows, length }: Runs): number[] {
  const { prototypes, labels, scale, classVotes, k } = learned;
  const width = rows * length;
  return Array.from({ length: count }, (_, run) => {
    const whole = Array.from(values.subarray(run * width, (run + 1) * width), (value) => {
      const scaled = Math.fround(Math.fround(value - scale.origin) * scale.perUnit);
      const floor = Math.floor(scaled);
      const isUp = scaled - floor > 0.5 || (scaled - floor === 0.5 && floor % 2 !== 0);
      return Math.min(32_767, Math.max(-32_767, isUp ? floor + 1 : floor));
    });
    const nearest = Array.from(labels, (label, p) => ({
      label,
      p,
      square: whole.reduce((sum, x, j) => sum + (x - prototypes[p * width + j]!) ** 2, 0),
    }))
      .sort((a, b) => a.square - b.square || a.p - b.p)
      .slice(0, k);
    const sums = Array.from(classVotes, () => 2048);
    for (const { label } of nearest) sums[label]! += classVotes[label]!;
    const total = sums.reduce((sum, one) => sum + one, 0);
    return sums.map((sum) => Math.fround(Math.log(sum / total)));
  }).flat();
}
