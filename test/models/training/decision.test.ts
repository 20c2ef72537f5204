import { describe, expect, it } from 'vitest';
import { calibrate, softmaxRows } from '../../../models/training/calibration.ts';
import { decideAcross, decideRows, fitDecision } from '../../../models/training/decision.ts';
import { argmaxRows, macroF1 } from '../../../models/training/metrics.ts';
import { countClasses } from '../../../models/training/splits.ts';
import { SCORED_CLASSES as CLASSES, drawScores } from '../../support/drawn-scores.ts';

/** Nine runs of ten are of the first class, and hard to tell from the others. */
const RARE = [4, 0, 0];

describe('fitDecision', () => {
  it('finds more macro-F1 by weights where classes are rare and overlap, also on runs that it was not fitted to', () => {
    const fitted = drawScores(4000, 0.5, 'a', RARE);
    const others = drawScores(4000, 0.5, 'b', RARE);

    const { calibration, weighting, tried } = fitDecision({ ...fitted, classes: CLASSES });

    const probabilities = softmaxRows(calibrate(calibration, others.scores), CLASSES);
    const weighed = macroF1(others.labels, decideRows(probabilities, weighting.weights), CLASSES);
    const plain = macroF1(others.labels, argmaxRows(probabilities, CLASSES), CLASSES);
    expect(weighed).toBeGreaterThan(plain + 0.05);
    expect(weighting.exponent).toBeGreaterThan(0);
    expect(Math.max(...tried.map((one) => one.macroF1))).toBe(
      tried.find(({ exponent }) => exponent === weighting.exponent)!.macroF1,
    );
  });

  it('weighs a class by its share, the most frequent 1, in numbers that people can read', () => {
    const { labels, scores } = drawScores(4000, 0.5, 'a', RARE);

    const { weighting } = fitDecision({ labels, scores, classes: CLASSES });

    const [most, second, third] = countClasses(labels, CLASSES);
    const expected = [1, most! / second!, most! / third!].map((ratio) =>
      Number((ratio ** weighting.exponent).toPrecision(4)),
    );
    expect(weighting.weights).toEqual(expected);
  });

  it('takes the smallest exponent of equals: the most probable class where nothing is gained', () => {
    const labels = Int32Array.of(0, 0, 0, 0, 1, 1, 2);
    const parted = Float32Array.from([...labels].flatMap((label) => [0, 1, 2].map((one) => (one === label ? 9 : 0))));

    const { weighting, tried } = fitDecision({ labels, scores: parted, classes: CLASSES });

    expect(tried.map((one) => one.macroF1)).toEqual(tried.map(() => 1));
    expect(weighting).toEqual({ exponent: 0, weights: [1, 1, 1] });
  });

  it('takes a class that the runs lack for one run', () => {
    const { labels, scores } = drawScores(4000, 0.5, 'a', RARE);
    const lacking = labels.map((label) => (label === 2 ? 0 : label));

    const { weighting } = fitDecision({ labels: lacking, scores, classes: CLASSES });

    const [most] = countClasses(lacking, CLASSES);
    expect(weighting.exponent).toBeGreaterThan(0);
    expect(weighting.weights[2]).toBe(Number((most! ** weighting.exponent).toPrecision(4)));
  });
});

describe('decideAcross', () => {
  it('calibrates and decides each part by the runs of the others alone', () => {
    const { labels, scores } = drawScores(900, 0.5, 'a', RARE);
    const partOf = labels.map((_, run) => run % 3);

    const { probabilities, decided } = decideAcross({ labels, scores, classes: CLASSES }, partOf);

    for (const part of [0, 1, 2]) {
      const isOf = (run: number) => partOf[run] === part;
      const scoresOf = (isWanted: (run: number) => boolean) =>
        scores.filter((_, at) => isWanted(Math.floor(at / CLASSES)));
      const { calibration, weighting } = fitDecision({
        labels: labels.filter((_, run) => !isOf(run)),
        scores: scoresOf((run) => !isOf(run)),
        classes: CLASSES,
      });
      const expected = softmaxRows(calibrate(calibration, scoresOf(isOf)), CLASSES);
      expect([...probabilities.filter((_, at) => isOf(Math.floor(at / CLASSES)))]).toEqual([...expected]);
      expect([...decided.filter((_, run) => isOf(run))]).toEqual([...decideRows(expected, weighting.weights)]);
    }
  });
});
