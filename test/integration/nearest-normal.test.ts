import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type Examples, nearestExamples } from '../../client/store/nearest-examples.ts';
import type { RunPoints } from '../../client/store/run-points.ts';
import { type Dataset, selectRuns } from '../../models/training/dataset.ts';
import { pickExamples } from '../../models/training/examples.ts';
import { ModelExamples } from '../../server/inference/model-examples.ts';
import { readManifest } from '../../server/inference/model-folder.ts';
import { createNoiseTables } from '../../server/ingest/simulator/shot-noise.ts';
import type { ModelManifest } from '../../server/model/manifest.ts';
import { GENERATED_ROWS, generatedRuns } from '../support/generated-runs.ts';
import { loadKernels } from '../support/kernels.ts';
import { simulatedRuns } from '../support/simulated-runs.ts';

const SHIPPED = fileURLToPath(new URL('../../models/plasma', import.meta.url));
/** A 50th of the samples, of those that are learned from and those that are shown. */
const RATE_HZ = 200_000;
const RUNS = 900;
/** As many of these, each time others, give the examples. */
const DRAWS = [0, 1, 2];
const DRAWN = 700;
const PLANT = { rateHz: RATE_HZ, channels: 3, seconds: 60 };
/** As the shipped model's runs are made. */
const WHOLE_PLANT = { rateHz: 10_000_000, channels: 1, seconds: 60 };
const LEAST_NEAR = 0.9;

// Of the calm light of one level there is but one kind of run: a draw is right nearly always or nearly never.
it('shows a calm run of the simulated plant a normal example that is nearer than those of all faults', async () => {
  const data = await generatedRuns({ runs: RUNS, seed: 'examples', rateHz: RATE_HZ });
  const calm = await calmRuns(PLANT);

  for (const draw of DRAWS) {
    const runs = Int32Array.from({ length: DRAWN }, (_, i) => (draw * 300 + i) % RUNS);
    expect(shareNormal(calm, pickAsTold(selectRuns(data, runs)))).toBeGreaterThan(LEAST_NEAR);
  }
});

it('shows it so with the examples of the shipped model', async () => {
  const examples = ModelExamples.parse(JSON.parse(readFileSync(`${SHIPPED}/examples.json`, 'utf8')));

  expect(shareNormal(await calmRuns(WHOLE_PLANT), examples)).toBeGreaterThan(LEAST_NEAR);
});

/** Of runs, those that a normal example is the nearest to. */
function shareNormal(runs: readonly RunPoints[], { length, classes }: Omit<Examples, 'rows'>): number {
  const normal = runs.filter((run) => {
    const [nearest] = nearestExamples(run, { rows: GENERATED_ROWS, length, classes });
    return nearest!.label === '0';
  });
  return normal.length / runs.length;
}

/** As a model picks them that tells all of them, all as surely. */
function pickAsTold(data: Dataset) {
  const probabilities = new Float32Array(data.runs * data.classes.length);
  data.labels.forEach((label, run) => {
    probabilities[run * data.classes.length + label] = 1;
  });
  return pickExamples(data, probabilities, data.labels);
}

async function calmRuns({ rateHz, channels, seconds }: typeof PLANT): Promise<RunPoints[]> {
  const { input } = (await readManifest(SHIPPED)) as ModelManifest;
  const plant = { module: await loadKernels(), input, rateHz, noise: createNoiseTables('calm') };
  const runs = Array.from({ length: channels }, (_, i) => {
    return simulatedRuns({ ...plant, seconds, anomaliesPerMinute: 0, seed: `calm/${i}` });
  });
  return runs.flat().map(({ values }) => {
    const row = (at: number) => Float64Array.from(values.subarray(at * input.length, (at + 1) * input.length));
    return { min: row(0), max: row(1), mean: row(2), missing: 0, pointMs: 1000 / input.pointsPerSecond };
  });
}
