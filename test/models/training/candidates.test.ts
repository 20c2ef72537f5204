import { describe, expect, it } from 'vitest';
import { candidatesOf, describeCandidate, LEARNERS, parametersOf } from '../../../models/training/candidates.ts';

describe('candidatesOf', () => {
  it('compares every learner, each with its parameters and scalings once', () => {
    const names = candidatesOf({ learners: LEARNERS, features: 2688, runs: 7000 }).map(describeCandidate);

    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('rocket (features 2688, head logistic, head-c 0.01), not scaled');
    expect(names).toContain('svm (c 10, gamma scale), standardised');
    for (const learner of LEARNERS) expect(names.join()).toContain(learner);
  });

  it('leaves support vector machines out where there are more runs than they can be fitted to', () => {
    const many = candidatesOf({ learners: ['svm', 'nearest'], features: 84, runs: 10_001 });

    expect(new Set(many.map(({ learner }) => learner.kind))).toEqual(new Set(['nearest']));
    expect(() => candidatesOf({ learners: ['svm'], features: 84, runs: 10_001 })).toThrow('expected at most 10000');
  });
});

it('flattens parameters that have parts', () => {
  expect(parametersOf({ kind: 'rocket', features: 84, head: { kind: 'logistic', c: 2 } })).toEqual({
    features: 84,
    head: 'logistic',
    'head-c': 2,
  });
});
