import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PLASMA_CLASSES } from '../../models/training/classes.ts';
import { selectRuns } from '../../models/training/dataset.ts';
import { macroF1 } from '../../models/training/metrics.ts';
import { checkModel } from '../../server/inference/check-model.ts';
import { unfitness } from '../../server/inference/finding.ts';
import { ModelExamples } from '../../server/inference/model-examples.ts';
import { ModelReport } from '../../server/inference/model-report.ts';
import { toOutcome } from '../../server/model/outcome.ts';
import { RunnableModel } from '../../server/model/runnable-model.ts';
import { generatedRuns } from '../support/generated-runs.ts';
import { MODEL_WORKER } from '../support/test-models.ts';

const FOLDER = fileURLToPath(new URL('../../models/plasma', import.meta.url));
const RUNS = 300;
const BATCH = 10;
/** What so few runs may differ by chance. */
const SLACK = 0.12;

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
      told.push('label' in outcome ? outcome.label : outcome.kind);
    }
  }
  await runnable.session.close();

  const report = ModelReport.parse(JSON.parse(read('report.json')));
  const predicted = Int32Array.from(told, Number);
  expect(predicted.every((label) => label in data.classes)).toBe(true);
  expect(macroF1(data.labels, predicted, data.classes.length)).toBeGreaterThan(report.test.macroF1 - SLACK);
});

function read(file: string): string {
  return readFileSync(`${FOLDER}/${file}`, 'utf8');
}
