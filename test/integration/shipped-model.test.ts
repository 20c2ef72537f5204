import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PLASMA_CLASSES } from '../../models/training/classes.ts';
import { selectRuns } from '../../models/training/dataset.ts';
import { accuracy, macroF1 } from '../../models/training/metrics.ts';
import { checkModel } from '../../server/inference/check-model.ts';
import { unfitness } from '../../server/inference/finding.ts';
import { ModelExamples } from '../../server/inference/model-examples.ts';
import { ModelReport } from '../../server/inference/model-report.ts';
import { toOutcome } from '../../server/model/outcome.ts';
import { RunnableModel } from '../../server/model/runnable-model.ts';
import { generatedRuns } from '../support/generated-runs.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { MODEL_WORKER } from '../support/test-models.ts';

const FOLDER = fileURLToPath(new URL('../../models/plasma', import.meta.url));
const RUNS = 500;
const BATCH = 10;
/** What a figure may be short of the report's, in standard errors of the difference. */
const MOST_ERRORS = 3;
/** Tables of that many runs that are drawn to see how far their macro-F1 goes by chance. */
const DRAWS = 400;

it('is fit, and its papers are of it', async () => {
  const { findings, model } = await checkModel(FOLDER, MODEL_WORKER);

  expect(unfitness(findings)).toBe('');
  const { manifest } = model!;
  expect(manifest).toMatchObject({
    name: 'plasma',
    input: { rows: ['min', 'max', 'mean'], length: 972, alignment: { kind: 'sliding', hop: 100 } },
    training: { live: true },
  });
  expect(manifest.classes.map(({ label, name }) => [label, name])).toEqual(
    PLASMA_CLASSES.map(({ label, name }) => [label, name]),
  );
  const report = ModelReport.parse(JSON.parse(read('report.json')));
  expect(report).toMatchObject({ name: manifest.name, version: manifest.version });
  expect(read('card.md')).toContain(`macro-F1 ${manifest.metrics.macroF1!.toFixed(3)}`);
  const examples = ModelExamples.parse(JSON.parse(read('examples.json')));
  expect(examples.classes.map(({ runs }) => runs.length > 0)).toEqual(manifest.classes.map(() => true));
});

it('tells runs that nobody trained it on as well as its report says', async () => {
  const data = await generatedRuns({ runs: RUNS, seed: 'never trained on', rateHz: 10_000_000 });
  const { model } = await checkModel(FOLDER, MODEL_WORKER);
  const runnable = await RunnableModel.open(model!);
  const { manifest } = runnable;

  const told: string[] = [];
  for (let from = 0; from < RUNS; from += BATCH) {
    const { values } = selectRuns(
      data,
      Int32Array.from({ length: BATCH }, (_, run) => from + run),
    );
    const outputs = await runnable.run(Float32Array.from(values));
    for (let run = 0; run < BATCH; run++) {
      const outcome = toOutcome(manifest, outputs, run);
      told.push(outcome.kind === 'class' ? outcome.label : outcome.kind);
    }
  }
  await runnable.session.close();

  const { test, unknown } = ModelReport.parse(JSON.parse(read('report.json')));
  const labels = manifest.classes.map(({ label }) => label);
  expect(labels).toEqual(data.classes);
  expect(labels.concat('unknown')).toEqual(expect.arrayContaining([...new Set(told)]));
  const named = Int32Array.from(told.keys()).filter((run) => told[run] !== 'unknown');
  const truths = named.map((run) => data.labels[run]!);
  const predicted = named.map((run) => labels.indexOf(told[run]!));
  const tested = test.confusion.flat().reduce((sum, count) => sum + count, 0);

  const unknownRuns = told.length - named.length;
  expect(unknownRuns / RUNS).toBeLessThanOrEqual(unknown.falseAlarms + shareSlack(unknown.falseAlarms, RUNS, tested));
  expect(accuracy(truths, predicted)).toBeGreaterThan(test.accuracy - shareSlack(test.accuracy, named.length, tested));
  const slack = MOST_ERRORS * Math.hypot(...[named.length, tested].map((runs) => macroF1Error(test.confusion, runs)));
  expect(macroF1(truths, predicted, labels.length)).toBeGreaterThan(test.macroF1 - slack);
});

/** Of a share that was found in `tested` runs and is looked for in others. */
function shareSlack(share: number, runs: number, tested: number): number {
  return MOST_ERRORS * Math.sqrt(share * (1 - share) * (1 / runs + 1 / tested));
}

/** Standard deviation of the macro-F1 of so many runs that are told as a confusion matrix says (parametric bootstrap). */
function macroF1Error(confusion: readonly (readonly number[])[], runs: number): number {
  const random = seededRandom(runs);
  const classes = confusion.length;
  const cells = confusion.flat().flatMap((count, cell) => new Array<number>(count).fill(cell));
  const scores = Array.from({ length: DRAWS }, () => {
    const drawn = Int32Array.from({ length: runs }, () => cells[Math.floor(random() * cells.length)]!);
    return macroF1(
      drawn.map((cell) => Math.floor(cell / classes)),
      drawn.map((cell) => cell % classes),
      classes,
    );
  });
  const mean = scores.reduce((sum, score) => sum + score, 0) / DRAWS;
  return Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (DRAWS - 1));
}

function read(file: string): string {
  return readFileSync(`${FOLDER}/${file}`, 'utf8');
}
