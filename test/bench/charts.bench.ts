import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { heapBytes, inspect, pageCost, serveChartsPage } from '../support/charts-page.ts';

// 16 charts, 60 s of 200 points a second each, drawn 20 times a second: ours
// (echarts, decimated) and uPlot (every point), on the same page with the same
// data, one after the other. `idle` takes the data in and draws nothing.

const CHARTS = 16;
const SETTLE_S = 10;
const MEASURE_S = Number(process.env.FENESTRA_CHARTS_SECONDS ?? 90);
// What a heap may differ by between two readings without anything having grown.
const HEAP_NOISE_BYTES = 1_000_000;

interface Figures {
  readonly busy: number;
  readonly script: number;
  readonly drawnPerSecond: number;
  readonly heapGrowthBytes: number;
}

let browser: Browser;
let server: Awaited<ReturnType<typeof serveChartsPage>>;

beforeAll(async () => {
  server = await serveChartsPage();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  server.close();
});

it(`draws ${CHARTS} charts of 60 s at 20 Hz with under half of the main thread`, async () => {
  const idle = await measure('idle');
  const ours = await measure('ours');
  const uplot = await measure('uplot');
  for (const [kind, figures] of Object.entries({ idle, ours, uplot })) console.log(line(kind, figures));

  expect(ours.busy).toBeLessThan(0.5);
  expect(ours.heapGrowthBytes).toBeLessThan(HEAP_NOISE_BYTES);
  expect(ours.drawnPerSecond).toBeGreaterThan(CHARTS * 18);
});

async function measure(kind: string): Promise<Figures> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  const session = await inspect(page);
  await page.goto(`${server.url}?kind=${kind}&charts=${CHARTS}`);
  await page.waitForTimeout(SETTLE_S * 1000);

  const drawn = () => page.evaluate(() => (globalThis as unknown as { figures: { drawn(): number } }).figures.drawn());
  const heapBefore = await heapBytes(session);
  const drawnBefore = await drawn();
  const before = await pageCost(session);
  await page.waitForTimeout(MEASURE_S * 1000);
  const after = await pageCost(session);
  const drawnAfter = await drawn();
  const heapAfter = await heapBytes(session);
  await page.close();

  const seconds = after.atSeconds - before.atSeconds;
  return {
    busy: (after.taskSeconds - before.taskSeconds) / seconds,
    script: (after.scriptSeconds - before.scriptSeconds) / seconds,
    drawnPerSecond: (drawnAfter - drawnBefore) / seconds,
    heapGrowthBytes: heapAfter - heapBefore,
  };
}

function line(kind: string, { busy, script, drawnPerSecond, heapGrowthBytes }: Figures): string {
  const share = (part: number) => `${(part * 100).toFixed(1)} %`;
  return (
    `${kind.padEnd(6)} main thread ${share(busy)} (script ${share(script)}), ` +
    `${drawnPerSecond.toFixed(0)} drawings/s, heap ${(heapGrowthBytes / 1e6).toFixed(2)} MB in ${MEASURE_S} s`
  );
}
