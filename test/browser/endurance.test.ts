import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { figuresLine, HEAP_NOISE_BYTES, measurePage, serveChartsPage } from '../support/charts-page.ts';

// A page that runs for months must not grow in a minute and a half. What it
// costs is printed here and judged by the bench.

const CHARTS = 16;
const SETTLE_S = 15;
const MEASURE_S = 90;

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

it('draws sixteen charts for ninety seconds without a growing heap', async () => {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });

  const figures = await measurePage(page, server.url, {
    kind: 'ours',
    charts: CHARTS,
    settleSeconds: SETTLE_S,
    seconds: MEASURE_S,
  });

  console.log(figuresLine('ours', figures));
  expect(figures.drawnPerSecond).toBeGreaterThan(0);
  expect(figures.heapGrowthBytes).toBeLessThan(HEAP_NOISE_BYTES);
}, 180_000);
