import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FenApp } from '../../client/pages/fen-app.ts';
import { BadLine } from '../support/bad-line.ts';
import { launchBrowser } from '../support/browser.ts';
import { CuttingRelay } from '../support/cutting-relay.ts';
import { Sensors } from '../support/sensors.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { ThinLine } from '../support/thin-line.ts';

// The dashboard of the real server over lines that are thin and long, and lines that break.

const CHANNELS = 16;
const PAST_SECONDS = 60;
const WINDOWS_PER_SECOND = 200;
// How long the past may take on a machine that is busy with other tests.
const LIMIT_MS = 150_000;
const SCALES = { k: 1e3, M: 1e6 };

let browser: Browser;
let server: TestServer;
let sensors: Sensors;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({ server: { allowed_hosts: ['127.0.0.1'] } }); // the lines have ports of their own
  sensors = await Sensors.start(server.ingest, { count: CHANNELS, pastSeconds: PAST_SECONDS });
});

afterAll(async () => {
  await sensors?.close();
  await browser?.close();
  await server?.close();
});

describe('over a line of 5 Mbit/s with a round trip of 100 ms', () => {
  it('is live while the past is on its way, then whole', { timeout: 2 * LIMIT_MS }, async () => {
    const line = await ThinLine.start(address(), { bitsPerSecond: 5e6, delayMs: 50 });
    const { page, secondsUntil } = await open(line.address.port);
    const listedSeconds = await secondsUntil(() => {
      const app = document.querySelector('fen-app') as FenApp | null;
      return app?.live.fleet.value.isListed ?? false;
    });

    const liveSeconds = await secondsUntil(() => {
      const { channels } = (document.querySelector('fen-app') as FenApp).live.fleet.value;
      return channels.every(({ value }) => value.reading && !value.isBehind && !value.isStale);
    });
    const atFirst = await read(page);
    const wholeSeconds = await secondsUntil(() => {
      const { channels } = (document.querySelector('fen-app') as FenApp).live.fleet.value;
      return channels.every(({ isLoading }) => !isLoading);
    });
    console.log(
      `16 channels, 60 s: listed ${listedSeconds} s, live ${liveSeconds} s, whole ${wholeSeconds} s after the page was asked for`,
    );

    expect(atFirst.map(({ isLoading }) => isLoading)).toEqual(Array(CHANNELS).fill(true));
    for (const { seconds, received, missing } of await read(page)) {
      expect(seconds).toBeGreaterThanOrEqual(PAST_SECONDS - 0.1);
      expect(received).toBeGreaterThanOrEqual(PAST_SECONDS * WINDOWS_PER_SECOND);
      expect(missing).toBe(0);
    }
    await expect.poll(async () => (await missingOf(page))?.count).toBe(0);
    await page.close();
    await line.close();
  });
});

describe('when the line is reset', () => {
  it('says that 0 of all points since the page was opened are missing', async () => {
    const line = await BadLine.open(address().port);
    const { page } = await open(Number(new URL(line.url).port));
    await isWhole(page);
    const sentBefore = await sentTo(page);

    line.reset();
    await expect.poll(() => reconnectsOf(page)).toBe(1);
    await expect.poll(() => sentTo(page)).toBeGreaterThan(sentBefore + CHANNELS * WINDOWS_PER_SECOND);
    await isWhole(page);
    const sent = await sentTo(page);

    // In three figures, a second late: never fewer than there were when it was back.
    await expect.poll(async () => (await missingOf(page))?.of ?? 0).toBeGreaterThanOrEqual(sent * 0.995);
    await expect.poll(async () => (await missingOf(page))?.count).toBe(0);
    expect((await read(page)).map(({ missing, gaps }) => missing + gaps)).toEqual(Array(CHANNELS).fill(0));
    await page.close();
    await line.close();
  });
});

