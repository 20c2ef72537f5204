import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { en } from '../../client/locale/en.ts';
import { ko } from '../../client/locale/ko.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { captureReply, segmentsWithGaps } from '../support/capture-files.ts';
import { CaptureServer } from '../support/capture-server.ts';
import { useDashboard } from '../support/dashboard.ts';
import { Folder } from '../support/folder.ts';

// Captures by time: the site is in Seoul, nine hours ahead.

const dashboard = useDashboard();
const folder = new Folder();

const RATE_HZ = 1000;
const TRIGGER_MS = Date.UTC(2026, 10, 21, 5, 7, 32, 123);
const LONG = captureOf('c-long', TRIGGER_MS);
const LATER = captureOf('c-later', TRIGGER_MS + 3_600_000);

describe('the raw captures of a view', () => {
  it('that lies wholly inside a long one are that one', async () => {
    const view = `from=${TRIGGER_MS + 2000.25}&to=${TRIGGER_MS + 3000.5}`;
    const { page, rows } = await open(`/channels/pmt-1?${view}`);
    await page.locator('fen-time-panes canvas').first().waitFor();

    await page.getByText(`${en.exportView} ▾`).click();
    await page.getByRole('link', { name: en.rawCaptures }).click();

    await expect.poll(rows).toEqual(['/captures/c-long']);
  });
});

describe('the list of captures', () => {
  it('has the time that it shows in order, whenever captures were made', async () => {
    const { page } = await open('/captures');

    await page.locator('.rows li').first().waitFor();
    const times = await page.locator('.rows time').allTextContents();
    expect(times.map((time) => time.slice(0, 16))).toEqual(['2026-11-21 15:07', '2026-11-21 14:07']);
  });

  it('is restricted to a time that is written, which the address holds', async () => {
    const { page, server, rows } = await open('/captures?cause=person&theme=dark');
    const [from, until] = ends(page);

    await from.fill('2026-11-21 14:30');
    await from.press('Enter');
    await expect.poll(rows).toEqual(['/captures/c-later']);
    await from.fill('');
    await until.fill('2026-11-21T05:30Z');
    await until.blur();

    await expect.poll(rows).toEqual(['/captures/c-long']);
    const to = Date.UTC(2026, 10, 21, 5, 30);
    expect(new URL(page.url()).search).toBe(`?cause=person&to=${to}&theme=dark`);
    await expect.poll(() => server.queries.at(-1)).toEqual({ cause: 'person', to, limit: 100 });
    expect([await from.inputValue(), await until.inputValue()]).toEqual(['', '2026-11-21 14:30']);
    await page.getByRole('button', { name: en.clearFilter }).click();
    await expect.poll(rows).toHaveLength(2);
    expect(await until.inputValue()).toBe('');
  });

  it('says the range of its address, and keeps what of it nobody changes to the ms', async () => {
    const { page, server } = await open('/captures?from=1000&to=2125');
    const [from, until] = ends(page);

    const written = [await from.inputValue(), await until.inputValue()];
    expect(written).toEqual(['1970-01-01 09:00:01', '1970-01-01 09:00:02.125']);
    await from.fill('1970-01-01');
    await from.press('Enter');

    await expect.poll(() => server.queries.at(-1)).toEqual({ from: -32_400_000, to: 2125, limit: 100 });
  });

  it('takes no time that is none, nor one backwards, and says so where it is written', async () => {
    const { page, server } = await open('/captures');
    const [from, until] = ends(page);
    const said = page.locator('fen-time-filter [role=alert]');

    await from.fill('yesterday');
    await from.press('Enter');
    await expect.poll(() => said.textContent()).toBe(en.jumpWrong('yesterday'));
    expect(await from.inputValue()).toBe('yesterday');
    await from.fill('2026-11-21');
    await until.fill('2026-11-20');
    await until.press('Enter');
    await expect.poll(() => said.textContent()).toBe(en.untilBeforeFrom);
    expect(server.queries.every((query) => query.from === undefined || query.to === undefined)).toBe(true);

    await until.fill('2026-11-22');
    await until.press('Enter');
    await expect.poll(() => said.count()).toBe(0);
    await expect.poll(() => server.queries.at(-1)).toMatchObject({ to: Date.UTC(2026, 10, 21, 15) });
  });

  it('names both ends of a time on a phone, which gives axe nothing to find', async () => {
    const { page } = await open('/captures?from=1000', { isPhone: true, language: 'ko', theme: 'dark' });

    await page.getByRole('button', { name: `${ko.filterAlarms} · 1` }).click();
    const boxes = await Promise.all(ends(page, '시작', '끝').map((input) => input.boundingBox()));
    expect(boxes[0]?.y).toBe(boxes[1]?.y);
    expect(boxes.every((box) => box!.height >= 48 && box!.width >= 160)).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth)).toBe(0);
  });
});

/** One of 21 s that was made before those of earlier triggers. */
function captureOf(id: string, triggerMs: number) {
  const timeMs = triggerMs - 10_000;
  const segments = segmentsWithGaps([21_000], { index: 0, gap: 0, rateHz: RATE_HZ, timeMs });
  return captureReply({ id, triggerMs, rateHz: RATE_HZ, samples: 21_000, segments, createdMs: 1e13 - triggerMs });
}

function ends(page: Page, from: string = en.timeFrom, until: string = en.timeUntil) {
  const filter = page.locator('fen-time-filter');
  return [filter.getByLabel(from), filter.getByLabel(until)] as const;
}

async function open(path: string, more = {}) {
  const server = new CaptureServer(folder.path(), [LONG, LATER]);
  const page = await dashboard.open({ scene: 'normal', path, routes: server.routes, ...more });
  const rows = () =>
    page
      .locator('.rows li a')
      .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
  return { page, server, rows };
}
