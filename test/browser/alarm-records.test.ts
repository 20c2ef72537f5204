import { type RequestHandler, Router } from 'express';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { enJournal as en } from '../../client/locale/en-journal.ts';
import { koJournal as ko } from '../../client/locale/ko-journal.ts';
import { journalRoutes } from '../../server/http/journal-routes.ts';
import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import { journalOf } from '../support/alarm-records.ts';
import { shiftEntries } from '../support/alarm-shift.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { useDashboard } from '../support/dashboard.ts';
import { overflow } from '../support/overflow.ts';
import { scene } from '../support/scenes.ts';

// 13:10 in Seoul: in the middle of a shift.
const NOW_MS = Date.parse('2026-11-23T04:10Z');
const CHANNELS = scene('defined').channels.map(({ name }) => name);

const dashboard = useDashboard();
let entries: AlarmEntry[];
let journal: ReturnType<typeof journalOf>;
let routes: RequestHandler;

beforeEach(() => {
  entries = shiftEntries(CHANNELS, NOW_MS, 9);
  journal = journalOf(entries, () => NOW_MS);
  routes = Router().use(journalRoutes({ journal, nowMs: () => NOW_MS }));
});

describe('the page of the journal', () => {
  it('shows who did what to which alarm, from where, and leads to the trend of that moment', async () => {
    const page = await open('/alarms/journal');
    const newest = page.locator('fen-journal-page li').first();

    expect(await page.title()).toBe('Alarm journal · Fenestra');
    expect(await newest.innerText()).toMatch(
      /13:08:00\.000[\s\S]*Raised[\s\S]*Micro-arcing\s*arcing:pmt-3 · no\. \d+[\s\S]*arc, 0\.9\d+, limit 0\.9/,
    );
    expect(await page.locator('fen-journal-page li').nth(1).innerText()).toMatch(/Shelved\s+until[\s\S]*장치 교체 중/);
    const comment = page.locator('fen-journal-page li', { hasText: 'Comment' }).first();
    expect(await comment.innerText()).toContain('Cleaned the window; <b>see</b> the shift book');
    expect(await comment.innerText()).toMatch(/from 10\.0\.3\.17/);
    const beganMs = NOW_MS - 2 * 60_000 - 1200;
    const trend = new URL((await newest.getByText('Trend').getAttribute('href'))!, 'http://here');
    expect(trend.pathname).toBe('/channels/pmt-3');
    expect(Date.parse(trend.searchParams.get('from')!)).toBe(beganMs - 30_000);
    expect(await axeFindings(page)).toEqual([]);
    expect(dashboard.complaints).toEqual([]);
  });

  it('finds by tag, person, event and words, keeps that in the address, and exports the same', async () => {
    const page = await open('/alarms/journal');

    await page.getByLabel(en.personPart).fill('lee');
    await page.getByLabel(en.anyEvent).selectOption('acknowledge');
    await page.getByLabel(en.tagPattern).fill('light-high:*');
    const wanted = entries.filter(
      ({ actor, event, tag }) => actor?.name === 'M. Lee' && event === 'acknowledge' && tag.startsWith('light-high:'),
    );

    await expect.poll(() => page.locator('fen-journal-page li').count()).toBe(wanted.length);
    expect(wanted.length).toBeGreaterThan(2);
    const query = new URL(page.url()).searchParams;
    expect(Object.fromEntries(query)).toEqual({ person: 'lee', event: 'acknowledge', tag: 'light-high:*' });
    const href = (await page.getByText(en.asTable).getAttribute('href'))!;
    const csv = await (await page.request.get(dashboard.hub.url + href)).text();
    expect(csv.trim().split('\r\n')).toHaveLength(wanted.length + 1);
    await page.getByRole('button', { name: en.clear }).click();
    await expect.poll(() => page.locator('fen-journal-page li').count()).toBe(100);
  });

  it('follows what happens, and turns pages', async () => {
    const page = await open('/alarms/journal');
    await expect.poll(() => page.locator('fen-journal-page li').count()).toBe(100);

    const last = entries.at(-1)!;
    journal.take({ ...last, number: last.number + 1, event: 'comment', comment: 'just now', isAnnunciated: false });
    await page.getByText('just now').waitFor();

    await page.getByText(en.older).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('before')).not.toBeNull();
    await expect.poll(() => page.locator('h1').evaluate((h1) => h1.matches(':focus'))).toBe(true);
    await page.getByText(en.newest).waitFor();
    expect(await page.getByText('just now').count()).toBe(0);
  });

  it('is gone through by keys', async () => {
    const page = await open('/');
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await page.locator('fen-journal-page li .alarm a').first().focus();

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');

    const third = page.locator('fen-journal-page li').nth(2).locator('.alarm a');
    expect(await third.evaluate((link) => link.matches(':focus'))).toBe(true);
  });

  it('says when nothing is found, and when the journal cannot be read', async () => {
    const page = await open('/alarms/journal?tag=none');
    await page.getByText(en.noneFound).waitFor();

    await page.route('**/api/alarms/journal?*', (route) =>
      route.fulfill({ status: 503, json: { code: 'STORAGE_FAILED', message: 'the disk is gone' } }),
    );

    await page.getByText(en.notLoaded('the disk is gone')).waitFor();
  });
});

