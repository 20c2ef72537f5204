import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FenTrendChart } from '../../client/charts/fen-trend-chart.ts';
import type { Live } from '../../client/live.ts';
import { serveBenchPage } from '../support/bench-page.ts';
import { launchBrowser } from '../support/browser.ts';
import { Device } from '../support/device.ts';
import { findStain } from '../support/pixels.ts';
import { startServer, type TestServer } from '../support/server.ts';

// 200 windows of 20 samples a second for ten minutes: quiet, but for one raw
// sample far up, a second before the end.
const RATE_HZ = 4000;
const WINDOW = 20;
const SAMPLES = RATE_HZ * 600;
const SPIKE_AT = SAMPLES - RATE_HZ - 7;
const SPIKE = 20_000;
const QUIET = 100;
const HEIGHT = 400;
const CHUNK = 100_000;
const LAST_CHUNK = SAMPLES - CHUNK;
const DAY_MS = 86_400_000;

// What the page of the test puts where it can be reached.
declare const chart: FenTrendChart;
declare const live: Live;

let browser: Browser;
let pages: Awaited<ReturnType<typeof serveBenchPage>>;
let server: TestServer;

beforeAll(async () => {
  pages = await serveBenchPage('charts-page', ['index.html', 'live.html']);
  server = await startServer({ server: { allowed_origins: [new URL(pages.url).origin] } });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  pages?.close();
});

it.each([1, 2])(
  'shows a spike of one sample at its height at 5 s, 60 s and 10 min, %i device pixels a pixel',
  async (scale) => {
    const page = await open({ channel: `scale.${scale}`, scale });

    for (const windowMs of [5_000, 60_000, 600_000]) {
      const { low, high } = await zoom(page, windowMs);
      const expected = Math.round(((HEIGHT * (high - SPIKE)) / (high - low)) * scale);

      const { top, topPixels } = await findStain(page, 'fen-trend-chart', 'red');

      console.log(`${windowMs / 1000} s: topmost pixel ${top}, expected ${expected} of ${HEIGHT * scale}`);
      expect(Math.abs(top - expected), `row ${top}, expected ${expected}`).toBeLessThanOrEqual(1);
      expect(topPixels).toBeLessThanOrEqual(2); // one column, as wide as it is
      expect(high).toBeLessThan(SPIKE * 1.25); // so the spike is far from the quiet part
    }
    await page.close();
  },
);

it('shows a spike in the colour of the trace, not the paler one of the envelope, and then rests', async () => {
  const page = await open({ channel: 'themed', theme: 'dark' });

  for (const windowMs of [5_000, 60_000, 600_000]) {
    const { low, high } = await zoom(page, windowMs);
    const expected = Math.round((HEIGHT * (high - SPIKE)) / (high - low));

    const { top, topPixels } = await findStain(page, 'fen-trend-chart', 'red'); // the envelope has too little red
    const drawn = await restedFrames(page);
    await page.waitForTimeout(500);

    expect(Math.abs(top - expected), `row ${top}, expected ${expected}`).toBeLessThanOrEqual(1);
    expect(topPixels).toBe(2);
    expect(await page.evaluate(() => chart.frames)).toBe(drawn);
  }
  await page.close();
});

it('has a canvas as fine as the screen after the page was zoomed', async () => {
  const page = await open({ channel: 'zoomed' });
  await page.addStyleTag({ content: 'fen-trend-chart { width: 100vw; }' });
  const session = await page.context().newCDPSession(page);

  const zoomed = { width: 400, height: HEIGHT, deviceScaleFactor: 2, mobile: false };
  await session.send('Emulation.setDeviceMetricsOverride', zoomed);
  await page.waitForFunction(() => document.querySelector('fen-trend-chart')?.clientWidth === 400);
  await zoom(page, 30_000);

  const canvas = page.locator('canvas');
  expect(await canvas.count()).toBe(1);
  expect(await canvas.evaluate((canvas: HTMLCanvasElement) => [canvas.clientWidth, canvas.width])).toEqual([400, 800]);
  await page.close();
});

it.each([1e9, 1.7e15, 2e-12, -1.5e-12, 1e308])(
  'begins the trace where the axis begins at values of %d',
  async (size) => {
    const page = await browser.newPage({ viewport: { width: 800, height: HEIGHT } });
    await page.goto(`${pages.url}live.html?hub=ws://127.0.0.1:1&channel=none`);
    await page.waitForFunction(() => typeof chart !== 'undefined');
    await page.evaluate(drawConstant, size);
    await page.waitForFunction(() => (document.querySelector('#axes') as FenTrendChart).frames > 0);
    await page.waitForTimeout(200);

    const trace = await findStain(page, '#axes', 'red');
    const axis = await findStain(page, '#axes', 'blue');
    const labels = await findStain(page, '#axes', 'green');

    expect(Math.abs(trace.left - axis.left)).toBeLessThanOrEqual(1);
    expect(Math.abs(trace.right - axis.right)).toBeLessThanOrEqual(1);
    expect(labels.left).toBeGreaterThan(0); // not cut, not even the minus sign
    expect(labels.left).toBeLessThan(axis.left);
    await page.close();
  },
);

