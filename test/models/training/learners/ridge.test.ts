import { describe, expect, it } from 'vitest';
import { fitRidge } from '../../../../models/training/learners/ridge.ts';
import { sineRuns } from '../../../support/labelled-runs.ts';

// Expected figures: computed with scikit-learn 1.2.1, RidgeClassifierCV(alphas=np.logspace(-3, 3, 10), class_weight={0: 1, 1: 2, 2: 0.5}).

describe('ridge', () => {
  it('finds alpha and coefficients of scikit-learn where runs are more than columns', () => {
    const { alpha, coefficients, intercepts } = fitSines(60, 5, [1, 2, 0.5]);

    expect(alpha).toBeCloseTo(215.44346900318823, 9);
    expectClose(firstThree(coefficients, 5), [
      [0.0538591802, 0.0349592395, -0.0051453233],
      [-0.0427585997, -0.0652936136, -0.0343543322],
      [-0.0111005806, 0.0303343741, 0.0394996556],
    ]);
    expectClose([intercepts], [[0.7453540189, -0.6214053502, -1.1239486687]]);
  });

  it('finds them where columns are more than runs', () => {
    const { alpha, coefficients, intercepts } = fitSines(20, 30, [1, 2, 0.5]);

    expect(alpha).toBeCloseTo(10, 9);
    expectClose(firstThree(coefficients, 30), [
      [0.0843172365, 0.0085994848, -0.0793881449],
      [-0.0556485517, 0.1165276775, 0.0568051536],
      [-0.0286686848, -0.1251271623, 0.0225829913],
    ]);
    expectClose([intercepts], [[-36.3859957288, 11.3549485617, 24.0310471671]]);
  });

  it('reckons with the intercept, which is free of the penalty, where a run is left out of few', () => {
    const { alpha, intercepts } = fitSines(9, 2, [1, 2, 0.5]);

    expect(alpha).toBeCloseTo(215.44346900318823, 9); // 46.4 without
    expectClose([intercepts], [[-0.5209188301, 0.1403404674, -0.6194216373]]);
  });

  it('gives each of two classes a score of its own', () => {
    const { alpha, coefficients, intercepts } = fitSines(40, 5, [1, 1]);

    expect(alpha).toBeCloseTo(46.41588833612773, 9);
    expectClose(firstThree(coefficients, 5), [
      [0.1130346601, 0.1302967344, 0.0217266577],
      [-0.1130346601, -0.1302967344, -0.0217266577],
    ]);
    expectClose([intercepts], [[1.1691826553, -1.1691826553]]);
  });

  it('gives no weight to a column that never changes', () => {
    const { values, labels } = sineRuns(30, 4, 3);
    const features = Float64Array.from(values, (value, i) => (i % 4 === 2 ? 7 : value));

    const { coefficients } = fitRidge({ features, width: 4, labels, classes: 3, weights: Float64Array.of(1, 1, 1) });

    expect([2, 6, 10].map((i) => Math.abs(coefficients[i]!) < 1e-12)).toEqual([true, true, true]);
  });
});

function fitSines(runs: number, width: number, weights: readonly number[]) {
  const { values, labels, classes } = sineRuns(runs, width, weights.length);
  return fitRidge({ features: Float64Array.from(values), width, labels, classes, weights: Float64Array.from(weights) });
}

function firstThree(coefficients: Float64Array, width: number): Float64Array[] {
  return Array.from({ length: coefficients.length / width }, (_, c) => coefficients.slice(c * width, c * width + 3));
}

function expectClose(actual: readonly Float64Array[], expected: readonly (readonly number[])[]): void {
  for (const [row, values] of expected.entries()) {
    for (const [i, value] of values.entries()) expect(actual[row]![i]).toBeCloseTo(value, 8);
  }
}
