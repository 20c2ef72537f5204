import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import type { Device } from '../support/device.ts';
import { LookingPage } from '../support/looking-page.ts';
import { sendPast } from '../support/past-device.ts';
import { startServer, type TestServer } from '../support/server.ts';

// A device that measures for a day, and then, by a clock that was set back by five, for another.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SAMPLE_MS = 1000;
const SAMPLES = DAY_MS / SAMPLE_MS;
const LATER_MS = Math.floor(Date.now() / DAY_MS - 7) * DAY_MS;
const EARLIER_MS = LATER_MS - 5 * DAY_MS;
// Of all samples of a run, so that it is seen which one it is.
const [LATER, EARLIER] = [15, 10];

let browser: Browser;
let server: TestServer;
const opened: { close(): unknown }[] = [];

beforeAll(async () => {
  [browser, server] = await Promise.all([
    launchBrowser(),
    startServer({ site: { time_zone: 'UTC' }, channels: { past: { unit: 'V' } } }),
  ]);
});

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describe('a sample clock that was set back', () => {
  it('hides nothing that is stored: it is reached by address, jump, step and strip', async () => {
    await run('reached', LATER_MS, LATER);
    await run('reached', EARLIER_MS, EARLIER);
    const { looking, page } = await open(`/channels/reached?from=${LATER_MS}&to=${LATER_MS + DAY_MS}`);

    await looking.untilHighest(LATER);
    expect(await looking.readout()).toMatchObject({ min: LATER, count: SAMPLES });

    await page.getByRole('button', { name: 'Go live' }).click();
    await looking.untilHighest(EARLIER);
    expect(await looking.readout()).toMatchObject({ min: EARLIER });
    await page.getByLabel('Go to a time').fill(written(LATER_MS + DAY_MS / 2));
    await page.keyboard.press('Enter');
    await looking.untilHighest(LATER);
    const view = await looking.view();
    expect(view.kind).toBe('past');
    expect((view.fromMs! + view.toMs!) / 2).toBe(LATER_MS + DAY_MS / 2);

    const ends = page.locator('fen-overview-strip p');
    await expect.poll(() => ends.first().textContent()).toBe(written(EARLIER_MS));
    await expect.poll(() => ends.last().textContent()).toBe(written(LATER_MS + DAY_MS));
    await expect.poll(() => overviewCount(page)).toBe(2 * SAMPLES);
    await page.locator('fen-time-panes .panes').focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('End');
    await looking.untilHighest(EARLIER);
    const { x, y, width, height } = (await page.locator('fen-overview-strip .strip').boundingBox())!;
    await page.mouse.click(x + width * 0.95, y + height / 2);
    await looking.untilHighest(LATER);
  }, 120_000);

  it('is followed by a page that is open: nothing is missing, nor asked for in vain', async () => {
    await run('open', LATER_MS, LATER);
    const { looking, page, problems } = await open('/channels/open?span=1h');
    await looking.untilHighest(LATER);

    await run('open', EARLIER_MS, EARLIER);

    await expect.poll(async () => (await looking.readout()).min).toBe(EARLIER);
    expect(await looking.view()).toMatchObject({ kind: 'live' });
    await looking.show({ fromMs: EARLIER_MS, toMs: EARLIER_MS + DAY_MS });
    await expect.poll(async () => (await looking.readout()).count).toBe(SAMPLES);
    await looking.show({ fromMs: LATER_MS, toMs: LATER_MS + DAY_MS });
    await expect.poll(async () => (await looking.readout()).count).toBe(SAMPLES);
    await expect.poll(() => overviewCount(page)).toBe(2 * SAMPLES);
    await expect.poll(() => missing(page)).toBe(0);
    expect(problems).toEqual([]);
  }, 120_000);
});

async function run(channel: string, startMs: number, value: number): Promise<void> {
  const device: Device = await sendPast(server.ingest, {
    channel,
    stream: `from ${startMs}`,
    startMs,
    sampleMs: SAMPLE_MS,
    window: 10,
    samples: SAMPLES,
    valueAt: () => value,
  });
  await device.finish();
}

async function open(path: string): Promise<{ looking: LookingPage; page: Page; problems: string[] }> {
  const looking = await LookingPage.open(browser, server.url + path);
  const { page } = looking;
  opened.push(page.context());
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  return { looking, page, problems };
}

/** How many samples the strip shows. */
function overviewCount(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { looking } = panes();
    const { firstMs = 0 } = looking.extent;
    const columnMs = looking.overviewMs / 1000;
    return looking.overview.read({ fromMs: firstMs, toMs: firstMs + looking.overviewMs, columnMs }).count;
  });
}

function missing(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelector('fen-app')!.live.life.value.points.missing);
}

function written(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ');
}
