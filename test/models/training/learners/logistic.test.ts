import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLogistic } from '../../../../models/training/learners/logistic.ts';
import { noisyRuns, runsShape, sineRuns } from '../../../support/labelled-runs.ts';
import { expectParity } from '../../../support/learner-graph.ts';
import { runs } from '../../../support/runs.ts';

// Expected figures: computed with scikit-learn 1.2.1, LogisticRegression(multi_class='multinomial', solver='newton-cg', tol=1e-12).

describe('logistic regression', () => {
  it('comes to the minimum of scikit-learn, with weighted classes', () => {
    const learned = fitLogistic(
      { kind: 'logistic', c: 0.7 },
      { ...sineRuns(60, 5, 3), weights: Float64Array.of(1, 2, 0.5) },
    );

    expectClose(
      learned.weights,
      [
        0.19395011254418149, 0.08834877253821327, -0.09569824681773952, -0.27252887649559765, -0.1641018455533801,
        -0.13437371449479926, -0.23552642577850313, -0.15114531794278063, 0.0622865096333548, 0.21629243048792288,
        -0.05957639804938255, 0.14717765324029455, 0.24684356476051897, 0.21024236686224387, -0.0521905849345341,
      ],
    );
    expectClose(learned.intercepts, [4.726957546727971, -0.8746193720838716, -3.852338174644069]);
  });

  it('penalises two classes as it does more', () => {
    const learned = fitLogistic({ kind: 'logistic', c: 2 }, sineRuns(40, 5, 2));

    const second = [
      -0.21818250346991885, -0.24456082920554797, -0.04737219483439387, 0.11360364685465461, 0.1856634077783754,
    ];
    expectClose(learned.weights, [...second.map((weight) => -weight), ...second]);
    expectClose(learned.intercepts, [2.2411302021084696, -2.2411302021084696]);
  });

  it('finds the same minimum far from 0, where columns hardly differ from constants', () => {
    const near = sineRuns(60, 5, 3);
    const far = { ...near, values: near.values.map((value) => value + 4096) };

    const [expected, learned] = [near, far].map((one) => fitLogistic({ kind: 'logistic', c: 1 }, one));

    expectClose(learned!.weights, [...expected!.weights], 1e-3);
  });

  it('scores in a graph as it does here', async () => {
    await fc.assert(
      fc.asyncProperty(runsShape, fc.nat(), fc.constantFrom(0.01, 1, 100), async (shape, seed, c) => {
        const learned = fitLogistic({ kind: 'logistic', c }, noisyRuns(shape, seed));

        await expectParity(learned, noisyRuns(shape, seed + 1));
      }),
      { numRuns: runs(25, 1_000) },
    );
  });
});

function expectClose(actual: Float32Array, expected: readonly number[], tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value) / Math.max(1, Math.abs(value))));
  expect(largest).toBeLessThan(tolerance);
}
