import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { figuresLine, HEAP_NOISE_BYTES, measurePage, serveChartsPage } from '../support/charts-page.ts';

// 16 charts, 60 s of 200 points a second each, drawn 20 times a second: ours
// (echarts, decimated) and uPlot (every point), on the same page with the same
// data, one after the other. `idle` takes the data in and draws nothing.

const CHARTS = 16;
const SETTLE_S = 10;
const MEASURE_S = Number(process.env.FENESTRA_CHARTS_SECONDS ?? 90);

let browser: Browser;
let server: Awaited<ReturnType<typeof serveChartsPage>>;

beforeAll(async () => {
  server = await serveChartsPage();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

it(`draws ${CHARTS} charts of 60 s at 20 Hz with under half of the main thread`, async () => {
  const idle = await measure('idle');
  const ours = await measure('ours');
  const uplot = await measure('uplot');
  for (const [kind, figures] of Object.entries({ idle, ours, uplot })) console.log(figuresLine(kind, figures));

  expect(ours.busy).toBeLessThan(0.5);
  expect(ours.heapGrowthBytes).toBeLessThan(HEAP_NOISE_BYTES);
  expect(ours.drawnPerSecond).toBeGreaterThan(CHARTS * 18);
});

async function measure(kind: string) {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  const figures = await measurePage(page, server.url, {
    kind,
    charts: CHARTS,
    settleSeconds: SETTLE_S,
    seconds: MEASURE_S,
  });
  await page.close();
  return figures;
}
