// Longer than 300 lines: one week on one server, looked at in every way, which share their set-up.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fetchHistory } from '../../client/net/history.ts';
import { launchBrowser } from '../support/browser.ts';
import type { Device } from '../support/device.ts';
import { LookingPage } from '../support/looking-page.ts';
import { sendPast } from '../support/past-device.ts';
import { findStain } from '../support/pixels.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SteadyDevice } from '../support/steady-device.ts';

// The page of a channel on the built server, which has a week of one channel
// and the last minutes of another.

const DAY_MS = 86_400_000;
const SAMPLE_MS = 1000;
const WINDOW = 10;
const SAMPLES = (7 * DAY_MS) / SAMPLE_MS;
const SCALE = 0.001;
const SPIKE = 3 * SAMPLES - 2 * SAMPLES - 250_003; // somewhere in the fifth day, in no row's middle
const SPIKE_VALUE = 20;
const START_MS = Math.floor((Date.now() - 7 * DAY_MS) / 10_000) * 10_000;
const SPIKE_MS = START_MS + SPIKE * SAMPLE_MS;
const CHANNEL = 'week';

let browser: Browser;
let server: TestServer;
let device: Device;
let steady: SteadyDevice;
let looking: LookingPage;
let page: Page;

beforeAll(async () => {
  server = await startServer({ site: { time_zone: 'Asia/Seoul' }, channels: { live: { unit: 'V' } } });
  [browser, device] = await Promise.all([
    launchBrowser(),
    sendPast(server.ingest, {
      channel: CHANNEL,
      startMs: START_MS,
      sampleMs: SAMPLE_MS,
      window: WINDOW,
      samples: SAMPLES,
      scale: SCALE,
      valueAt: (sample) => (sample === SPIKE ? SPIKE_VALUE / SCALE : 1000 + ((sample * 7919) % 401)),
    }),
  ]);
  steady = new SteadyDevice(server.ingest, { channel: 'live', window: 20, windowsPerSecond: 200 });
}, 120_000);

afterEach(() => page.context().close());

afterAll(async () => {
  await browser?.close();
  await steady?.close();
  await device?.cut();
  await server?.close();
});

it('shows a spike of one sample at its height, from a minute to a year', async () => {
  await open(`/channels/${CHANNEL}`);
  await looking.paint();

  for (const spanMs of [60_000, 600_000, 3_600_000, 8 * 3_600_000, DAY_MS, 7 * DAY_MS, 365 * DAY_MS]) {
    await looking.show({ fromMs: SPIKE_MS - spanMs * 0.4, toMs: SPIKE_MS + spanMs * 0.6 });
    await looking.untilHighest(SPIKE_VALUE);
    await page.waitForTimeout(1000); // so that it is drawn, and no longer loading
    const { range, height, em } = await page.evaluate(() => {
      const chart = panes().shadowRoot!.querySelector('fen-trend-chart')!;
      return {
        range: chart.range!,
        height: chart.clientHeight,
        em: Number.parseFloat(getComputedStyle(chart).fontSize),
      };
    });
    const plot = height - 4 * em;
    const expected = 2 * em + (plot * (range.high - SPIKE_VALUE)) / (range.high - range.low);

    const { top } = await findStain(page, 'fen-time-panes fen-trend-chart', 'red');

    console.log(`${spanMs / 1000} s: topmost pixel ${top}, expected ${expected.toFixed(1)}`);
    expect(Math.abs(top - expected), `row ${top}, expected ${expected}`).toBeLessThanOrEqual(1.5);
  }
}, 120_000);

