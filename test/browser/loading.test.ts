import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WIRE_VERSION } from '../../server/wire/frame.ts';
import { launchBrowser } from '../support/browser.ts';
import { scene } from '../support/scenes.ts';
import { ScriptedHub } from '../support/scripted-hub.ts';

// Pages whose server does not give them all they need, or is another than they were loaded from.

const CHARTS = 8;
const PLOT = '**/assets/trend-plot-*.js';
const KERNELS = '**/assets/kernels-*.wasm';

let browser: Browser;
let hub: ScriptedHub;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterEach(async () => {
  await page.close();
  await hub.close();
});

afterAll(() => browser.close());

describe('a part of the page that cannot be loaded', () => {
  it('leaves a sentence in place of each trend, and the trends as soon as it can be', async () => {
    await start();
    await page.route(PLOT, (route) => route.abort());
    await page.goto(hub.url);
    const missing = page.locator('fen-trend-chart .missing');

    await expect.poll(() => missing.count()).toBe(CHARTS);
    expect(await missing.first().textContent()).toMatch(/^No trend: .* could not be loaded\. Trying again/);
    await page.unroute(PLOT);

    await expect.poll(() => page.locator('fen-trend-chart canvas').count()).toBe(CHARTS);
    expect(await missing.count()).toBe(0);
  });

  it('leaves a sentence on the page where it cannot start, and starts as soon as it can', async () => {
    await start();
    await page.route(KERNELS, (route) => route.abort());
    await page.goto(hub.url);
    const notice = page.getByRole('alert');

    await expect.poll(() => notice.textContent()).toMatch(/^Fenestra cannot start: .* Trying again/);
    await page.unroute(KERNELS);

    await page.locator('fen-life-strip .live').waitFor();
    expect(await page.locator('.notice').count()).toBe(0);
  });

  it('has a page load itself anew where its server has another build, once', async () => {
    await start();
    let loads = 0;
    let asked = 0;
    page.on('framenavigated', () => loads++);
    await page.route(PLOT, (route) => {
      asked++;
      return route.fulfill({ status: 404 });
    });
    await page.route(`${hub.url}/`, (route) => {
      if (route.request().resourceType() === 'document') return route.continue();
      return route.fulfill({ contentType: 'text/html', body: '<script src="/assets/index-newer.js"></script>' });
    });

    await page.goto(hub.url);

    await expect.poll(() => loads).toBe(2);
    const before = asked;
    await expect.poll(() => asked).toBeGreaterThan(before + 3);
    expect(loads).toBe(2);
    expect(await page.locator('fen-trend-chart .missing').count()).toBe(CHARTS);
  });
});

describe('a server of another version', () => {
  it('is named as such, without a break, by a page that it has no other build of', async () => {
    await start(WIRE_VERSION + 1);
    let loads = 0;
    page.on('framenavigated', () => loads++);
    await page.goto(hub.url);
    const title = page.locator('fen-silence-banner h2');

    await expect.poll(() => title.textContent()).toBe('This page and the server are of different versions');
    expect(await page.getByRole('alert').textContent()).toBe('This page and the server are of different versions');
    await page.evaluate(watchStrip);
    const { greeted } = hub;
    await expect.poll(() => hub.greeted).toBeGreaterThan(greeted + 1);

    expect(await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)).toEqual(['silent']);
    expect(loads).toBe(1);
  });
});

async function start(wire?: number): Promise<void> {
  hub = await ScriptedHub.start({ ...scene('normal'), wire });
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'en' });
}

/** In the page: notes every liveness that the proof of life shows from now on. */
function watchStrip(): void {
  const app = document.querySelector('fen-app')!;
  const seen = new Set<string>();
  const look = () => seen.add(app.live.life.value.liveness);
  look();
  app.live.life.subscribe(look);
  Object.defineProperty(globalThis, 'seen', { get: () => [...seen] });
}
