import { beforeAll, describe, expect, it } from 'vitest';
import { type Dataset, selectRuns, sharedFloats } from '../../models/training/dataset.ts';
import type { LearnerSpec } from '../../models/training/learners/learners.ts';
import { fitLearner, scoreRuns } from '../../models/training/learners/learners.ts';
import { areaUnderRoc, argmaxRows, macroF1 } from '../../models/training/metrics.ts';
import { balancedWeights, type Fold, shuffled, stratifiedFolds } from '../../models/training/splits.ts';
import { Random } from '../../server/ingest/simulator/random.ts';
import { GENERATED_ROWS, generatedRuns } from '../support/generated-runs.ts';
import { meansOf } from '../support/rows-figures.ts';
import { runFigures } from '../support/run-figures.ts';

const RUNS = 1000;
/** A fiftieth of the samples, which only the extremes notice. */
const RATE_HZ = 200_000;
const FOLDS = 5;
/** Macro-F1: above it, a figure would have values at which most runs are not normal. */
const SINGLE_FIGURE_LIMIT = 0.5;
/** Of half the runs, some 23 of each fault: by chance it is 0.5, and off by 0.06. */
const LEAST_AREA = 0.55;
const SINGLE: LearnerSpec = { kind: 'logistic', c: 1 };
const ROCKET: LearnerSpec = { kind: 'rocket', features: 2000, pooling: 'ppv-max', head: { kind: 'ridge' } };

describe.each(['sliding', 'ignition', 'mark'] as const)('generated runs, %s', (alignment) => {
  let data: Dataset;
  beforeAll(async () => {
    data = await generatedRuns({ runs: RUNS, seed: '1', rateHz: RATE_HZ, alignment });
  });

  it('tell no class from normal by any one figure of any row', async () => {
    const told: string[] = [];
    for (const [place, row] of GENERATED_ROWS.entries()) {
      const figures = Array.from({ length: RUNS }, (_, run) => runFigures(rowOf(data, run, place)));
      for (let label = 1; label < data.classes.length; label++) {
        const runs = Int32Array.from(data.labels.keys()).filter((run) => [0, label].includes(data.labels[run]!));
        for (const figure of Object.keys(figures[0]!)) {
          const f1 = await singleFigureF1(
            runs.map((run) => Number(data.labels[run] === label)),
            Float64Array.from(runs, (run) => figures[run]![figure]!),
          );
          if (!(f1 < SINGLE_FIGURE_LIMIT)) told.push(`class ${label} by the ${figure} of ${row}: ${f1.toFixed(3)}`);
        }
      }
    }

    expect(told).toEqual([]);
  });

  it('are told by their shape, micro-arcs only by minima and maxima, and shuffled labels not at all', async () => {
    const areas = await rocketAreas(data, data.labels);
    const [arcsByMeans] = await rocketAreas(meansOf(data), data.labels);
    const chance = await rocketAreas(data, Int32Array.from(shuffled([...data.labels], new Random('labels'))));

    expect(meanOf(areas)).toBeGreaterThan(0.7);
    expect(Math.min(...areas)).toBeGreaterThan(LEAST_AREA);
    expect(areas[0]).toBeGreaterThan(arcsByMeans! + 0.15);
    expect(Math.abs(meanOf(chance) - 0.5)).toBeLessThan(0.1);
  });
});

function rowOf(data: Dataset, run: number, place: number): Float32Array {
  return data.values.subarray((3 * run + place) * data.length, (3 * run + place + 1) * data.length);
}

/** Macro-F1 of logistic regression on one figure, by cross-validation, no class weighed more than another. */
async function singleFigureF1(labels: Int32Array, figure: Float64Array): Promise<number> {
  expect(figure.every(Number.isFinite)).toBe(true);
  const mean = figure.reduce((sum, value) => sum + value, 0) / figure.length;
  const deviation = Math.sqrt(figure.reduce((sum, value) => sum + (value - mean) ** 2, 0) / figure.length);
  const values = sharedFloats(figure.length);
  values.set(figure.map((value) => (value - mean) / deviation));
  const shape = { runs: figure.length, rows: 1, length: 1, classes: ['0', '1'] };
  const runs: Dataset = { ...shape, values, labels, source: '', sha256: '' };
  const predicted = new Int32Array(runs.runs);
  for (const { train, test } of stratifiedFolds(runs, FOLDS, new Random('folds'))) {
    const weights = Float64Array.of(1, 1);
    const learned = await fitLearner(SINGLE, { ...selectRuns(runs, train), classes: 2, weights }, new Random('fit'));
    const judged = argmaxRows(scoreRuns(learned, selectRuns(runs, test)).scores, 2);
    test.forEach((run, i) => {
      predicted[run] = judged[i]!;
    });
  }
  return macroF1(labels, predicted, 2);
}

/** How well MiniRocket, fitted to one half of the runs, tells each class from normal in the other: area under the ROC. */
async function rocketAreas(all: Dataset, labels: Int32Array): Promise<number[]> {
  const runs = { ...all, labels };
  const classes = runs.classes.length;
  const [{ train, test }] = stratifiedFolds(runs, 2, new Random('halves')) as [Fold, Fold];
  const fitted = selectRuns(runs, train);
  const weights = balancedWeights(fitted.labels, classes);
  const learned = await fitLearner(ROCKET, { ...fitted, classes, weights }, new Random('fit'));
  const { scores } = scoreRuns(learned, selectRuns(runs, test));
  const scoresOf = (label: number, of: number) =>
    Array.from(test.keys())
      .filter((i) => labels[test[i]!] === of)
      .map((i) => scores[i * classes + label]! - scores[i * classes]!);
  return runs.classes.slice(1).map((_, i) => areaUnderRoc(scoresOf(i + 1, 0), scoresOf(i + 1, i + 1)));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