describe('the readout', () => {
  it('says at the cursor what the history says, in both clocks', async () => {
    await open(`/channels/${CHANNEL}?from=${SPIKE_MS - 3_600_000}&to=${SPIKE_MS + 3_600_000}`);
    await looking.untilHighest(SPIKE_VALUE);

    for (const share of [0.3, 0.51, 0.8]) {
      await looking.pointAt(share);
      await page.waitForTimeout(600); // words follow at a readable pace
      const shown = await looking.readout();

      const { rows } = await fetchHistory(
        { channel: CHANNEL, fromMs: shown.fromMs, toMs: shown.toMs, columns: 20_000 },
        undefined,
        server.url,
      );
      const inside = rows.time.flatMap((timeMs, i) => (timeMs >= shown.fromMs && timeMs < shown.toMs ? [i] : []));
      const count = inside.reduce((sum, i) => sum + rows.count[i], 0);
      expect(shown.count).toBe(count);
      expect(shown.min).toBe(Math.min(...inside.map((i) => rows.min[i])));
      expect(shown.max).toBe(Math.max(...inside.map((i) => rows.max[i])));
      expect(shown.mean).toBeCloseTo(inside.reduce((sum, i) => sum + rows.mean[i] * rows.count[i], 0) / count, 9);
      if (inside.length === 1) expect(shown.deviation).toBeCloseTo(rows.deviation[inside[0]], 9);
      const utc = new Date(shown.fromMs).toISOString().slice(0, 19).replace('T', ' ');
      const seoul = new Date(shown.fromMs + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
      expect(shown.text).toContain(utc);
      expect(shown.text).toContain(seoul);
    }
  });

  it('says what is in view as soon as it has come, whoever points at it', async () => {
    await open(`/channels/${CHANNEL}?from=${SPIKE_MS - 3_600_000}&to=${SPIKE_MS + 3_600_000}`);

    await expect.poll(async () => (await looking.readout()).text).toContain('20.00');
  });

  it('is moved by Shift and arrows, and taken away by Escape', async () => {
    await open(`/channels/${CHANNEL}?from=${SPIKE_MS - 3_600_000}&to=${SPIKE_MS + 3_600_000}`);
    await looking.untilHighest(SPIKE_VALUE); // a cursor moves over rows
    await page.locator('fen-time-panes .panes').focus();

    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => (await looking.readout()).isAtCursor).toBe(true);
    const before = (await looking.readout()).fromMs;
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => (await looking.readout()).fromMs).toBeGreaterThan(before);
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await looking.readout()).isAtCursor).toBe(false);
  });
});