describe('the page of figures', () => {
  it('shows each figure with its guide, the floods, and the most frequent alarms', async () => {
    const page = await open('/alarms/kpi');
    const kpi = await journal.kpi('shift', NOW_MS);
    const values = await page.locator('fen-guided-figures .value').allInnerTexts();

    expect(values.slice(0, 5)).toEqual([
      kpi.rate!.toFixed(1),
      String(kpi.peak),
      `${(kpi.flood.share * 100).toFixed(1)}\u202f%`,
      String(kpi.chattering.total),
      String(kpi.stale.total),
    ]);
    expect(kpi.flood.total).toBeGreaterThan(0);
    expect(await page.locator('fen-guided-figures .beyond').count()).toBe(5);
    expect(await page.locator('fen-alarm-series .flood').count()).toBe(kpi.flood.total);
    expect(await page.locator('fen-alarm-series .bar').count()).toBe(kpi.series.length);
    const counts = await page.locator('fen-pareto tbody td:nth-child(2)').allInnerTexts();
    expect(counts).toEqual(kpi.actors.alarms.slice(0, 10).map(({ count }) => String(count)));
    expect(await page.locator('fen-pareto tbody tr').first().innerText()).toContain('Light above normal');
    expect(await axeFindings(page)).toEqual([]);
    expect(dashboard.complaints).toEqual([]);
  });

  it('steps to other periods, which the address holds, and leads to their journal', async () => {
    const page = await open('/alarms/kpi');

    await page.getByText(en.periods.hour, { exact: true }).click();
    await page.getByText('2026-11-23 13:00 – 14:00').waitFor();
    await page.getByRole('button', { name: en.earlier }).click();
    await page.getByText('2026-11-23 12:00 – 13:00').waitFor();
    const { beginMs, endMs } = await journal.kpi('hour', NOW_MS - 3_600_000);

    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ period: 'hour', at: String(endMs - 1) });
    await page.getByText(en.toJournal).click();
    await expect
      .poll(() => Object.fromEntries(new URL(page.url()).searchParams))
      .toEqual({ from: String(beginMs), to: String(endMs) });
    await page.goBack();
    await page.getByText('2026-11-23 12:00 – 13:00').waitFor();
    await page.getByRole('button', { name: en.now }).click();
    await page.getByText('2026-11-23 13:00 – 14:00').waitFor();
  });
});

describe.each(['/alarms/journal', '/alarms/kpi?period=day'])('%s', (path) => {
  it.each([
    ['dark', 390, 844],
    ['light', 360, 740],
    ['dark', 3840, 2160],
  ] as const)('is read without scrolling sideways: %s, %i x %i', async (theme, width, height) => {
    const page = await dashboard.open({ scene: 'defined', path, theme, language: 'ko', width, height, routes });
    await page
      .getByText(path.endsWith('day') ? ko.actors : ko.filters)
      .first()
      .waitFor({ state: 'attached' });
    await page.locator('fen-journal-page li, fen-pareto tbody tr').first().waitFor();

    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(dashboard.complaints).toEqual([]);
  });
});

async function open(path: string): Promise<Page> {
  const page = await dashboard.open({ scene: 'defined', path, routes });
  await page.locator('fen-journal-page li, fen-pareto, .none, fen-channel-tile').first().waitFor();
  return page;
}
