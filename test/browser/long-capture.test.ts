import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { figures, pointAt, untilDrawn } from '../support/capture-page.ts';
import { Folder } from '../support/folder.ts';
import { runs } from '../support/runs.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { storeRecording } from '../support/stored-recording.ts';

const SAMPLES = 200_000_000;
const SPIKE = { at: Math.floor(SAMPLES * 0.617), count: 20_000 };
const OPEN_LIMIT_MS = runs(Infinity, 1000);

const folder = new Folder();
let browser: Browser;
let server: TestServer | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await server?.close();
});

it('opens a long capture at once and never loads all of it', { timeout: 180_000 }, async () => {
  const directory = folder.path('data');
  const capture = await storeRecording({ directory, id: 'long', samples: SAMPLES, spike: SPIKE });
  server = await startServer({ storage: { directory } });
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'en' });
  const sent = { bytes: 0, requests: 0 };
  page.on('response', (response) => {
    if (!/\/(data|overview)$/.test(new URL(response.url()).pathname)) return;
    sent.bytes += Number(response.headers()['content-length']);
    sent.requests++;
  });
  await page.goto(`${server.url}/captures`);
  await page.locator('.rows li a').waitFor();

  const startMs = performance.now();
  await page.locator('.rows li a').click();
  await page.locator('fen-wave-chart').waitFor();
  await untilDrawn(page);
  const openMs = performance.now() - startMs;
  const openBytes = sent.bytes;
  const mean = '4,986.0 V'; // of a saw of 0 … 9972, all but a part of its last tooth
  const count = SPIKE.count.toLocaleString('en');
  const shown = { Samples: SAMPLES.toLocaleString('en'), Maximum: `${count}.0 V`, Mean: mean, 'Clipped samples': '0' };
  await expect.poll(() => figures(page, 1)).toMatchObject(shown);
  await page.locator('fen-wave-chart canvas').focus();
  await pointAt(page, capture.from + SPIKE.at);
  for (let i = 0; i < 50; i++) await page.keyboard.press('+');
  await expect.poll(() => page.locator('.value b').textContent()).toBe(`${count}.0`);

  console.log(
    `400 MB: ${openMs.toFixed(0)} ms from the list to the picture, ${openBytes} bytes for it, ` +
      `${sent.bytes} in ${sent.requests} requests for statistics, spectrum and the way to the sample`,
  );
  expect(openBytes).toBeGreaterThan(0);
  expect(openBytes).toBeLessThan(capture.bytes / 100); // the statistics begin meanwhile
  expect(sent.bytes).toBeLessThan(capture.bytes / 50);
  expect(openMs).toBeLessThan(OPEN_LIMIT_MS);
});
