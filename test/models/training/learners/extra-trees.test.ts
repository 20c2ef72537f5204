import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitExtraTrees, scoreExtraTrees } from '../../../../models/training/learners/extra-trees.ts';
import { growTrees, LEAF_VOTES, type Trees } from '../../../../models/training/learners/extra-trees-grow.ts';
import type { LabelledRuns } from '../../../../models/training/learners/learner.ts';
import { argmaxRows } from '../../../../models/training/metrics.ts';
import { Random } from '../../../../server/ingest/simulator/random.ts';
import { noisyRuns, runsShape, sineRuns } from '../../../support/labelled-runs.ts';
import { expectParity } from '../../../support/learner-graph.ts';
import { runs } from '../../../support/runs.ts';

const NO_LIMIT = 100_000;

describe('growTrees', () => {
  it('puts a threshold between the extremes, anywhere', () => {
    const { roots, points, thresholds } = grow(table([[1], [2]], [0, 1]), 200);

    expect([...roots]).toEqual(Array.from({ length: 201 }, (_, tree) => 3 * tree));
    const own = thresholds.filter((_, node) => points[node] === 0);
    expect(own.length).toBe(200);
    expect(own.every((threshold) => threshold >= 1 && threshold < 2)).toBe(true);
    expect(Math.max(...own) - Math.min(...own)).toBeGreaterThan(0.9);
  });

  it('tells neighbours among f32 numbers apart', () => {
    const above = Math.fround(1 + 2 ** -23);

    const trees = grow(table([[1], [above], [1], [above]], [0, 1, 0, 1]), 20);

    expect(trees.points.length).toBe(60);
    expect(trees.thresholds.every((threshold) => threshold === 1 || threshold === 0)).toBe(true);
  });

  it('takes what lowers the impurity most', () => {
    // Whichever two of the four points are drawn, one divides the classes.
    const useful = [0, 0, 0, 0, 1, 1, 1, 1];
    const useless = [0, 1, 0, 1, 0, 1, 0, 1];
    const trees = grow(
      table(
        useful.map((x, i) => [x, useless[i]!, 5 * x, -x]),
        useful,
      ),
      50,
    );

    expect(trees.points.length).toBe(150);
    expect(trees.points.includes(1)).toBe(false);
  });

  it('goes on to draw where points are constant', () => {
    const rows = [0, 1].map((x) => [3, 3, 3, 3, x, 3, 3, 3, 3]);

    const trees = grow(table(rows, [0, 1]), 50);

    expect(trees.points.filter((point) => point >= 0)).toEqual(new Int32Array(50).fill(4));
  });

  it('shares a leaf by the weights of its runs', () => {
    const alike = table([[1], [1], [1], [1]], [0, 0, 0, 1]);

    const trees = grow({ ...alike, weights: Float64Array.of(1, 5) }, 1);

    expect([...trees.points]).toEqual([-1]);
    expect([...trees.votes]).toEqual([(LEAF_VOTES * 3) / 8, (LEAF_VOTES * 5) / 8]);
  });

  it('goes on until leaves are pure', () => {
    const training = sineRuns(120, 6, 4);

    const { votes } = grow(training, 5);

    expect(new Set(votes)).toEqual(new Set([0, LEAF_VOTES]));
  });

  it('stops where a tree has its nodes', () => {
    const { roots } = growTrees(sineRuns(120, 6, 4), { trees: 5, nodes: 20 }, new Random('few'));

    expect([...roots]).toEqual([0, 19, 38, 57, 76, 95]);
  });
});

describe('extra trees', () => {
  // Expected: means over 40 seeds of scikit-learn 1.2.1, ExtraTreesClassifier(30, class_weight={0: 1, 1: weight, 2: 1}), fitted
  // to the first 200 of these runs. Margins are four deviations of the mean over the seeds here.
  it.each([
    { weight: 1, nodes: 176.0, accuracy: 0.897, probability: 0.6403 },
    { weight: 8, nodes: 184.9, accuracy: 0.8824, probability: 0.6248 },
  ])('grow and predict as those of scikit-learn do: %o', ({ weight, ...expected }) => {
    const all = { ...sineRuns(400, 12, 3), weights: Float64Array.of(1, weight, 1) };
    const training = { ...all, runs: 200, values: all.values.slice(0, 2_400), labels: all.labels.slice(0, 200) };
    const test = { ...all, runs: 200, values: all.values.slice(2_400), labels: all.labels.slice(200) };
    const found = Array.from({ length: 40 }, (_, seed) => {
      const learned = fitExtraTrees({ kind: 'extra-trees', trees: 30 }, training, new Random(`${seed}`));
      const { scores } = scoreExtraTrees(learned, test);
      const right = argmaxRows(scores, 3).filter((label, run) => label === test.labels[run]).length;
      const shares = Array.from(test.labels, (label, run) => shareOf(scores.subarray(run * 3, run * 3 + 3), label));
      return { nodes: learned.trees.points.length / 30, accuracy: right / 200, probability: mean(shares) };
    });

    expect(Math.abs(mean(found.map(({ nodes }) => nodes)) - expected.nodes)).toBeLessThan(3);
    expect(Math.abs(mean(found.map(({ accuracy }) => accuracy)) - expected.accuracy)).toBeLessThan(0.012);
    expect(Math.abs(mean(found.map(({ probability }) => probability)) - expected.probability)).toBeLessThan(0.007);
  });

  it('send a point that is its threshold the same way in a graph', async () => {
    const above = Math.fround(1 + 2 ** -23);
    const rows = Array.from({ length: 16 }, (_, run) => [above, 1, 1, above].map((x, i) => ((run >> i) & 1 ? x : 1)));
    const training = table(
      rows,
      rows.map((_, run) => run % 2),
    );

    const learned = fitExtraTrees({ kind: 'extra-trees', trees: 20 }, training, new Random('1'));

    expect(new Set(learned.trees.thresholds)).toEqual(new Set([0, 1]));
    await expectParity(learned, training);
  });

  it('score in a graph as they do here', async () => {
    await fc.assert(
      fc.asyncProperty(runsShape, fc.nat(), fc.integer({ min: 1, max: 40 }), async (shape, seed, trees) => {
        const learned = fitExtraTrees({ kind: 'extra-trees', trees }, noisyRuns(shape, seed), new Random(`${seed}`));

        // Runs of training too, whose points are close to thresholds.
        await expectParity(learned, noisyRuns(shape, seed));
        await expectParity(learned, noisyRuns(shape, seed + 1));
      }),
      { numRuns: runs(15, 500) },
    );
  });
});

function grow(training: LabelledRuns, trees: number): Trees {
  return growTrees(training, { trees, nodes: NO_LIMIT }, new Random('trees'));
}

function table(rows: readonly (readonly number[])[], labels: readonly number[]): LabelledRuns {
  return {
    values: Float32Array.from(rows.flat()),
    runs: rows.length,
    rows: 1,
    length: rows[0]!.length,
    labels: Int32Array.from(labels),
    classes: 2,
    weights: Float64Array.of(1, 1),
  };
}

// Of 30 trees and three classes; each class has the votes of half a tree from the start.
function shareOf(scores: Float32Array, label: number): number {
  return (Math.exp(scores[label]!) * (30 + 3 * 0.5) - 0.5) / 30;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}
