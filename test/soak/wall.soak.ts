import type { Browser } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { BoardClient } from '../../client/net/boards.ts';
import type { Slide } from '../../server/wire/boards.ts';
import { launchBrowser } from '../support/browser.ts';
import { boardOf } from '../support/memory-boards.ts';
import { HEAP_NOISE_BYTES, inspect, slope } from '../support/page-cost.ts';
import { startSensorPlant } from '../support/sensor-plant.ts';
import { type Upkeep, WallWatch } from '../support/wall-upkeep.ts';

// C6: a wall that goes round and round for weeks, on the built server, with the
// shortest times that a board may have. FENESTRA_SOAK_HOURS makes it longer.

const HOURS = Number(process.env.FENESTRA_SOAK_HOURS ?? 3);
const READINGS = 24;
// Readings of the first part, in which code is compiled and buffers fill, are not judged.
const SETTLED = READINGS / 4;
const LIMIT_BYTES_PER_HOUR = 1_000_000;

const dwellSeconds = 5;
const ROUND: readonly Slide[] = [
  { kind: 'tiles', channels: [], dwellSeconds },
  { kind: 'alarms', dwellSeconds },
  { kind: 'diagnoses', channels: [], dwellSeconds },
  { kind: 'trends', channels: [], windowSeconds: 60, dwellSeconds },
];
const STILL: readonly Slide[] = [{ kind: 'alarms', dwellSeconds }];

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

it('C6: a wall holds no more after hours of rounds than after minutes', async () => {
  const plant = await startSensorPlant(8);
  opened.push(plant);
  const browser: Browser = await launchBrowser();
  opened.push(browser);
  const boards = new BoardClient((path, options) =>
    fetch(plant.url + path, {
      ...options,
      headers: { ...Object(options?.headers), Origin: plant.url, 'Fenestra-Person': 'Soak' },
    }),
  );
  let { version } = await boards.find('default');
  const show = async (slides: readonly Slide[]) => {
    ({ version } = await boards.put('default', boardOf({ slides, pausesOnCritical: false }), version));
  };
  await show(ROUND);
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`${plant.url}/wall`);
  const watch = await WallWatch.begin(page, await inspect(page));

  const startMs = performance.now();
  const readings: (Upkeep & { readonly hours: number })[] = [];
  for (let i = 1; i <= READINGS; i++) {
    const nextMs = startMs + (i * HOURS * 3_600_000) / READINGS;
    await page.waitForTimeout(nextMs - performance.now());
    await show(STILL);
    readings.push({ ...(await watch.held()), hours: (performance.now() - startMs) / 3_600_000 });
    await show(ROUND);
    await page.locator('fen-wall-page fen-wall-channels').waitFor();
  }

  const judged = readings.slice(SETTLED);
  const perHour = slope(judged.map(({ hours, heapBytes }) => [hours, heapBytes]));
  console.log(
    `${HOURS} h, ${Math.round((HOURS * 3600) / (ROUND.length * dwellSeconds))} rounds, ` +
      `heap ${readings.map(({ heapBytes }) => (heapBytes / 1e6).toFixed(2)).join(' ')} MB: ${(perHour / 1e6).toFixed(2)} MB/h`,
  );
  const [{ nodes, listeners, subscriptions }] = judged;
  for (const each of judged) expect(each).toMatchObject({ charts: 0, listeners, subscriptions });
  expect(Math.min(...judged.slice(-SETTLED).map((each) => each.nodes))).toBeLessThanOrEqual(nodes);
  expect(perHour).toBeLessThan(LIMIT_BYTES_PER_HOUR + HEAP_NOISE_BYTES / HOURS);
});
