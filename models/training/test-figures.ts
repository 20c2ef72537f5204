import type { ModelReport } from '../../server/inference/model-report.ts';
import { softmaxRows } from './calibration.ts';
import type { Dataset } from './dataset.ts';
import { decideRows } from './decision.ts';
import {
  accuracy,
  argmaxRows,
  brierScore,
  calibrationError,
  classFigures,
  confusionMatrix,
  logLoss,
  macroF1,
  reliabilityBins,
  sureRecalls,
} from './metrics.ts';
import { type Model, scoreFitted } from './model.ts';

/** Least probability of a class that is told surely: it is more likely right than wrong. */
export const CONFIDENCE = 0.5;

/** What a model's probabilities for the test runs, runs × classes, are worth, and the classes that it tells by them. */
export function testFigures(data: Dataset, model: Model, probabilities: Float32Array): ModelReport['test'] {
  const { labels } = data;
  const classes = data.classes.length;
  const predicted = decideRows(probabilities, model.weights);
  const confusion = confusionMatrix(labels, predicted, classes);
  const reliability = reliabilityBins(labels, probabilities, predicted);
  const sure = sureRecalls(labels, probabilities, predicted, CONFIDENCE);
  const mostProbable = argmaxRows(probabilities, classes);
  const plain = softmaxRows(scoreFitted(model, data), classes);
  const plainPredicted = argmaxRows(plain, classes);
  return {
    accuracy: accuracy(labels, predicted),
    macroF1: macroF1(labels, predicted, classes),
    logLoss: logLoss(labels, probabilities, classes),
    brier: brierScore(labels, probabilities, classes),
    confusion: data.classes.map((_, one) => [...confusion.subarray(one * classes, (one + 1) * classes)]),
    classes: classFigures(confusion, classes).map(({ precision, recall, ...rest }, one) => ({
      label: data.classes[one]!,
      precision,
      recall,
      sureRecall: sure[one]!,
      ...rest,
    })),
    confidence: CONFIDENCE,
    reliability,
    calibrationError: calibrationError(reliability),
    unweighted: { accuracy: accuracy(labels, mostProbable), macroF1: macroF1(labels, mostProbable, classes) },
    uncalibrated: {
      macroF1: macroF1(labels, plainPredicted, classes),
      logLoss: logLoss(labels, plain, classes),
      calibrationError: calibrationError(reliabilityBins(labels, plain, plainPredicted)),
    },
  };
}
