import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { chartsDrawn, openControlRoom } from '../support/control-room.ts';
import { HEAP_NOISE_BYTES, heapBytes, inspect, slope } from '../support/page-cost.ts';
import { runs } from '../support/runs.ts';
import { type SensorPlant, startSensorPlant } from '../support/sensor-plant.ts';

// A control room that is open for months must not grow in a minute and a half,
// nor, in the soak, in hours. What it costs is judged by the bench.

const CHARTS = 16;
const SOAK_HOURS = Number(process.env.FENESTRA_SOAK_HOURS ?? 3);
const HOURS = runs(90 / 3600, SOAK_HOURS);
const SETTLE_S = runs(30, 600); // so that the code is compiled
const READINGS = runs(10, 60);
const LIMIT_BYTES = runs(HEAP_NOISE_BYTES, 5_000_000 * SOAK_HOURS);

let browser: Browser;
let plant: SensorPlant;

beforeAll(async () => {
  plant = await startSensorPlant(CHARTS);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await plant?.close();
});

it(
  `draws ${CHARTS} channels without a growing heap`,
  async () => {
    const page = await openControlRoom(browser, plant.url, CHARTS);
    const session = await inspect(page);
    await page.waitForTimeout(SETTLE_S * 1000);
    const drawnBefore = await chartsDrawn(page);

    const heap = [await heapBytes(session)];
    while (heap.length < READINGS) {
      await page.waitForTimeout((HOURS * 3_600_000) / (READINGS - 1));
      heap.push(await heapBytes(session));
    }

    const grown = slope(heap.map((bytes, i) => [i, bytes])) * (READINGS - 1);
    const drawn = (await chartsDrawn(page)) - drawnBefore;
    console.log(
      `heap ${heap.map((bytes) => (bytes / 1e6).toFixed(2)).join(' ')} MB: grown by ${(grown / 1e6).toFixed(2)} MB ` +
        `(${(grown / 1e6 / HOURS).toFixed(1)} MB/h), ${(drawn / HOURS / 3600).toFixed(0)} drawings/s`,
    );
    expect(drawn).toBeGreaterThan(CHARTS * HOURS * 3600); // one a second at least, on any machine
    expect(grown).toBeLessThan(LIMIT_BYTES);
  },
  runs(180_000, 86_400_000),
);
