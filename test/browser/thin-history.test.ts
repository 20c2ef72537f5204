import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import type { Device } from '../support/device.ts';
import { LookingPage } from '../support/looking-page.ts';
import { sendPast } from '../support/past-device.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startServer, type TestServer } from '../support/server.ts';

// A channel's page over lines on which a range of the history takes seconds.

const CHANNEL = 'week';
const SAMPLE_MS = 1000;
const WINDOW = 10;
const SAMPLES = (7 * 86_400_000) / SAMPLE_MS;
const START_MS = Math.floor((Date.now() - 8 * 86_400_000) / 10_000) * 10_000;
/** A part of it whose rows are single windows. */
const VIEW = { fromMs: START_MS + 3 * 86_400_000, toMs: START_MS + 3 * 86_400_000 + 6 * 3_600_000 };
const PATH = `/channels/${CHANNEL}?from=${VIEW.fromMs}&to=${VIEW.toMs}`;
// How long it may take on a machine that is busy with other tests.
const LIMIT_MS = 110_000;

let browser: Browser;
let server: TestServer;
let devices: readonly Device[];

beforeAll(async () => {
  server = await startServer();
  const random = seededRandom(1);
  const past = { sampleMs: SAMPLE_MS, window: WINDOW, startMs: START_MS, valueAt: () => 30_000 * random() };
  browser = await launchBrowser();
  devices = await Promise.all([
    sendPast(server.ingest, { ...past, channel: CHANNEL, samples: SAMPLES }),
    sendPast(server.ingest, { ...past, channel: 'hour', samples: 3600 }),
  ]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  for (const device of devices ?? []) await device.cut();
  await server?.close();
});

it.each([
  ['400 kbit/s', 400_000],
  ['64 kbit/s, where an answer takes longer than ten seconds', 64_000],
])('the history comes over %s, and is asked for once', async (_, bitsPerSecond) => {
  const { page } = await LookingPage.open(browser, `${server.url}/channels/hour`);
  await thin(page, bitsPerSecond);
  const asked: Request[] = [];
  const ends: string[] = [];
  const isRange = (request: Request) => request.url().includes(`/${CHANNEL}/history?`);
  page.on('request', (request) => isRange(request) && asked.push(request));
  page.on('requestfailed', (request) => isRange(request) && ends.push(request.failure()?.errorText ?? ''));
  page.on('requestfinished', (request) => isRange(request) && ends.push('finished'));

  const startMs = performance.now();
  await page.evaluate((path) => {
    history.pushState(undefined, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, PATH);
  await expect.poll(() => rowMs(page), { timeout: LIMIT_MS }).toBe(WINDOW * SAMPLE_MS);
  await expect.poll(() => ends.length, { timeout: LIMIT_MS }).toBe(asked.length);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  await page.waitForTimeout(2000); // in which it could be asked for again

  expect(ends).toEqual(['finished', 'finished']); // what is seen, and all of it for the strip
  expect(new Set(asked.map((request) => request.url())).size).toBe(2);
  const sizes = await Promise.all(asked.map((request) => request.sizes()));
  console.log(`${sizes.map(({ responseBodySize }) => responseBodySize).join(' and ')} bytes after ${seconds} s`);
  await page.context().close();
});

async function thin(page: Page, bitsPerSecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const throughput = bitsPerSecond / 8;
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 300,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  });
}

/** The longest row that is drawn. */
function rowMs(page: Page): Promise<number> {
  return page.evaluate((name) => {
    const { looking } = panes();
    return looking.name === name ? looking.line(name).rowMs : 0;
  }, CHANNEL);
}