describe('the axis', () => {
  it('is moved by keys, and the address holds it: back and forward are steps of it', async () => {
    await open(`/channels/live?span=10m`);
    await page.locator('fen-time-panes .panes').focus();

    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/from=/);
    const past = page.url();
    await page.keyboard.press('-');
    await expect.poll(() => page.url()).not.toBe(past);
    await page.goBack();
    await expect.poll(() => page.url()).toBe(past);
    await page.goBack();
    await expect.poll(() => looking.view()).toEqual({ kind: 'live', spanMs: 600_000 });
    await page.goForward();
    await expect.poll(async () => (await looking.view()).kind).toBe('past');

    await page.keyboard.press('End');
    await expect.poll(async () => (await looking.view()).kind).toBe('live');
  });

  it('is where it was moved to last, though the address of the step before is only just written', async () => {
    await open(`/channels/${CHANNEL}?from=${SPIKE_MS - DAY_MS}&to=${SPIKE_MS + DAY_MS}`);
    await looking.untilHighest(SPIKE_VALUE);
    await page.locator('fen-time-panes .panes').focus();
    await page.evaluate(() => {
      const [push, panes] = [history.pushState, document.activeElement!];
      history.pushState = (...entry) => {
        push.apply(history, entry);
        history.pushState = push;
        let focused = panes;
        while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
        focused.dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true, composed: true }));
      };
    });

    await page.keyboard.press('ArrowLeft');
    await page.waitForURL((url) => Date.parse(url.searchParams.get('from')!) < SPIKE_MS - DAY_MS);

    const spanMs = ({ searchParams }: URL) =>
      Date.parse(searchParams.get('to')!) - Date.parse(searchParams.get('from')!);
    await expect.poll(() => spanMs(new URL(page.url()))).toBeLessThan(2 * DAY_MS);
    expect(await looking.span()).toBe(spanMs(new URL(page.url())));
  });

  it('is zoomed by the wheel about the pointer and panned by a drag; going live brings back the present', async () => {
    await open(`/channels/${CHANNEL}?from=${SPIKE_MS - DAY_MS}&to=${SPIKE_MS + DAY_MS}`);
    await looking.untilHighest(SPIKE_VALUE);
    await looking.pointAt(0.5);

    for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -300);
    await expect.poll(async () => await looking.span()).toBeLessThan(DAY_MS / 4);
    const zoomed = await looking.view();
    const spanMs = await looking.span();
    await looking.dragTo(0.7);

    const panned = await looking.view();
    expect(Math.abs((await looking.span()) / spanMs - 1)).toBeLessThan(0.001);
    expect((zoomed.fromMs! - panned.fromMs!) / spanMs).toBeCloseTo(0.2, 1);
    await page.getByRole('button', { name: 'Go live' }).click();
    await expect.poll(async () => (await looking.view()).kind).toBe('live');
  });

  it('goes to a time that is written by the clocks of the plant, and says what it does not understand', async () => {
    await open(`/channels/${CHANNEL}?span=1h`);
    const written = new Date(SPIKE_MS + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

    await page.getByLabel('Go to a time').fill('yesterday-ish');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('fen-time-bar .wrong').textContent()).toContain('“yesterday-ish” is no time');
    await page.getByLabel('Go to a time').fill(written);
    await page.keyboard.press('Enter');

    await expect.poll(async () => (await looking.view()).fromMs).toBe(SPIKE_MS - 1_800_000);
    await looking.untilHighest(SPIKE_VALUE);
  });

  it('says where the history begins or ends when told to go beyond, until one looks elsewhere', async () => {
    await open(`/channels/${CHANNEL}?span=1h`);
    const note = page.locator('fen-time-bar .note');

    await page.getByLabel('Go to a time').fill('2020-01-01');
    await page.keyboard.press('Enter');
    const first = new Date(START_MS + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    await expect.poll(() => note.textContent()).toBe(`The history begins at ${first} GMT+9.`);
    await page.getByLabel('Go to a time').fill('2120-01-01');
    await expect.poll(() => note.textContent()).toBe('');
    await page.keyboard.press('Enter');
    await expect.poll(() => note.textContent()).toMatch(/^There is nothing after .* GMT\+9 yet\.$/);
    expect((await looking.view()).kind).toBe('live');
    await page.getByRole('button', { name: 'Earlier' }).click();
    await expect.poll(() => note.textContent()).toBe('');
  });

  it('is never blank while the past is on its way', async () => {
    await open(`/channels/${CHANNEL}?from=${SPIKE_MS - 3_600_000}&to=${SPIKE_MS + 3_600_000}`);
    await looking.paint();
    await looking.untilHighest(SPIKE_VALUE);
    let held = 0;
    await page.route('**/history?*', async () => {
      held++; // and never answered
    });

    await looking.show({ fromMs: SPIKE_MS - DAY_MS, toMs: SPIKE_MS + DAY_MS });
    await expect.poll(() => held).toBeGreaterThan(0);
    await page.waitForTimeout(500);
    const { pixels } = await findStain(page, 'fen-time-panes fen-trend-chart', 'red');

    expect(pixels).toBeGreaterThan(200);
  });
});

it('shows the whole history below a view of the past, however late it is known', async () => {
  await open(`/channels/${CHANNEL}?from=${SPIKE_MS}&to=${SPIKE_MS + DAY_MS}`);
  await page.route('**/api/channels', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 2000)); // the page stands still by then
    await route.continue();
  });

  await page.reload();

  const first = new Date(START_MS + 9 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
  const begin = page.locator('fen-overview-strip p').first();
  await expect.poll(() => begin.textContent()).toBe(first);
  const { x, width } = (await page.locator('fen-overview-strip').boundingBox())!;
  const mark = (await page.locator('fen-overview-strip .mark').boundingBox())!;
  expect((mark.x - x) / width).toBeCloseTo((SPIKE_MS - START_MS) / (7 * DAY_MS), 1);
});

