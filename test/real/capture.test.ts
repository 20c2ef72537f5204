import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FenWaveChart } from '../../client/waveform/fen-wave-chart.ts';
import { systemClock } from '../../server/base/clock.ts';
import { replay } from '../../server/ingest/replay/replay.ts';
import type { CaptureReply, CapturesReply } from '../../server/wire/captures.ts';
import type { HistoryReply } from '../../server/wire/history.ts';
import { launchBrowser } from '../support/browser.ts';
import { dischargeSource, HALPHA_FILE, HALPHA_RATE_HZ, readDischarges, reducePlainly } from '../support/halpha.ts';
import { runs } from '../support/runs.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { hasData } from '../support/tools.ts';

// The raw waveforms of tokamak discharges, from the socket to the screen.

// Eight across the screen, and what is beside them.
const SHOWN = 12;
const WINDOW = 100;
const HOUR_NS = 3_600_000_000_000n;
// Opening a page for each takes minutes.
const SHOW_EVERY = runs(16, 1);

interface Shown {
  readonly record: string;
  readonly samples: Float64Array;
  readonly fromMs: number;
  readonly toMs: number;
}

describe.skipIf(!hasData(HALPHA_FILE))('every tokamak discharge', () => {
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startServer();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  // Each with an hour of its own, since the file counts every discharge from its own beginning.
  it('is imported, found by its time in history and captures, and zoomed to single samples, each of them', async () => {
    const discharges = readDischarges();
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    let compared = 0;
    for (const [hour, discharge] of discharges.entries()) {
      const { samples, record } = discharge;
      const source = dischargeSource(discharge);
      const epochNs = source.epochNs! + BigInt(hour) * HOUR_NS;
      const fromMs = Number(epochNs) / 1e6;
      const toMs = fromMs + (samples.length / HALPHA_RATE_HZ) * 1000;
      const open = { ...server.ingest, channel: 'halpha', stream: record, window: WINDOW, speed: Infinity };
      await replay({ ...source, epochNs }, { ...open, clock: systemClock });

      const { id } = await begin({ channel: 'halpha', fromMs, toMs, comment: `discharge ${record}` });
      await expect.poll(async () => (await ask<CaptureReply>(`/captures/${id}`)).state).toBe('ready');

      const found = await ask<CapturesReply>(`/captures?from=${fromMs}&to=${toMs}`);
      expect(found.captures.map(({ cause }) => cause)).toEqual([{ kind: 'person', comment: `discharge ${record}` }]);
      const bytes = await (await fetch(`${server.url}/api/captures/${id}/data`)).arrayBuffer();
      expect(new Float64Array(bytes)).toEqual(samples);

      const { rows, span } = await ask<HistoryReply>(`/channels/halpha/history?from=${fromMs}&to=${toMs}&columns=2000`);
      const plain = reducePlainly(samples, WINDOW);
      expect([span, rows.min, rows.max, rows.count]).toEqual([
        1,
        plain.map(({ min }) => min),
        plain.map(({ max }) => max),
        plain.map(({ count }) => count),
      ]);
      if (hour % SHOW_EVERY === 0) compared += await compareOnScreen(page, { record, samples, fromMs, toMs });
    }
    expect(compared).toBeGreaterThan(0);
    console.log(`${discharges.length} discharges found by time, every sample kept; ${compared} compared on the screen`);
  });

  /** Opens the one capture of a time and zooms to single samples; how many are on the screen and are those of the file. */
  async function compareOnScreen(page: Page, { record, samples, fromMs, toMs }: Shown): Promise<number> {
    await page.goto(`${server.url}/captures?from=${fromMs}&to=${toMs}&language=en`);
    await page.locator('.rows li a').waitFor();
    expect(await page.locator('.rows li a').allInnerTexts()).toEqual([expect.stringContaining(`discharge ${record}`)]);
    await page.locator('.rows li a').click();
    await page.locator('fen-wave-chart canvas').focus();
    await page.keyboard.press('Home');
    for (let i = 0; i < 40; i++) await page.keyboard.press('+');

    const drawn = () =>
      page.locator('fen-wave-chart').evaluate((element) => {
        const { drawn } = element as FenWaveChart;
        return drawn?.kind === 'samples' ? { index: [...drawn.index], value: [...drawn.value] } : undefined;
      });
    await expect.poll(async () => (await drawn())?.index.length ?? Infinity).toBeLessThanOrEqual(SHOWN);
    const shown = (await drawn())!;
    expect(shown.index.length).toBeGreaterThan(4);
    expect(shown.value).toEqual(shown.index.map((at) => samples[at]));
    return shown.index.length;
  }

  async function begin(request: object): Promise<CaptureReply> {
    const body = JSON.stringify(request);
    const post = () =>
      fetch(`${server.url}/api/captures`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    let reply = await post();
    while (reply.status === 429) {
      await new Promise((resolve) => setTimeout(resolve, 1000)); // nobody asks so often by hand
      reply = await post();
    }
    const capture = (await reply.json()) as CaptureReply;
    expect([reply.status, capture.state, capture.note]).toEqual([
      201,
      expect.stringMatching(/recording|ready/),
      undefined,
    ]);
    return capture;
  }

  async function ask<T>(path: string): Promise<T> {
    return (await (await fetch(`${server.url}/api${path}`)).json()) as T;
  }
});