it.each([
  ['ahead', DAY_MS],
  ['behind', -DAY_MS],
])('shows all of it with the clock of the browser a day %s', async (channel, shiftMs) => {
  const page = await open({ channel, shiftMs });

  await zoom(page, 30_000);

  const { left, right } = await findStain(page, 'fen-trend-chart', 'red');
  const { ageMs, behindMs } = await page.evaluate((channel) => {
    const { value, edgeMs, rows } = live.fleet.find(channel)!;
    return { ageMs: value.ageMs, behindMs: edgeMs! - rows.newestMs! };
  }, channel);
  expect(left).toBe(0);
  expect(Math.abs(right - 800 * (1 - behindMs / 30_000))).toBeLessThanOrEqual(4); // 150 ms
  expect(ageMs).toBeLessThan(DAY_MS / 2);
  expect(ageMs).toBeGreaterThan(0);
  await page.close();
});

/** How often the chart was drawn, once it was not for a quarter of a second: what the zoom began may still be under way. */
async function restedFrames(page: Page): Promise<number> {
  for (let before = -1; ; ) {
    const drawn = await page.evaluate(() => chart.frames);
    if (drawn === before) return drawn;
    before = drawn;
    await page.waitForTimeout(250);
  }
}

function quiet(from: number): Int16Array {
  const samples = Int16Array.from({ length: CHUNK }, (_, i) => QUIET * Math.sin((from + i) / 3));
  if (SPIKE_AT >= from && SPIKE_AT < from + CHUNK) samples[SPIKE_AT - from] = SPIKE;
  return samples;
}

// Runs in the page: a chart with axes of values between half of `size` and all of it.
function drawConstant(size: number): void {
  const axes = document.createElement('fen-trend-chart');
  axes.id = 'axes';
  axes.scheduler = chart.scheduler;
  axes.plots = chart.plots;
  axes.source = {
    version: 1,
    edgeMs: 1_700_000_000_000,
    rowMs: 5,
    decimate: ({ columns }) => ({
      length: columns,
      min: new Float64Array(columns).fill(Math.min(size, size / 2)),
      max: new Float64Array(columns).fill(Math.max(size, size / 2)),
      mean: new Float64Array(columns).fill(size * 0.75),
      count: new Float64Array(columns).fill(1),
      broken: new Uint8Array(columns),
    }),
  };
  document.body.replaceChildren(axes);
}

/** A page that has ten minutes of a device of its own and stands still at the newest sample. */
async function open(options: { channel: string; scale?: number; shiftMs?: number; theme?: string }) {
  const { channel, scale = 1, shiftMs = 0, theme = '' } = options;
  const page = await browser.newPage({ viewport: { width: 800, height: HEIGHT }, deviceScaleFactor: scale });
  await page.addInitScript((shift) => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + shift;
  }, shiftMs);
  const hub = `${server.url.replace('http', 'ws')}/api/live`;
  await page.goto(`${pages.url}live.html?${new URLSearchParams({ hub, channel, theme })}`);
  await page.waitForFunction(() => typeof live !== 'undefined' && live.life.value.liveness === 'live');

  const device = await openRecording(channel);
  // A page that is slow to take ten minutes at once gets coarser rows, of which
  // the last waits to be whole; and while it takes them time goes on. So the end
  // comes when it has all before.
  const has = (samples: number) =>
    page.waitForFunction(([channel, points]) => (live.fleet.find(channel)?.ledger.received ?? 0) >= points, [
      channel,
      (samples - RATE_HZ / 2) / WINDOW,
    ] as const);
  await send(device, 0, LAST_CHUNK);
  await has(LAST_CHUNK);
  await send(device, LAST_CHUNK, SAMPLES);
  await has(SAMPLES);
  await page.evaluate(() => live.fleet.freeze());
  device.socket.destroy();
  return page;
}

function openRecording(channel: string): Promise<Device> {
  return Device.open(server.ingest, {
    'fenestra:channel': channel,
    'core:sample_rate': RATE_HZ,
    'fenestra:window': WINDOW,
    'fenestra:epoch_ns': String(BigInt(Date.now() - 600_000) * 1_000_000n),
  });
}

/** Resolves when the server has taken them. */
async function send(device: Device, from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += CHUNK) device.frame(first, quiet(first));
  await device.until(() => device.acknowledgements.at(-1)?.nextSample === to);
}

/** Shows another window than the one shown, a minute at first, and returns the y-axis once it is drawn. */
async function zoom(page: Page, windowMs: number): Promise<{ low: number; high: number }> {
  return page.evaluate(async (windowMs) => {
    chart.windowMs = windowMs;
    const before = chart.frames;
    while (chart.frames < before + 1 || chart.windowMs !== windowMs) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return { ...chart.range! };
  }, windowMs);
}
