import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FenWaveChart } from '../../client/waveform/fen-wave-chart.ts';
import { systemClock } from '../../server/base/clock.ts';
import { replay } from '../../server/ingest/replay/replay.ts';
import type { CaptureReply, CapturesReply } from '../../server/wire/captures.ts';
import { launchBrowser } from '../support/browser.ts';
import { dischargeSource, HALPHA_FILE, HALPHA_RATE_HZ, readDischarges } from '../support/halpha.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { hasData } from '../support/tools.ts';

// The raw waveform of a tokamak discharge, from the socket to the screen.

// Eight across the screen, and what is beside them.
const SHOWN = 12;

describe.skipIf(!hasData(HALPHA_FILE))('a tokamak discharge', () => {
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

  it('is captured, found by its time and zoomed to single samples, which are those of the file', async () => {
    const [discharge] = readDischarges();
    const { samples, record } = discharge!;
    const source = dischargeSource(discharge!);
    const fromMs = Number(source.epochNs! / 1_000_000n);
    const toMs = fromMs + (samples.length / HALPHA_RATE_HZ) * 1000;
    const channel = `halpha.${record}`;
    const open = { ...server.ingest, channel, stream: 'discharge', window: 100, speed: Number.POSITIVE_INFINITY };
    await replay(source, { ...open, clock: systemClock });

    const capture = await begin({ channel, fromMs: fromMs + 1, toMs: toMs - 1, comment: `discharge ${record}` });
    await expect.poll(async () => (await ask<CaptureReply>(`/${capture.id}`)).state).toBe('ready');
    const { segments, samples: kept } = await ask<CaptureReply>(`/${capture.id}`);
    const [{ index }] = segments;

    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    await page.goto(`${server.url}/captures?from=${fromMs}&to=${toMs + 1}&language=en`);
    await page.locator('.rows li a').waitFor();
    expect(await page.locator('.rows li a').allInnerTexts()).toEqual([expect.stringContaining(`discharge ${record}`)]);
    await page.locator('.rows li a').click();
    await page.locator('fen-wave-chart canvas').focus();
    await page.keyboard.press('Home');
    for (let i = 0; i < 40; i++) await page.keyboard.press('+');

    const chart = page.locator('fen-wave-chart');
    const drawn = () =>
      chart.evaluate((element) => {
        const { drawn } = element as FenWaveChart;
        return drawn?.kind === 'samples' ? { index: [...drawn.index], value: [...drawn.value] } : undefined;
      });
    await expect.poll(async () => (await drawn())?.index.length ?? Infinity).toBeLessThanOrEqual(SHOWN);
    const shown = (await drawn())!;
    expect(shown.index.length).toBeGreaterThan(4);
    expect(shown.value).toEqual(shown.index.map((at) => samples[at]));
    const list = await ask<CapturesReply>(`?from=${toMs + 1}&to=${toMs + 2}`);
    expect([list.total, kept > 0.9 * samples.length, index >= 0]).toEqual([0, true, true]);
    console.log(
      `discharge ${record}: ${kept} of ${samples.length} samples kept, ${shown.index.length} of them compared on the screen`,
    );
  });

  async function begin(request: object): Promise<CaptureReply> {
    const body = JSON.stringify(request);
    const reply = await fetch(`${server.url}/api/captures`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const capture = (await reply.json()) as CaptureReply;
    expect([reply.status, capture.state, capture.note]).toEqual([
      201,
      expect.stringMatching(/recording|ready/),
      undefined,
    ]);
    return capture;
  }

  async function ask<T>(path: string): Promise<T> {
    return (await (await fetch(`${server.url}/api/captures${path}`)).json()) as T;
  }
});
