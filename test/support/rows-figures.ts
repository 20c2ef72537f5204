import { type Dataset, selectRuns, sharedFloats } from '../../models/training/dataset.ts';
import { fitLearner, type LearnerSpec, scoreRuns } from '../../models/training/learners/learners.ts';
import { argmaxRows, classFigures, confusionMatrix } from '../../models/training/metrics.ts';
import { balancedWeights, stratifiedFolds } from '../../models/training/splits.ts';
import { Random } from '../../server/ingest/simulator/random.ts';
import { GENERATED_ROWS } from './generated-runs.ts';

/** Of generated runs, by fits that had not seen them. */
export interface RowsFigures {
  readonly macroF1: number;
  readonly microArcF1: number;
}

/** The label of micro-arcing. */
export const MICRO_ARC = '1';
const FOLDS = 2;

/** How well MiniRocket tells all generated runs by cross-validation; the folds depend on the classes alone, not on the rows. */
export async function rocketFigures(runs: Dataset, spec: LearnerSpec): Promise<RowsFigures> {
  const classes = runs.classes.length;
  const predicted = new Int32Array(runs.runs);
  for (const { train, test } of stratifiedFolds(runs, FOLDS, new Random('folds'))) {
    const fitted = selectRuns(runs, train);
    const weights = balancedWeights(fitted.labels, classes);
    const learned = await fitLearner(spec, { ...fitted, classes, weights }, new Random('fit'));
    const judged = argmaxRows(scoreRuns(learned, selectRuns(runs, test)).scores, classes);
    test.forEach((run, i) => {
      predicted[run] = judged[i]!;
    });
  }
  const f1s = classFigures(confusionMatrix(runs.labels, predicted, classes), classes).map(({ f1 }) => f1);
  return {
    macroF1: f1s.reduce((sum, f1) => sum + f1, 0) / classes,
    microArcF1: f1s[runs.classes.indexOf(MICRO_ARC)]!,
  };
}

/** The same runs as they are known by their means alone. */
export function meansOf(runs: Dataset): Dataset {
  const { length } = runs;
  const values = sharedFloats(runs.runs * length);
  for (let run = 0; run < runs.runs; run++) {
    const from = (run * GENERATED_ROWS.length + GENERATED_ROWS.indexOf('mean')) * length;
    values.set(runs.values.subarray(from, from + length), run * length);
  }
  return { ...runs, values, rows: 1 };
}
