import { describe, expect, it } from 'vitest';
import {
  describeCandidate,
  describeCompared,
  describeOmission,
  parametersOf,
} from '../../../models/training/candidate-words.ts';
import { candidatesOf, isForLive, LEARNERS, LIVE_ROCKET_FEATURES } from '../../../models/training/candidates.ts';

const RUNS = { runs: 7000, length: 972 };

describe('candidatesOf', () => {
  it('compares every learner, each with its parameters and scalings once', () => {
    const { candidates, omitted } = candidatesOf({ learners: LEARNERS, features: 2688 }, RUNS);

    const names = candidates.map(describeCandidate);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('MiniRocket (features 2688, pooling ppv, head ridge), not scaled');
    expect(names).toContain('MiniRocket (features 2688, pooling ppv-max, head logistic, head-c 0.01), not scaled');
    expect(new Set(candidates.map(({ learner }) => learner.kind))).toEqual(new Set(LEARNERS));
    expect(omitted).toEqual([]);
  });

  it.each([
    ['svm', { ...RUNS, runs: 10_001 }, 'support vector machine (10001 runs, at most 10000)'],
    ['rocket', { ...RUNS, length: 8 }, 'MiniRocket (8 points a run, at least 9)'],
  ] as const)('leaves out %s, and says why, where it cannot be fitted to the runs', (learner, runs, words) => {
    const { candidates, omitted } = candidatesOf({ learners: [learner, 'nearest'], features: 84 }, runs);

    expect(new Set(candidates.map((one) => one.learner.kind))).toEqual(new Set(['nearest']));
    expect(omitted.map(describeOmission)).toEqual([words]);
    expect(() => candidatesOf({ learners: [learner], features: 84 }, runs)).toThrow(
      `nothing is left to compare: ${words}`,
    );
  });

  it('takes what is just within the limits', () => {
    const { omitted } = candidatesOf({ learners: ['svm', 'rocket'], features: 84 }, { runs: 10_000, length: 9 });

    expect(omitted).toEqual([]);
  });
});

it('flattens parameters that have parts', () => {
  expect(parametersOf({ kind: 'rocket', features: 84, pooling: 'ppv', head: { kind: 'logistic', c: 2 } })).toEqual({
    features: 84,
    pooling: 'ppv',
    head: 'logistic',
    'head-c': 2,
  });
});

it('calls a candidate of a report what it is called in training', () => {
  const candidate = { scaling: 'max', learner: { kind: 'extra-trees', trees: 300 } } as const;

  const compared = { learner: 'extra-trees', parameters: { trees: 300 }, scaling: 'max' };

  expect(describeCandidate(candidate)).toBe('extra trees (trees 300), max-normalised');
  expect(describeCompared(compared)).toBe(describeCandidate(candidate));
});

it.each([
  [2700, 1, true],
  [2701, 1, false],
  [900, 3, true],
  [972, 3, false],
])(
  'calls %i points in %i rows live: %s, but for MiniRocket, of which its own features count',
  (length, rows, isLive) => {
    const runs = { rows, length };
    const rocket = (features: number) =>
      isForLive({ kind: 'rocket', features, pooling: 'ppv', head: { kind: 'ridge' } }, runs);

    expect(isForLive({ kind: 'svm', c: 1 }, runs)).toBe(isLive);
    expect([rocket(LIVE_ROCKET_FEATURES), rocket(2700), rocket(2701)]).toEqual([true, true, false]);
    expect(LIVE_ROCKET_FEATURES).toBe(2688);
  },
);
