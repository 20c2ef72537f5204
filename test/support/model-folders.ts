import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelReport } from '../../server/inference/model-report.ts';
import { LENGTH, levelGraph, writeModel } from './test-models.ts';

/** A report of the models of `test-models.ts`, with other fields where a test wants them. */
export function testReport(fields: Partial<ModelReport> = {}): ModelReport {
  const sha256 = 'd'.repeat(64);
  return {
    format: 1,
    name: 'level',
    version: '1',
    trainedAt: '2026-11-21T10:00:00.000Z',
    seed: '1',
    versions: { fenestra: '0.1.0' },
    seconds: { compare: 2, fit: 1, total: 4 },
    data: {
      train: { source: 'runs.csv', sha256, runs: 80 },
      test: { source: 'runs.csv', sha256, runs: 20, kind: 'held-out' },
      rows: ['mean'],
      length: LENGTH,
      classes: [
        { label: '0', runs: 60 },
        { label: '1', runs: 20 },
      ],
    },
    comparison: {
      runs: 80,
      folds: 5,
      best: 1,
      omitted: [],
      candidates: [
        candidate({ learner: 'nearest', parameters: { k: 5 }, macroF1: 0.71, seconds: 0.02 }),
        candidate({ learner: 'logistic', parameters: { c: 0.1 }, scaling: 'standardised', macroF1: 0.86 }),
        candidate({ learner: 'extra-trees', parameters: { trees: 300 }, macroF1: 0.8, logLoss: 0.31 }),
      ],
    },
    decision: {
      exponent: 0.5,
      candidates: [
        { exponent: 0, macroF1: 0.79 },
        { exponent: 0.5, macroF1: 0.83 },
      ],
      classes: [
        { label: '0', weight: 1 },
        { label: '1', weight: 1.732 },
      ],
    },
    test: {
      accuracy: 0.9,
      macroF1: 0.85,
      logLoss: 0.28,
      brier: 0.15,
      confusion: [
        [14, 1],
        [1, 4],
      ],
      classes: [
        { label: '0', precision: 14 / 15, recall: 14 / 15, sureRecall: 14 / 15, f1: 14 / 15, support: 15 },
        { label: '1', precision: 0.8, recall: 0.8, sureRecall: 0.6, f1: 0.8, support: 5 },
      ],
      confidence: 0.5,
      reliability: [
        { from: 0.5, to: 0.75, runs: 5, confidence: 0.62, accuracy: 0.6 },
        { from: 0.75, to: 1, runs: 15, confidence: 0.93, accuracy: 1 },
      ],
      calibrationError: 0.058,
      unweighted: { accuracy: 0.91, macroF1: 0.81 },
      uncalibrated: { macroF1: 0.84, logLoss: 0.35, calibrationError: 0.12 },
    },
    learningCurve: [
      { runs: 20, macroF1: 0.6, accuracy: 0.7 },
      { runs: 64, macroF1: 0.84, accuracy: 0.9 },
    ],
    unknown: {
      score: 'distance',
      threshold: 7.5,
      falseAlarms: 0.012,
      candidates: [
        { score: 'energy', auroc: 0.71, rejected: 0.2, classes: [{ label: '1', auroc: 0.71, rejected: 0.2 }] },
        { score: 'distance', auroc: 0.93, rejected: 0.64, classes: [{ label: '1', auroc: 0.93, rejected: 0.64 }] },
      ],
    },
    parity: { runs: 20, within: 20, tolerance: 1e-5, largestProbability: 3e-8, largestUnknown: 2e-7, exceptions: [] },
    ...fields,
  };
}

/** A report that was written before it said how much of the recall is told surely. */
export function reportBeforeSurely(): ModelReport {
  const { confidence: _confidence, classes, ...test } = testReport().test;
  return testReport({ test: { ...test, classes: classes.map(({ sureRecall: _sureRecall, ...of }) => of) } });
}

type Candidate = ModelReport['comparison']['candidates'][number];

function candidate(fields: Partial<Candidate> & Pick<Candidate, 'learner' | 'parameters'>): Candidate {
  return { scaling: 'none', macroF1: 0.8, macroF1Spread: 0.02, accuracy: 0.85, logLoss: 0.4, seconds: 0.5, ...fields };
}

/** Files beside a model, by name. */
export function writePapers(folder: string, papers: Readonly<Record<string, unknown>>): void {
  for (const [file, content] of Object.entries(papers)) {
    writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** A model with all its papers. */
export function writeWholeModel(folder: string, fields: Readonly<Record<string, unknown>> = {}): string {
  writeModel(folder, levelGraph(), fields);
  const run = Array.from({ length: LENGTH }, (_, i) => i / 10);
  writePapers(folder, {
    'card.md': '# level\n\nTells low from high.',
    'report.json': testReport({ ...('version' in fields && { version: fields.version as string }) }),
    'examples.json': {
      format: 1,
      rows: 1,
      length: LENGTH,
      classes: [
        { label: '0', runs: [run] },
        { label: '1', runs: [] },
      ],
    },
  });
  return folder;
}
