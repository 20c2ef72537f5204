import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { Folder } from '../support/folder.ts';
import { LookingPage } from '../support/looking-page.ts';
import { sendPast } from '../support/past-device.ts';
import { startServer } from '../support/server.ts';

// A channel whose device is not back since the server began anew.

const SAMPLES = 3600;
const WINDOW = 10;

const folder = new Folder();
const opened: { close(): unknown }[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

afterAll(() => browser.close());

it('shows the history of a channel whose device is not there, and says so', async () => {
  const storage = { directory: folder.path('data') };
  const site = { time_zone: 'Asia/Seoul' };
  const startMs = Date.now() - 7_200_000;
  const first = await startServer({ storage, site });
  const device = await sendPast(first.ingest, {
    channel: 'away',
    unit: 'mV',
    startMs,
    sampleMs: 1000,
    window: WINDOW,
    samples: SAMPLES,
    valueAt: (sample) => sample,
  });
  await device.finish();
  await first.close();
  const second = await startServer({ storage, site });
  opened.push(second);

  const looking = await LookingPage.open(browser, `${second.url}/channels/away?span=2h`);
  opened.push(looking.page.context());

  await looking.untilHighest(SAMPLES - 1);
  expect(await looking.readout()).toMatchObject({ min: 0, count: SAMPLES });
  const lastMs = startMs + SAMPLES * 1000;
  const last = new Date(lastMs + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
  expect(await looking.page.locator('fen-channel-page .condition').textContent()).toBe(
    `No device; the last samples are of ${last}`,
  );
  expect(await looking.page.title()).toContain('away');
  await looking.page.locator('fen-time-panes .panes').focus();
  await looking.page.keyboard.press('Home');
  await expect.poll(async () => (await looking.view()).kind).toBe('live'); // as long as what there is
});
