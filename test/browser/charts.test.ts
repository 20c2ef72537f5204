import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FenTrendChart } from '../../client/charts/fen-trend-chart.ts';
import { serveBenchPage } from '../support/bench-page.ts';
import { launchBrowser } from '../support/browser.ts';
import { findRuns, findStain } from '../support/pixels.ts';

const HEIGHT = 400;
const EDGE_MS = Date.UTC(2026, 0, 1, 12, 0, 7);
// Of the axes' labels: space around the plot and under its foot, em.
const MARGIN = 2;
const TICK = 0.35;

/** What the test sets before the page draws; the axes are blue, all words green. */
interface Setting {
  readonly width: number;
  readonly fontPx: number;
  readonly suffix?: string;
  readonly low?: number;
  /** Begins with a source that knows nothing yet. */
  readonly isUnknown?: boolean;
}

declare const chart: FenTrendChart;
declare const known: FenTrendChart['source'];
declare const flat: (missing: number) => FenTrendChart['source'];

let browser: Browser;
let pages: Awaited<ReturnType<typeof serveBenchPage>>;

beforeAll(async () => {
  pages = await serveBenchPage('charts-page', ['index.html', 'live.html']);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  pages?.close();
});

it.each([-1, -0.1, 0.5])('stands on its time axis where the values begin at %d', async (low) => {
  const page = await open({ width: 800, fontPx: 16, low });

  const { bottom } = await findStain(page, '#axes', 'blue');

  const foot = HEIGHT - MARGIN * 16 + TICK * 16;
  expect(Math.abs(bottom - foot)).toBeLessThanOrEqual(2);
  await page.close();
});

it('is without times while the time is unknown, and then has them', async () => {
  const page = await open({ width: 800, fontPx: 16, isUnknown: true });

  expect(await timeLabels(page, 16)).toEqual([]);
  await page.evaluate(() => Object.assign(document.querySelector('#axes') as FenTrendChart, { source: known }));
  await show(page, 30_000);

  expect((await timeLabels(page, 16)).length).toBeGreaterThan(1);
  await page.close();
});

it.each<[string, Setting]>([
  ['a desk', { width: 1400, fontPx: 14 }],
  ['a phone', { width: 300, fontPx: 16 }],
  ['the narrowest phone', { width: 246, fontPx: 16 }],
  ['a desk in Korean', { width: 1400, fontPx: 14, suffix: '시각' }],
  ['a phone in Korean', { width: 300, fontPx: 16, suffix: '분' }],
  ['a wall', { width: 2560, fontPx: 44 }],
])('writes whole times apart from each other, evenly, on %s', async (_where, setting) => {
  const page = await open(setting);
  for (const windowMs of [5_000, 10_000, 30_000, 60_000, 300_000, 600_000]) {
    await show(page, windowMs);

    const labels = await timeLabels(page, setting.fontPx);

    const middles = labels.map(({ from, to }) => (from + to) / 2);
    const steps = middles.slice(1).map((middle, i) => middle - middles[i]);
    const gaps = labels.slice(1).map(({ from }, i) => from - labels[i].to);
    expect(labels.length, `${windowMs} ms`).toBeGreaterThanOrEqual(2);
    expect(Math.max(...steps) - Math.min(...steps), `${windowMs} ms`).toBeLessThan(0.3 * setting.fontPx);
    expect(Math.min(...gaps), `${windowMs} ms`).toBeGreaterThan(0.35 * setting.fontPx);
    expect(labels[0].from).toBeGreaterThan(0);
    expect(labels.at(-1)!.to).toBeLessThan(setting.width);
  }
  await page.close();
});

