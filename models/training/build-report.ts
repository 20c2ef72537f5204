import type { ModelReport } from '../../server/inference/model-report.ts';
import type { ModelManifest } from '../../server/model/manifest.ts';
import { ROW_FIGURES } from '../../server/model/manifest.ts';
import { toOneLine } from '../../server/model/one-line.ts';
import { parametersOf } from './candidate-words.ts';
import { isForLive } from './candidates.ts';
import type { Compared } from './compare.ts';
import type { Dataset } from './dataset.ts';
import type { Described } from './datasets/read-runs.ts';
import { type Diagnoses, INPUT, PROBABILITIES, UNKNOWN } from './model.ts';
import type { Parity } from './parity.ts';
import { countClasses } from './splits.ts';
import { CONFIDENCE, testFigures } from './test-figures.ts';
import { meanTold, type Training } from './train.ts';
import { UNKNOWN_SCORES } from './unknown/scores.ts';

/** Of a file's name in a manifest. */
const SOURCE_CHARACTERS = 200;

/** All that is known of a model once it is tested. */
export interface Trained {
  readonly name: string;
  /** Of `model.onnx`. */
  readonly sha256: string;
  readonly training: Training;
  readonly train: Dataset;
  readonly test: Dataset;
  readonly testKind: 'held-out' | 'file';
  /** Of the test runs, by the trainer. */
  readonly diagnoses: Diagnoses;
  readonly parity: Parity;
  readonly seed: string;
  readonly folds: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly trainedAt: Date;
  readonly totalSeconds: number;
}

export function buildReport(trained: Trained): ModelReport {
  const { training, train, test, testKind, parity, diagnoses } = trained;
  const { comparison, decision, learningCurve, model, threshold, told, seconds } = training;
  const counts = countClasses(train.labels, train.classes.length);
  return {
    format: 1,
    name: trained.name,
    version: versionOf(trained),
    trainedAt: trained.trainedAt.toISOString(),
    seed: trained.seed,
    versions: { ...trained.versions },
    seconds: { ...seconds, total: trained.totalSeconds },
    data: {
      train: sourceOf(train),
      test: { ...sourceOf(test), kind: testKind },
      rows: rowNames(train),
      length: train.length,
      classes: train.classes.map((label, one) => ({ label, runs: counts[one]! })),
      ...(train.groups && { groups: new Set(train.groups).size }),
    },
    comparison: {
      runs: comparison.runs,
      folds: trained.folds,
      best: comparison.compared.indexOf(comparison.best),
      omitted: [...comparison.omitted],
      candidates: comparison.compared.map(toComparedCandidate),
    },
    decision: {
      exponent: decision.weighting.exponent,
      candidates: [...decision.tried],
      classes: train.classes.map((label, one) => ({ label, weight: model.weights[one]! })),
    },
    test: testFigures(test, model, diagnoses.probabilities),
    learningCurve: [...learningCurve],
    unknown: {
      score: model.unknown.kind,
      threshold,
      falseAlarms: diagnoses.unknown.filter((score) => score > threshold).length / test.runs,
      candidates: UNKNOWN_SCORES.filter((score) => told[score].length > 0).map((score) => ({
        score,
        auroc: meanTold(told[score], 'auroc'),
        rejected: meanTold(told[score], 'rejected'),
        classes: told[score].map((of, one) => ({ label: train.classes[one]!, ...of })),
      })),
    },
    parity: { ...parity, exceptions: [...parity.exceptions] },
  };
}

export function buildManifest(trained: Trained, report: ModelReport, described: Described): ModelManifest {
  const { train, training } = trained;
  const { candidate } = training.comparison.best;
  const told = report.unknown.candidates.find(({ score }) => score === report.unknown.score);
  return {
    format: 1,
    name: trained.name,
    version: versionOf(trained),
    sha256: trained.sha256,
    input: {
      name: INPUT,
      layout: 'rows',
      rows: rowNames(train),
      length: train.length,
      pointsPerSecond: described.pointsPerSecond,
      unit: described.unit,
      alignment: described.alignment,
    },
    outputs: { probabilities: PROBABILITIES, unknown: UNKNOWN },
    classes: described.classes.map((one, place) => ({ ...one, weight: training.model.weights[place]! })),
    thresholds: { unknown: training.threshold, confidence: CONFIDENCE },
    data: { source: toOneLine(train.source).slice(0, SOURCE_CHARACTERS), sha256: train.sha256, runs: train.runs },
    metrics: {
      accuracy: report.test.accuracy,
      macroF1: report.test.macroF1,
      logLoss: report.test.logLoss,
      calibrationError: report.test.calibrationError,
      ...(told && { unknownAuroc: told.auroc, unknownRejected: told.rejected }),
    },
    training: {
      learner: candidate.learner.kind,
      ...parametersOf(candidate.learner),
      scaling: candidate.scaling,
      live: isForLive(candidate.learner, train),
      seed: trained.seed,
      ...trained.versions,
    },
  };
}

// The same bytes are the same version, whenever and wherever they were made.
function versionOf({ sha256 }: Trained): string {
  return sha256.slice(0, 12);
}

function rowNames({ rows }: Dataset): ModelManifest['input']['rows'] {
  return rows === 1 ? ['mean'] : [...ROW_FIGURES];
}

function sourceOf({ source, sha256, runs }: Dataset) {
  return { source, sha256, runs };
}

function toComparedCandidate({ candidate, ...figures }: Compared): ModelReport['comparison']['candidates'][number] {
  const { learner, scaling } = candidate;
  return { learner: learner.kind, parameters: { ...parametersOf(learner) }, scaling, ...figures };
}