describe('when the server was out of reach for more than three seconds', () => {
  it('shows every value as stale, and fills the gap on return', async () => {
    let line = await CuttingRelay.start(address());
    const { port } = line.address;
    const { page } = await open(port);
    const tiles = page.locator('fen-channel-tile article');
    await expect.poll(() => tiles.count()).toBe(CHANNELS);
    await expect.poll(() => page.locator('fen-channel-tile article.stale').count()).toBe(0);
    await page.locator('fen-life-strip .live').waitFor();
    await isWhole(page);
    const before = await read(page);

    await line.close();
    await page.locator('fen-life-strip .silent').waitFor();
    await expect.poll(() => page.locator('fen-channel-tile article.stale').count()).toBe(CHANNELS);
    const struck = await page
      .locator('fen-channel-tile .value b')
      .evaluateAll((values) => values.filter((value) => getComputedStyle(value).textDecorationLine === 'line-through'));
    expect(struck).toHaveLength(CHANNELS);
    const outage = await read(page);

    line = await CuttingRelay.start(address(), undefined, port);
    await page.locator('fen-life-strip .live').waitFor();
    await expect.poll(() => page.locator('fen-channel-tile article.stale').count()).toBe(0);
    await isWhole(page);
    await expect.poll(async () => (await missingOf(page))?.count).toBe(0);

    for (const [i, { next, received, missing, gaps }] of (await read(page)).entries()) {
      expect(next).toBeGreaterThan(outage[i].next + 3 * WINDOWS_PER_SECOND);
      expect(received - before[i].received).toBe(next - before[i].next);
      expect({ missing, gaps }).toEqual({ missing: 0, gaps: 0 });
    }
    await page.close();
    await line.close();
  });
});

async function open(port: number) {
  const page = await browser.newPage();
  const startMs = performance.now();
  await page.goto(`http://127.0.0.1:${port}/`);
  const secondsUntil = async (isSo: () => boolean) => {
    await page.waitForFunction(isSo, undefined, { timeout: LIMIT_MS, polling: 50 });
    return ((performance.now() - startMs) / 1000).toFixed(1);
  };
  return { page, secondsUntil };
}

/** What the page holds of each channel; gaps are breaks in its trace. */
function read(page: Page) {
  return page.evaluate(() => {
    const { channels } = (document.querySelector('fen-app') as FenApp).live.fleet.value;
    return channels.map(({ ledger, rows, isLoading }) => {
      const { oldestMs = 0, newestMs = 0 } = rows;
      const columnMs = (newestMs - oldestMs) / 1000;
      const { broken } = rows.decimate({ fromMs: oldestMs, columnMs, columns: 1000 });
      return {
        isLoading,
        seconds: (newestMs - oldestMs) / 1000,
        received: ledger.received,
        missing: ledger.missing,
        next: ledger.next,
        gaps: broken.reduce((sum, mark) => sum + mark, 0),
      };
    });
  });
}

function isWhole(page: Page) {
  const isLoading = async () => (await read(page)).some((channel) => channel.isLoading);
  return expect.poll(isLoading).toBe(false);
}

/** The points that are missing and of how many, as the strip says; undefined while it says it otherwise. */
async function missingOf(page: Page) {
  const said = await page.locator('fen-life-strip li', { hasText: 'missing' }).textContent();
  const found = /^\s*([\d,]+) of ([\d.]+)(?:\s([kM]))? points missing$/.exec(said ?? '');
  if (!found) return undefined;
  const [, count, of, scale] = found;
  return { count: Number(count.replaceAll(',', '')), of: Number(of) * (SCALES[scale as keyof typeof SCALES] ?? 1) };
}

/** How many points the hub has sent for this page, by the numbers of the newest. */
function sentTo(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { channels } = (document.querySelector('fen-app') as FenApp).live.fleet.value;
    return channels.reduce((sum, { ledger }) => sum + ledger.next - (ledger.first ?? 0), 0);
  });
}

function reconnectsOf(page: Page): Promise<number> {
  return page.evaluate(() => (document.querySelector('fen-app') as FenApp).live.life.value.reconnects);
}

function address() {
  const { hostname, port } = new URL(server.url);
  return { host: hostname, port: Number(port) };
}