it('joins live rows and history without a seam: no window is missing or there twice', async () => {
  await open('/channels/live?span=1h');

  await expect.poll(async () => (await looking.readout()).count).toBeGreaterThan(20 * 200 * 5);
  const { fromMs, toMs, count } = await page.evaluate(async () => {
    const { looking } = panes();
    const edgeMs = looking.range!.toMs - 1000;
    const range = { fromMs: edgeMs - 60_000, toMs: edgeMs, columnMs: 100 };
    await new Promise((resolve) => setTimeout(resolve, 1000)); // so that all of it has come
    const { fromMs, toMs, count } = looking.line('live').read(range);
    return { fromMs, toMs, count };
  });
  const { span, rows } = await fetchHistory({ channel: 'live', fromMs, toMs, columns: 20_000 }, undefined, server.url);
  const isInside = (timeMs: number) => timeMs > fromMs - 1 && timeMs < toMs - 1;

  expect(span).toBe(1);
  expect(count).toBe(rows.count.filter((_, i) => isInside(rows.time[i])).reduce((sum, each) => sum + each, 0));
});

it('compares channels and takes along what is seen', async () => {
  await open(`/channels/${CHANNEL}?from=${SPIKE_MS - 3_600_000}&to=${SPIKE_MS + 3_600_000}`);
  await looking.untilHighest(SPIKE_VALUE);

  await page.getByText('Compare ▾').click();
  await page.getByRole('checkbox', { name: 'live' }).check();
  const row = page.locator('fen-readout').getByRole('button', { name: /^[A-H]\s*live$/ });
  await expect.poll(() => row.getAttribute('aria-pressed')).toBe('false');
  await row.focus();
  await expect.poll(() => row.getAttribute('aria-pressed')).toBe('true');
  await page.getByRole('radio', { name: 'Stack' }).click();
  await expect.poll(() => page.locator('fen-time-panes fen-trend-chart').count()).toBe(2);
  await page.waitForURL(/with=live&layout=stack/);
  const lefts = () =>
    page.evaluate(() => [...panes().shadowRoot!.querySelectorAll('fen-trend-chart')].map((chart) => chart.plane?.left));
  await expect.poll(async () => new Set(await lefts()).size).toBe(1); // whatever the length of their figures
  await page.getByRole('checkbox', { name: 'live' }).uncheck();
  await page.keyboard.press('Escape');

  await page.getByText('Export ▾').click();
  const [image] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Image' }).click(),
  ]);
  const png = readFileSync(await image.path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBeGreaterThan(800);
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
  const lines = readFileSync(await csv.path(), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines[0]).toBe('channel,unit,time,seconds,min,max,mean,std,count,clipped,nonfinite,flags');
  expect(lines.length).toBe(722); // two hours of windows of ten seconds, the first and the last of them in part
  expect(Math.max(...lines.slice(1).map((line) => Number(line.split(',')[5])))).toBe(SPIKE_VALUE);
  const arrow = await page.getByRole('link', { name: 'Arrow' }).getAttribute('href');
  const reply = await fetch(server.url + arrow);
  expect(reply.headers.get('content-type')).toContain('application/vnd.apache.arrow.stream');
  expect(await page.getByRole('link', { name: 'Raw recordings' }).getAttribute('href')).toContain(
    `channel=${CHANNEL}&from=${SPIKE_MS - 3_600_000}`,
  );
});

it('is not loaded with the control room', async () => {
  const scripts: string[] = [];
  page = await (await browser.newContext()).newPage();
  page.on('request', (request) => scripts.push(new URL(request.url()).pathname));
  await page.goto(server.url);
  await page.locator('fen-channel-tile').first().waitFor();
  await page.waitForTimeout(500);

  expect(scripts.some((path) => path.includes('index-'))).toBe(true);
  expect(scripts.filter((path) => path.includes('fen-channel-page') || path.startsWith('/api/channels'))).toEqual([]);
});

async function open(path: string): Promise<void> {
  looking = await LookingPage.open(browser, server.url + path);
  page = looking.page;
}
