import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/base/clock.ts';
import { replay } from '../../server/ingest/replay/replay.ts';
import { launchBrowser } from '../support/browser.ts';
import { type Discharge, dischargeSource, HALPHA_FILE, HALPHA_RATE_HZ, readDischarges } from '../support/halpha.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { hasData } from '../support/tools.ts';

// Real light in the dashboard as the server delivers it: the discharges, one after the other, in their own time.

const CHANNEL = 'replay.halpha';
const DIGITS = 5;
const WINDOW = 100;
/** What the dashboard calls the current value is the mean of so many windows: 250 ms. */
const READING_WINDOWS = (0.25 * HALPHA_RATE_HZ) / WINDOW;

describe.skipIf(!hasData(HALPHA_FILE))('real discharges in the dashboard', () => {
  let browser: Browser;
  let server: TestServer;
  let light: Discharge;
  let sending: Promise<unknown>;

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await startServer({ channels: { [CHANNEL]: { label: 'H-alpha', unit: 'a.u.', digits: DIGITS } } });
    light = joined(readDischarges());
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it('live on their tile, within their range, and are stale after their end', async () => {
    const page = await open(`${server.url}/`);
    sending = send(light, server);
    const tile = page.locator('fen-channel-tile');

    await expect.poll(() => tile.locator('.condition').innerText()).toContain('Live');
    const seen = new Set<number>();
    for (let i = 0; i < 10; i++) {
      seen.add(Number.parseFloat(await tile.locator('.value b').innerText()));
      await page.waitForTimeout(200);
    }
    await sending;

    expect(seen.size).toBeGreaterThan(3);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(light.samples.reduce((least, x) => Math.min(least, x)));
    expect(Math.max(...seen)).toBeLessThanOrEqual(light.samples.reduce((most, x) => Math.max(most, x)));
    await expect.poll(() => tile.locator('article.stale .condition').innerText()).toMatch(/Stale since/);
    expect(await tile.locator('.value b').innerText()).toBe(lastReading(light));
    await page.close();
  });

  it('are drawn on the channel’s page, and end in the mean of their last windows', async () => {
    await sending;
    const page = await open(`${server.url}/channels/${CHANNEL}`);

    await expect.poll(() => page.locator('.top .value b').innerText()).toBe(lastReading(light));
    await expect.poll(() => tracePixels(page)).toBeGreaterThan(100);
    await page.locator('fen-figures').getByText(light.samples.length.toLocaleString('en')).waitFor();
    await page.close();
  });

  async function open(url: string): Promise<Page> {
    const page = await browser.newPage({ locale: 'en', viewport: { width: 1400, height: 900 } });
    await page.goto(url);
    await page.locator('fen-life-strip .live').waitFor();
    return page;
  }
});

/** All of them as one recording: alone, each is over before anybody has looked. */
function joined(discharges: readonly Discharge[]): Discharge {
  return {
    record: 'all',
    timesMs: ['0'],
    samples: Float64Array.from(discharges.flatMap(({ samples }) => [...samples])),
  };
}

function send(light: Discharge, server: TestServer): Promise<unknown> {
  const address = server.ingest;
  const options = { channel: CHANNEL, stream: 'run-1', window: WINDOW, speed: 1, clock: systemClock };
  return replay(dischargeSource(light), { ...address, ...options });
}

/** The mean over the newest windows, the short last one among them, as it is written. */
function lastReading({ samples }: Discharge): string {
  const last = samples.length % WINDOW || WINDOW;
  const own = samples.subarray(-((READING_WINDOWS - 1) * WINDOW + last));
  return (own.reduce((sum, x) => sum + x, 0) / own.length).toFixed(DIGITS);
}

/** Pixels of the chart in the colour of a trace. */
function tracePixels(page: Page): Promise<number> {
  return page.locator('fen-time-panes fen-trend-chart').evaluate((chart) => {
    const canvas = chart.shadowRoot?.querySelector('canvas');
    if (!canvas) return 0;
    const brush = new OffscreenCanvas(1, 1).getContext('2d')!;
    brush.fillStyle = getComputedStyle(chart).getPropertyValue('--trace').trim();
    brush.fillRect(0, 0, 1, 1);
    const wanted = brush.getImageData(0, 0, 1, 1).data;

    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let pixels = 0;
    for (let at = 0; at < data.length; at += 4) {
      const isNear = [0, 1, 2].every((i) => Math.abs(data[at + i]! - wanted[i]!) < 24);
      if (isNear && data[at + 3]! > 127) pixels++;
    }
    return pixels;
  });
}
