import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Model } from '../../server/inference/model-folder.ts';
import { ModelThread } from '../../server/inference/model-thread.ts';
import { BATCH_RUNS } from '../../server/model/time-limits.ts';
import { serveBenchPage } from '../support/bench-page.ts';
import { launchBrowser } from '../support/browser.ts';
import { liveModel } from '../support/live-model.ts';
import { runs } from '../support/runs.ts';
import { MODEL_WORKER } from '../support/test-models.ts';
import type {} from './inference-page/page.ts';

// What a diagnosis costs in the browser: through our worker, from the page and
// back, beside a bare call of the runtime in that same worker, turn by turn;
// then the same on the server's thread.

const ROUNDS = runs(40, 400);

let browser: Browser;
let served: Awaited<ReturnType<typeof serveBenchPage>>;
let model: Model;

beforeAll(async () => {
  model = await liveModel();
  served = await serveBenchPage('inference-page', ['index.html']);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  served?.close();
});

it.each([1, BATCH_RUNS])(
  'looks at %i runs in the browser in little more time than a bare call takes',
  async (count) => {
    const page = await browser.newPage();
    await page.goto(served.url);
    const graph = Buffer.from(model.bytes).toString('base64');
    const { bareMs, oursMs } = await page.evaluate(
      ([manifest, encoded, each, rounds]) => window.measure(manifest, encoded, each, rounds),
      [model.manifest, graph, count, ROUNDS] as const,
    );
    await page.close();
    const serverMs = await onServer(count);

    console.log(
      `${String(count).padStart(2)} runs in the browser: bare ${bareMs.toFixed(2)} ms, our worker ${oursMs.toFixed(2)} ms ` +
        `(${(oursMs / bareMs).toFixed(2)} of it), ${(oursMs / count).toFixed(2)} ms a run; server's thread ${serverMs.toFixed(2)} ms`,
    );
    expect(oursMs / bareMs).toBeLessThan(1.25);
  },
);

async function onServer(count: number): Promise<number> {
  const thread = new ModelThread({ worker: MODEL_WORKER, models: [model], tried: [] });
  expect((await thread.ready).kind).toBe('ready');
  const { rows, length } = model.manifest.input;
  let bestMs = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const values = Float32Array.from({ length: count * rows.length * length }, () => Math.random() - 0.5);
    const beganMs = performance.now();
    await thread.run(model.manifest.name, values, count);
    bestMs = Math.min(bestMs, performance.now() - beganMs);
  }
  await thread.end();
  return bestMs;
}
