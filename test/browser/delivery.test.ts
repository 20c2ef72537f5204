import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { Device } from '../support/device.ts';
import { startServer, type TestServer } from '../support/server.ts';

// The dashboard as the server delivers it, with its security headers and live data.

const WINDOW = 100;
const HOSTILE = '<img src=x onerror="document.title=1">';

let browser: Browser;
let server: TestServer;
let device: Device;
let feed: NodeJS.Timeout;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({ channels: { 'etch-1': { label: HOSTILE, unit: '<b>V</b>' } } });
  device = await Device.open(server.ingest, {
    'fenestra:channel': 'etch-1',
    'core:sample_rate': 10_000,
    'fenestra:window': WINDOW,
    'core:description': HOSTILE,
    'core:hw': HOSTILE,
  });
  let sent = 0;
  feed = setInterval(() => {
    device.frame(
      sent,
      Int16Array.from({ length: WINDOW }, (_, i) => 1000 + i),
    );
    sent += WINDOW;
  }, 20);
});

afterAll(async () => {
  clearInterval(feed);
  await device?.cut();
  await browser?.close();
  await server?.close();
});

describe('the dashboard', () => {
  it.each(['/', '/channels/etch-1', '/system', '/channels/unknown', '/channels'])(
    'runs at %s without a complaint of the browser',
    async (path) => {
      const { page, complaints } = await open(path);

      await page.waitForFunction(() => (document.querySelector('fen-app')?.shadowRoot?.textContent ?? '').length > 50);
      await page.waitForTimeout(1500); // charts and the first heartbeats

      expect(complaints).toEqual([]);
      expect(await page.title()).toContain('Fenestra');
      await page.close();
    },
  );

  it('would show what its policy forbids', async () => {
    const { page, complaints } = await open('/');

    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p style="color: red">x</p>'));
    await page.waitForFunction(() => document.querySelector('p') !== null);

    await expect.poll(() => complaints.join()).toContain('style-src');
    await page.close();
  });
});

async function open(path: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  await page.exposeFunction('complain', (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const complain = Reflect.get(window, 'complain') as (text: string) => void;
      complain(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(server.url + path);
  return { page, complaints };
}