it('shades what is chosen, also once the words of a gap before it are gone', async () => {
  const page = await open({ width: 800, fontPx: 16 });
  await page.evaluate(() => {
    const axes = document.querySelector('#axes') as FenTrendChart;
    const flat = (missing: number): FenTrendChart['source'] => ({
      ...known!,
      decimate: ({ columns }) => ({
        length: columns,
        min: new Float64Array(columns).fill(0.75),
        max: new Float64Array(columns).fill(0.75),
        mean: new Float64Array(columns).fill(0.75),
        count: new Float64Array(columns).fill(1).fill(0, 0, Math.round(columns * missing)),
        broken: new Uint8Array(columns),
      }),
    });
    Object.assign(globalThis, { flat });
    Object.assign(axes, { gapText: 'no data', source: flat(0.3) });
    const edgeMs = known!.edgeMs!;
    axes.selected = { fromMs: edgeMs - 20_000, toMs: edgeMs - 10_000 };
    axes.cursorMs = edgeMs - 20_000;
  });
  await show(page, 60_000);
  const before = await shade(page, 0.75);
  await page.evaluate(() => {
    Object.assign(document.querySelector('#axes') as FenTrendChart, { source: flat(0) });
  });
  await show(page, 60_001);

  expect(before).toBeGreaterThan(30);
  expect([await shade(page, 0.75), await shade(page, 0.3)]).toEqual([before, 0]);
  await page.close();
});

/** How opaque the plot is, of 255, at a share of its time and above its line. */
async function shade(page: Page, share: number): Promise<number> {
  return page.evaluate((share) => {
    const axes = document.querySelector('#axes') as FenTrendChart;
    const { left, width } = axes.plane!;
    const context = axes.shadowRoot!.querySelector('canvas')!.getContext('2d')!;
    return context.getImageData(left + share * width, 60, 1, 1).data[3]!;
  }, share);
}

/** Where the times stand, left to right: letters of one are closer than two of them. */
async function timeLabels(page: Page, fontPx: number) {
  const under = { from: HEIGHT - MARGIN * fontPx + 0.5 * fontPx, to: HEIGHT };
  return findRuns(page, '#axes', 'green', { ...under, apart: 0.33 * fontPx });
}

async function open(setting: Setting): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: setting.width, height: HEIGHT } });
  await page.goto(`${pages.url}live.html?hub=ws://127.0.0.1:1&channel=none`);
  await page.waitForFunction(() => typeof chart !== 'undefined');
  await page.evaluate(drawAxes, { ...setting, edgeMs: EDGE_MS });
  await show(page, 60_000);
  return page;
}

/** Resolves when a window of that length is on the screen. */
async function show(page: Page, windowMs: number): Promise<void> {
  const before = await page.evaluate(async (windowMs) => {
    const axes = document.querySelector('#axes') as FenTrendChart;
    axes.windowMs = windowMs;
    await axes.updateComplete;
    return axes.frames;
  }, windowMs);
  await page.waitForFunction((n) => (document.querySelector('#axes') as FenTrendChart).frames > n, before);
  await page.evaluate(() => new Promise(requestAnimationFrame));
}

// Runs in the page: values from `low` to 1, until a time that stands still.
function drawAxes(setting: Setting & { edgeMs: number }): void {
  const { width, fontPx, suffix = '', low = 0.5, isUnknown = false, edgeMs } = setting;
  const axes = document.createElement('fen-trend-chart');
  axes.id = 'axes';
  axes.style.cssText = `width: ${width}px; font-size: ${fontPx}px; --hair: 1px`;
  axes.scheduler = chart.scheduler;
  axes.plots = chart.plots;
  axes.windowMs = 20_000;
  axes.formatTime = (timeMs) => new Date(timeMs).toISOString().slice(11, 19) + suffix;
  const source = {
    version: 1,
    edgeMs,
    rowMs: 5,
    decimate: ({ columns }: { columns: number }) => ({
      length: columns,
      min: new Float64Array(columns).fill(low),
      max: new Float64Array(columns).fill(1),
      mean: new Float64Array(columns).fill(0.75),
      count: new Float64Array(columns).fill(1),
      broken: new Uint8Array(columns),
    }),
  };
  axes.source = isUnknown ? { ...source, edgeMs: undefined } : source;
  Object.assign(globalThis, { known: source });
  document.body.replaceChildren(axes);
}
