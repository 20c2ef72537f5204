import { describe, expect, it } from 'vitest';
import {
  accuracy,
  areaUnderRoc,
  argmaxRows,
  brierScore,
  calibrationError,
  classFigures,
  confusionMatrix,
  logLoss,
  macroF1,
  quantile,
  rejectionRate,
  reliabilityBins,
  sureRecalls,
} from '../../../models/training/metrics.ts';

// Runs and probabilities drawn by numpy; what they come to was computed with scikit-learn 1.2.1. Class 3 has no runs.
// biome-ignore format: a table
const labels = Int32Array.of(
  2, 0, 1, 0, 0, 0, 1, 1, 2, 1, 1, 2, 1, 2, 0, 0, 0, 1, 2, 0, 2, 1, 2, 2, 2, 2, 0, 1, 2, 1, 0, 2, 1, 1, 2, 0, 2, 0, 1, 0,
);
// biome-ignore format: a table
const probabilities = Float32Array.from([
  28, 40, 613, 319, 515, 170, 205, 110, 296, 478, 137, 89, 172, 153, 348, 327, 364, 314, 295, 27, 349, 394, 247, 10,
  68, 53, 91, 788, 150, 425, 162, 263, 369, 334, 250, 47, 224, 300, 6, 470, 321, 94, 20, 565, 26, 171, 38, 765, 37,
  47, 785, 131, 189, 390, 229, 192, 242, 242, 49, 467, 436, 25, 338, 201, 46, 489, 31, 434, 50, 145, 456, 349, 763,
  48, 186, 3, 210, 92, 301, 397, 21, 478, 90, 411, 425, 423, 106, 46, 104, 0, 278, 618, 346, 206, 371, 77, 44, 782,
  19, 155, 11, 0, 824, 165, 727, 188, 69, 16, 4, 287, 282, 427, 108, 629, 35, 228, 420, 178, 74, 328, 418, 486, 87, 9,
  54, 34, 402, 510, 298, 320, 228, 154, 489, 188, 64, 259, 279, 392, 201, 128, 913, 22, 62, 3, 424, 390, 175, 11, 338,
  12, 107, 543, 131, 672, 48, 149, 252, 541, 11, 196,
], (thousandths) => thousandths / 1000);
// biome-ignore format: a table
const known = [
  1.5, 0.9, -1, -1, -0.6, 1.4, -0.8, -1.5, 0, 0.4, -0.7, 1.6, 0.2, 0.5, -0.9, 0, -0.2, -2.3, 0.3, -1.8, 0, -1.5, 2, 0.3,
  0.9, 0.9, -1.3, -2.3, -0.3, 0.9, 0.1, 0.8, 0.9, -1.5, 0.3, 2, -0.6, -2, -0.2, -0.5, 0.4, -0.9, 0.1, -2.2, 0.9, 1.6,
  1.3, -1.5, 0.3, -3,
];
// biome-ignore format: a table
const strange = [
  1.3, 0.9, 0, 1.3, 1.1, 1.9, 1.1, 1.2, -0.9, -0.2, 0.5, 1.3, 1, 2.5, 0.1, 0.8, 1.3, 0.8, 1.5, 0.4, 2.4, 0.7, 2.1, 1, 2.5,
  -0.4, 1.5, 0.6, 1.2, 2.2,
];
const CLASSES = 4;
const predicted = argmaxRows(probabilities, CLASSES);

describe('figures of predictions', () => {
  it('count runs by class and prediction', () => {
    expect([...confusionMatrix(labels, predicted, CLASSES)]).toEqual([5, 4, 1, 3, 3, 4, 2, 4, 3, 5, 3, 3, 0, 0, 0, 0]);
  });

  it('give the recall of what is told surely, as scikit-learn with every unsure run given to a class without runs', () => {
    expect(sureRecalls(labels, probabilities, predicted, 0.4)).toEqual([4 / 13, 3 / 13, 2 / 14, 0]);
    expect(sureRecalls(labels, probabilities, predicted, 0.5)).toEqual([3 / 13, 1 / 13, 2 / 14, 0]);
  });

  it('take a run for sure at the least confidence itself, whichever class is the most probable', () => {
    expect(sureRecalls(Int32Array.of(1, 1), Float32Array.of(0.5, 0.5, 0.625, 0.375), Int32Array.of(1, 1), 0.5)).toEqual(
      [0, 0.5],
    );
  });

  it('are those of scikit-learn for each class, 0 where there is nothing to divide by', () => {
    const figures = classFigures(confusionMatrix(labels, predicted, CLASSES), CLASSES);

    expect(figures).toEqual([
      { precision: 5 / 11, recall: 5 / 13, f1: expect.closeTo(0.4166666666666667, 12), support: 13 },
      { precision: 4 / 13, recall: 4 / 13, f1: expect.closeTo(0.3076923076923077, 12), support: 13 },
      { precision: 0.5, recall: 3 / 14, f1: expect.closeTo(0.3, 12), support: 14 },
      { precision: 0, recall: 0, f1: 0, support: 0 },
    ]);
  });

  it('are those of scikit-learn over all classes', () => {
    expect(accuracy(labels, predicted)).toBe(0.3);
    expect(macroF1(labels, predicted, CLASSES)).toBeCloseTo(0.25608974358974357, 12);
    expect(macroF1(labels, labels, CLASSES)).toBe(1); // a class that is nowhere does not count
  });
});

describe('figures of probabilities', () => {
  it('are those of scikit-learn', () => {
    expect(logLoss(labels, probabilities, CLASSES)).toBeCloseTo(1.5000438145687975, 5); // f32 against f64
    expect(brierScore(labels, probabilities, CLASSES)).toBeCloseTo(0.8077114, 5);
  });

  it('take a probability of 0 for the true class as the smallest step, not as infinitely wrong', () => {
    expect(logLoss(Int32Array.of(1), Float32Array.of(1, 0), 2)).toBeCloseTo(23 * Math.LN2, 10);
  });

  it('give the curve of scikit-learn in 15 bins, and the error it comes to', () => {
    const bins = reliabilityBins(labels, probabilities, predicted);

    const filled = bins.filter(({ runs }) => runs > 0);
    const numbers = (of: readonly number[]) => of.map((value) => expect.closeTo(value, 6));
    expect(filled.map((bin) => bin.accuracy)).toEqual(numbers([1, 0.25, 2 / 7, 2 / 9, 0, 1 / 3, 1, 0, 1, 1]));
    expect(filled.map((bin) => bin.confidence)).toEqual(
      numbers([0.32, 0.378125, 0.4304285714, 0.4868888889, 0.5496666667, 0.62, 0.6995, 0.7766, 0.824, 0.913]),
    );
    expect(bins.length).toBe(15);
    expect(calibrationError(bins)).toBeCloseTo(0.3089, 6);
  });
});

describe('figures of a score', () => {
  it('are those of scikit-learn and numpy, with ties', () => {
    expect(areaUnderRoc(known, strange)).toBeCloseTo(0.7886666666666666, 12);
    expect(quantile(known, 0.99)).toBeCloseTo(2, 12);
    expect(quantile([3, 1, 2, 10], 0.9)).toBeCloseTo(7.9, 12); // numpy.quantile
    expect(rejectionRate(known, strange)).toBeCloseTo(5 / 30, 12);
  });
});
