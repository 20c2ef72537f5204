import { describe, expect, it } from 'vitest';
import { nearestExamples } from '../../../client/store/nearest-examples.ts';
import { tellingExamples } from '../../../client/store/opened-run.ts';
import { type RunPoints, runPoints } from '../../../client/store/run-points.ts';
import { replyOf } from '../../support/history-replies.ts';

const EXAMPLES = {
  rows: ['min', 'mean'] as const,
  length: 4,
  classes: [
    {
      label: '0',
      runs: [
        [0, 0, 1, 1, 2, 2, 3, 3],
        [0, 1, 0, 1, 2, 3, 2, 3],
      ],
    },
    {
      label: '1',
      runs: [
        [5, 5, 5, 9, 6, 6, 6, 20],
        [-3, 0, 0, 0, 1, 1, 1, 1],
      ],
    },
    { label: '2', runs: [] },
  ],
};

describe('the nearest examples of a run', () => {
  it('are those that scikit-learn 1.2.1 finds, of each class one, the nearest class first', () => {
    const near = nearestExamples(run([0, 1, 1, 0], [2, 4, 3, 2]), EXAMPLES);

    // NearestNeighbors(n_neighbors=1) on rows divided by the scale_ of StandardScaler, over sqrt(8).
    expect(near.map(({ label }) => label)).toEqual(['0', '1']);
    expect(near[0]!.distance).toBeCloseTo(0.22207397262364925, 12);
    expect(near[1]!.distance).toBeCloseTo(0.511836167124073, 12);
    expect(near[0]!.points).toEqual({ min: [0, 1, 0, 1], mean: [2, 3, 2, 3] });
    expect(near[1]!.points).toEqual({ min: [-3, 0, 0, 0], mean: [1, 1, 1, 1] });
  });

  it('are none where a point is missing or the run is of another length', () => {
    expect(nearestExamples(run([0, NaN, 1, 0], [2, NaN, 3, 2], 1), EXAMPLES)).toEqual([]);
    expect(nearestExamples(run([0, 1, 1], [2, 3, 2]), EXAMPLES)).toEqual([]);
  });

  it.each([
    ['a normal run, the nearest normal and the nearest fault', { outcome: 'class', label: '0' }, ['0', '2']],
    ['a fault, the nearest normal and the nearest of its class', { outcome: 'class', label: '1' }, ['0', '1']],
    ['an unknown run, the nearest of any and the nearest normal', { outcome: 'unknown', label: '1' }, ['0', '2']],
  ] as const)('tell of %s', (_, diagnosis, expected) => {
    const near = ['2', '1', '0'].map((label, distance) => ({ label, distance, points: {} }));

    expect(tellingExamples(diagnosis, near, '0').map(({ label }) => label)).toEqual(expected);
  });
});

describe('the points of a run', () => {
  const at = { timeMs: 100.25, endMs: 150.25, windows: 10 };

  it('are the rows of its time, and not a number where one is missing', () => {
    const reply = replyOf({ from: 17, to: 33, originMs: 0.25, missing: (window) => window === 24 });

    const points = runPoints(at, reply)!;

    expect([...points.mean]).toEqual([20, 21, 22, 23, NaN, 25, 26, 27, 28, 29]);
    expect(points).toMatchObject({ missing: 1, pointMs: 5 });
  });

  it('are none where the history has merged them', () => {
    expect(runPoints(at, replyOf({ from: 0, to: 40, span: 2 }))).toBeUndefined();
  });
});

function run(min: number[], mean: number[], missing = 0): RunPoints {
  return {
    min: Float64Array.from(min),
    max: Float64Array.from(min),
    mean: Float64Array.from(mean),
    missing,
    pointMs: 5,
  };
}
