import { describe, expect, it } from 'vitest';
import { fitLearner, type LearnerSpec, scoreRuns } from '../../models/training/learners/learners.ts';
import { argmaxRows, macroF1 } from '../../models/training/metrics.ts';
import { applyScaling, fitScaling } from '../../models/training/scaling.ts';
import { Random } from '../../server/ingest/simulator/random.ts';
import { HALPHA_FILE } from '../support/halpha.ts';
import { crossValidate, readHalphaWindows } from '../support/halpha-windows.ts';
import { expectParity } from '../support/learner-graph.ts';
import { hasData } from '../support/tools.ts';

// Expected: macro-F1 of scikit-learn 1.2.1 with the same windows, folds and scaling.

const LEARNERS: [string, LearnerSpec, number][] = [
  ['logistic regression', { kind: 'logistic', c: 1 }, 0.536],
  ['5 nearest', { kind: 'nearest', k: 5 }, 0.366],
  ['RBF SVM', { kind: 'svm', c: 1 }, 0.405],
];

describe.skipIf(!hasData(HALPHA_FILE))('windows of 47 tokamak discharges', () => {
  const windows = hasData(HALPHA_FILE) ? readHalphaWindows() : undefined;

  it('are 607 that have one label', () => {
    expect(windows!.runs).toBe(607);
    expect([0, 1, 2].map((label) => windows!.labels.filter((one) => one === label).length)).toEqual([267, 288, 52]);
  });

  it.each(LEARNERS)('are told apart as well as by scikit-learn: %s', async (name, spec, expected) => {
    const found = await crossValidate(windows!, async (training, test) => {
      const scaling = fitScaling('standardised', training);
      const learned = await fitLearner(spec, applyScaling(scaling, training), new Random('1'));
      return argmaxRows(scoreRuns(learned, applyScaling(scaling, test)).scores, training.classes);
    });

    const score = macroF1(windows!.labels, found, windows!.classes.length);
    console.log(`${name}: macro-F1 ${score.toFixed(4)}, scikit-learn ${expected}`);
    expect(Math.abs(score - expected)).toBeLessThanOrEqual(0.02);
  });

  it.each(LEARNERS)('are scored by a graph as by the trainer: %s', async (_name, spec) => {
    const training = { ...windows!, classes: 3, weights: Float64Array.of(1, 1, 5) };
    const scaled = applyScaling(fitScaling('standardised', training), training);

    await expectParity(await fitLearner(spec, scaled, new Random('1')), scaled);
  });
});
