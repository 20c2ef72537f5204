import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveBenchPage } from '../support/bench-page.ts';
import { launchBrowser } from '../support/browser.ts';
import { chartsDrawn, openControlRoom } from '../support/control-room.ts';
import { inspect, measureCost } from '../support/page-cost.ts';
import { type SensorPlant, startSensorPlant } from '../support/sensor-plant.ts';

// The built dashboard's `/` at 1920 × 1080 on 16 channels of 200 windows a
// second from the real server, 60 s on each of 16 charts, 20 drawings a second,
// with everything else that is on the page. Beside it, one after the other:
// uPlot drawing the same data as often, in places of the same size, with
// nothing else on its page; and `idle`, which takes the data in and draws nothing.
// The heap is printed; whether it grows is for test/browser/endurance.test.ts, by many readings.

const CHARTS = 16;
const FULL_S = 62;
const SETTLE_S = 30; // so that the code is compiled
const MEASURE_S = Number(process.env.FENESTRA_CHARTS_SECONDS ?? 90);

let browser: Browser;
let bare: Awaited<ReturnType<typeof serveBenchPage>>;
let plant: SensorPlant;

beforeAll(async () => {
  bare = await serveBenchPage('charts-page', ['index.html', 'live.html']);
  plant = await startSensorPlant(CHARTS, [new URL(bare.url).origin]);
  browser = await launchBrowser();
  await new Promise((resolve) => setTimeout(resolve, FULL_S * 1000));
});

afterAll(async () => {
  await browser?.close();
  await plant?.close();
  bare?.close();
});

it(`draws ${CHARTS} charts of 60 s at 20 Hz with under half of the main thread`, async () => {
  const page = await openControlRoom(browser, plant.url, CHARTS);
  const ours = await measure('ours', page, () => chartsDrawn(page));
  const place = (await page.locator('fen-trend-chart').first().boundingBox())!;
  await page.close();
  const size = { width: String(Math.round(place.width)), height: String(Math.round(place.height)) };

  const idle = await measureBare('idle', size);
  const uplot = await measureBare('uPlot', { ...size, draw: '1' });

  const drawingMs = ({ busy, drawnPerSecond }: Figures) => ((busy * 1000) / drawnPerSecond).toFixed(2);
  console.log(`main thread a drawing, with all of the page: ours ${drawingMs(ours)} ms, uPlot ${drawingMs(uplot)} ms`);
  expect(idle.drawnPerSecond).toBe(0);
  expect(uplot.drawnPerSecond).toBeGreaterThan(CHARTS); // it is asked for 20, and makes them where the machine allows
  expect(ours.drawnPerSecond).toBeGreaterThan(CHARTS * 18);
  expect(ours.busy).toBeLessThan(0.5);
});

type Figures = Awaited<ReturnType<typeof measure>>;

async function measureBare(kind: string, query: Readonly<Record<string, string>>) {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  const hub = `${plant.url.replace('http', 'ws')}/api/live`;
  await page.goto(`${bare.url}?${new URLSearchParams({ hub, ...query })}`);
  await page.waitForFunction((charts) => document.querySelectorAll('.uplot').length === charts, CHARTS);
  const drawn = () => page.evaluate(() => (globalThis as unknown as { figures: { drawn(): number } }).figures.drawn());
  const figures = await measure(kind, page, drawn);
  await page.close();
  return figures;
}

async function measure(kind: string, page: Page, drawn: () => Promise<number>) {
  const session = await inspect(page);
  await page.waitForTimeout(SETTLE_S * 1000);
  let drawings = 0;
  const cost = await measureCost(session, async () => {
    const before = await drawn();
    await page.waitForTimeout(MEASURE_S * 1000);
    drawings = (await drawn()) - before;
  });

  const share = (part: number) => `${(part * 100).toFixed(1)} %`;
  const drawnPerSecond = drawings / MEASURE_S;
  console.log(
    `${kind.padEnd(6)} main thread ${share(cost.busy)} (script ${share(cost.script)}), ` +
      `${drawnPerSecond.toFixed(0)} drawings/s, heap ${(cost.heapGrowthBytes / 1e6).toFixed(2)} MB`,
  );
  return { ...cost, drawnPerSecond };
}
