import { createHash } from 'node:crypto';
import { AppError } from '../../server/base/errors.ts';
import { ModelReport } from '../../server/inference/model-report.ts';
import { ModelManifest } from '../../server/model/manifest.ts';
import { buildManifest, buildReport } from './build-report.ts';
import type { Dataset } from './dataset.ts';
import type { Described } from './datasets/read-runs.ts';
import { pickExamples } from './examples.ts';
import type { FitPool } from './fit-pool.ts';
import { diagnose, encodeModel } from './model.ts';
import { modelCards } from './model-card.ts';
import { OPSETS } from './onnx/graph.ts';
import { compareDiagnoses, isInParity, isSameAnswer, LEAST_WITHIN, type Parity, runOnnx } from './parity.ts';
import { reportMarkdown } from './report-text.ts';
import { holdOut, type TrainingOptions, train } from './train.ts';

export interface ModelOptions extends TrainingOptions {
  readonly name: string;
  readonly data: Dataset;
  /** Without it a fifth of the runs is held out. */
  readonly test?: Dataset;
  readonly described: Described;
  /** Of this program. */
  readonly version: string;
}

/** A model with all that is told of it: what its folder holds. */
export interface ModelFiles {
  readonly report: ModelReport;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** Trains, tests and describes a model. Throws `MODEL_UNFIT` where ONNX Runtime does not say what the trainer says. */
export async function trainModel(pool: FitPool, options: ModelOptions): Promise<ModelFiles> {
  const { data, test, name, seed, folds, described, version, onStage } = options;
  const trainedAt = new Date();
  const started = performance.now();
  const parts = holdOut(data, test, options);
  const training = await train(pool, parts.train, options);

  const onTested = onStage(`testing on ${parts.test.runs} runs`, 1);
  const bytes = encodeModel(training.model, version);
  const diagnoses = diagnose(training.model, parts.test);
  const parity = compareDiagnoses(diagnoses, await runOnnx(bytes, parts.test), {
    weights: training.model.weights,
    threshold: training.threshold,
  });
  if (!isInParity(parity)) throw unfit(parity);
  const trained = {
    ...parts,
    name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    training,
    testKind: test === undefined ? 'held-out' : 'file',
    diagnoses,
    parity,
    seed,
    folds,
    versions: versionsOf(version),
    trainedAt,
    totalSeconds: (performance.now() - started) / 1000,
  } as const;
  const report = ModelReport.parse(buildReport(trained));
  const manifest = ModelManifest.parse(buildManifest(trained, report, described));
  const { probabilities, decided } = training.heldOut;
  const examples = pickExamples(parts.train, probabilities, decided);
  onTested();
  return {
    report,
    files: {
      'model.onnx': bytes,
      'manifest.json': toJson(manifest),
      'report.json': toJson(report),
      'report.md': reportMarkdown(report, manifest),
      ...modelCards(manifest, report, described),
      'examples.json': JSON.stringify(examples),
    },
  };
}

function unfit({ runs, within, exceptions }: Parity): AppError {
  const others = exceptions.filter((one) => !isSameAnswer(one)).length;
  return new AppError(
    'MODEL_UNFIT',
    `ONNX Runtime agrees with the trainer on ${within} of ${runs} test runs and gives another answer on ${others}, expected ${LEAST_WITHIN} of them and none`,
  );
}

function versionsOf(version: string): Record<string, string> {
  const opsets = OPSETS.map((of) => `${of.domain || 'ai.onnx'} ${of.version}`).join(', ');
  return { fenestra: version, node: process.versions.node, opsets };
}

function toJson(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
