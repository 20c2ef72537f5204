import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { type Dashboard, type DashboardOptions, openDashboard } from '../support/dashboard.ts';

let browser: Browser;
let dashboard: Dashboard;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterEach(() => dashboard.close());

afterAll(() => browser.close());

describe('one channel', () => {
  it('shows every figure with its unit, and what the device said of itself', async () => {
    const page = await open({ scene: 'normal', path: '/channels/pmt-2' });
    const figures = page.locator('fen-figures');

    await expect.poll(() => read(page, 0)).toMatchObject({ Samples: '2,500,000', 'Clipped samples': '0' });
    const reading = await read(page, 0);
    for (const name of ['Minimum', 'Mean', 'Maximum', 'Standard deviation σ']) {
      expect(reading[name], name).toMatch(/^\d\.\d{4,5} V$/);
    }
    expect(Number.parseFloat(reading.Minimum)).toBeLessThan(Number.parseFloat(reading.Mean));
    expect(Number.parseFloat(reading.Mean)).toBeLessThan(Number.parseFloat(reading.Maximum));
    expect(await read(page, 1)).toMatchObject({ State: 'connected', 'Missing samples': '0' });
    expect(await read(page, 2)).toMatchObject({
      Label: 'Etch 1 · view B',
      Name: 'pmt-2',
      'Normal range': '0.1105 … 0.1185 V',
      'Sample rate': '10.0\u202fMS/s',
      'Samples a window': '50,000',
      Datatype: 'ri16_le',
      Hardware: 'PMT',
    });
    expect(await figures.count()).toBe(3);
  });

  it('carries its name in the title', async () => {
    const page = await open({ scene: 'normal', path: '/channels/pmt-3' });

    await expect.poll(() => page.locator('fen-channel-page h1').textContent()).toBe('Etch 2 · view A');
    await expect.poll(() => page.title()).toBe('Etch 2 · view A · Fenestra');
  });
});

describe('the system page', () => {
  it('shows the account of every channel, the gaps and that the books balance', async () => {
    const page = await open({ scene: 'abnormal', path: '/system' });
    const [ledger, gaps] = [page.locator('fen-table').first(), page.locator('fen-table').last()];

    expect(await ledger.locator('tbody tr').count()).toBe(9);
    const row = ledger.locator('tbody tr').filter({ hasText: 'Dep 3 · PMT' });
    expect(await row.locator('td').allTextContents()).toEqual(
      expect.arrayContaining(['connected', '81,234,567,890', '2,469,134', '2']),
    );
    expect(await ledger.locator('p').textContent()).toContain('The books balance');
    expect(await gaps.locator('tbody tr').count()).toBe(2);
  });

  it('strikes its figures when the server no longer answers', async () => {
    const page = await open({ scene: 'normal', path: '/system' });

    dashboard.hub.fallSilent();

    await page.locator('fen-system-page p.stale').waitFor();
    const figure = page.locator('fen-figures dd').first();
    expect(await figure.evaluate((element) => getComputedStyle(element).textDecorationLine)).toBe('line-through');
  });

  it('speaks Korean to who reads Korean', async () => {
    const page = await open({ scene: 'normal', path: '/system', language: 'ko' });

    expect(await page.locator('fen-table h2').allTextContents()).toEqual(['원시 샘플 집계', '최근 누락 구간']);
    expect(await page.getAttribute('html', 'lang')).toBe('ko');
  });
});

it('shows the window its address asks for, filled', async () => {
  const page = await open({ scene: 'one', path: '/?window=5m' });

  expect(await page.getByRole('radio', { name: '5 min' }).isChecked()).toBe(true);
  const first = dashboard.hub.commands.find((command) => command.type === 'fill');
  const [{ from, to }] = first!.channels[0].ranges;
  expect(to - from).toBe(300 * 200);
});

describe('a wall', () => {
  it('takes the size of a wall by itself on a screen of 3840 pixels, and on any by its address', async () => {
    const page = await open({ scene: 'normal', width: 3840, height: 2160 });
    const valuePx = () =>
      page
        .locator('fen-channel-tile header .value')
        .first()
        .evaluate((value) => Number.parseFloat(getComputedStyle(value).fontSize));
    expect(await valuePx()).toBeGreaterThanOrEqual(88);

    await page.setViewportSize({ width: 1920, height: 1080 });
    await expect.poll(valuePx).toBe(22);

    await page.goto(`${dashboard.hub.url}/?scale=wall`);
    await page.locator('fen-channel-tile header .value').first().waitFor();
    expect(await valuePx()).toBeGreaterThanOrEqual(88);
  });
});

async function open(options: DashboardOptions): Promise<Page> {
  dashboard = await openDashboard(browser, options);
  return dashboard.page;
}

/** The names and figures of a panel. */
async function read(page: Page, panel: number): Promise<Record<string, string>> {
  const pairs = await page
    .locator('fen-figures')
    .nth(panel)
    .locator('dl > div')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
  return Object.fromEntries(pairs as [string, string][]);
}
