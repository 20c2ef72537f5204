import { type RequestHandler, Router } from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { en as enAll } from '../../client/locale/en.ts';
import { enJournal as en } from '../../client/locale/en-journal.ts';
import { koJournal as ko } from '../../client/locale/ko-journal.ts';
import { journalRoutes } from '../../server/http/journal-routes.ts';
import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import { alarmEntry } from '../support/alarm-entries.ts';
import { journalOf } from '../support/alarm-records.ts';
import { DEFINITIONS } from '../support/alarm-scenes.ts';
import { shiftEntries } from '../support/alarm-shift.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import { overflow } from '../support/overflow.ts';
import { scene } from '../support/scenes.ts';
import { ScriptedHub } from '../support/scripted-hub.ts';

// 13:10 in Seoul: in the middle of a shift.
const NOW_MS = Date.parse('2026-11-23T04:10Z');
const CHANNELS = scene('defined').channels.map(({ name }) => name);
const LONG_LABEL = '제2공장 건식 식각 4구역 3번 챔버 상부 관측창 광전자증배관 전류';
const LONG = { en: 'long'.repeat(30), ko: '광전자증배관'.repeat(20) };
const DESK = { width: 1920, height: 1080 };

let hub: ScriptedHub;
let browser: Browser;
let page: Page;
let entries: AlarmEntry[];
let journal: ReturnType<typeof journalOf>;
let routes: RequestHandler;
const complaints: string[] = [];

// One server and one page for all: each test has a journal of its own, and opens the page anew.
beforeAll(async () => {
  const [first, ...others] = DEFINITIONS;
  const alarms = { definitions: [first!, ...others, { ...first!, id: 'long', title: LONG }], alarms: [] };
  const defined = scene('defined');
  hub = await ScriptedHub.start({
    ...defined,
    ...{ channels: [...defined.channels, { name: 'crowd-7', label: LONG_LABEL }], alarms },
    routes: (req, res, next) => routes(req, res, next),
  });
  browser = await launchBrowser();
  page = await browser.newPage({ locale: 'en' });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
});

beforeEach(() => {
  complaints.length = 0;
  fill(shiftEntries(CHANNELS, NOW_MS, 9));
});

afterEach(() => {
  hub.speak();
  return page.unrouteAll();
});

afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

describe('the page of the journal', () => {
  it('shows who did what to which alarm, from where, and leads to the trend of that moment', async () => {
    await open('/alarms/journal');
    const newest = page.locator('fen-journal-page li').first();

    expect(await page.title()).toBe('Alarm journal · Fenestra');
    expect(await newest.innerText()).toMatch(
      /13:08:00\.000[\s\S]*Raised[\s\S]*Micro-arcing\s*arcing:pmt-3\s*arc · 9\d\s%, limit 90\s%/,
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
    expect(complaints).toEqual([]);
  });

  it('finds by tag, person, event and words, keeps that in the address, and exports the same', async () => {
    await open('/alarms/journal');

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
    const csv = await (await page.request.get(hub.url + href)).text();
    expect(csv.trim().split('\r\n')).toHaveLength(wanted.length + 1);
    await page.getByRole('button', { name: enAll.clearFilter }).click();
    await expect.poll(() => page.locator('fen-journal-page li').count()).toBe(100);
  });

  it('follows what happens, and turns pages', async () => {
    await open('/alarms/journal');
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
    await open('/');
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await page.locator('fen-journal-page li .alarm a').first().focus();

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');

    const third = page.locator('fen-journal-page li').nth(2).locator('.alarm a');
    expect(await third.evaluate((link) => link.matches(':focus'))).toBe(true);
  });

  it('says when nothing is found, and when the journal cannot be read', async () => {
    await open('/alarms/journal?tag=none');
    await page.getByText(en.noneFound).waitFor();

    await page.route('**/api/alarms/journal?*', (route) =>
      route.fulfill({ status: 503, json: { code: 'STORAGE_FAILED', message: 'the disk is gone' } }),
    );

    await page.getByText(en.notLoaded('the disk is gone')).waitFor();
  });
});

describe('the page of figures', () => {
  it('shows each figure with its guide, the floods, and the most frequent alarms', async () => {
    await open('/alarms/kpi');
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
    expect(complaints).toEqual([]);
  });

  it('steps to other periods, which the address holds, and leads to their journal', async () => {
    await open('/alarms/kpi');

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

const RAISED = alarmEntry({ tag: 'long:crowd-7', atMs: NOW_MS - 60_000, comment: LONG.ko });

describe.each(['/alarms/journal', '/alarms/kpi?period=day'])('%s', (path) => {
  it.each([
    ['quiet', []],
    ['one', [RAISED]],
    ['a flood of thousands on 200 channels', flood(3000)],
    ['people with long Korean names', [RAISED, signedBy('남궁제갈황보선우독고'.repeat(8))]],
  ] as const)('is read in both themes, on a desk and on a phone: %s', async (state, journalled) => {
    fill(journalled);
    await open(path, { language: 'ko' });
    if (state === 'quiet')
      await page
        .getByText(path.endsWith('day') ? ko.noneOfThese : ko.noEntries)
        .first()
        .waitFor();

    await expectReadable();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectReadable();
    expect(complaints).toEqual([]);
  });

  it.each([
    ['light', 360, 740],
    ['dark', 3840, 2160],
  ] as const)('is read at the end of a shift: %s, %i x %i', async (theme, width, height) => {
    await open(path, { theme, language: 'ko', width, height });

    await expectReadable();
    expect(complaints).toEqual([]);
  });

  it('says that the server does not answer, keeps what it shows, and can be read so', async () => {
    await open(path, { theme: 'dark' });
    const rows = page.locator('fen-journal-page li, fen-pareto tbody tr');
    await rows.first().waitFor();
    const before = await rows.count();

    hub.fallSilent();
    await page.route('**/api/alarms/**', (route) => route.abort());
    await page.locator('fen-silence-banner .banner').waitFor();
    await page.locator('.news', { hasText: /could not be/ }).waitFor();

    expect(await rows.count()).toBe(before);
    await expectReadable();
  });
});

function fill(journalled: readonly AlarmEntry[]): void {
  entries = [...journalled];
  journal = journalOf(entries, () => NOW_MS);
  routes = Router().use(journalRoutes({ journal, nowMs: () => NOW_MS }));
}

/** So many annunciations in an hour. */
function flood(count: number): AlarmEntry[] {
  const places = Array.from({ length: 200 }, (_, i) => `crowd-${i}`);
  return Array.from({ length: count }, (_, i) =>
    alarmEntry({
      ...{ number: i + 1, tag: `light-high:${places[i % places.length]}`, atMs: NOW_MS - (count - i) * 1000 },
      occurrence: Math.floor(i / places.length) + 1,
    }),
  );
}

function signedBy(name: string): AlarmEntry {
  const actor = { name, address: '10.0.3.17' };
  const what = { event: 'acknowledge', state: 'acknowledged', isAnnunciated: false } as const;
  return { ...RAISED, ...what, number: 2, version: 2, atMs: NOW_MS - 1000, actor };
}

async function expectReadable(): Promise<void> {
  expect(await axeFindings(page)).toEqual([]);
  await expect.poll(() => overflow(page)).toBe(0);
}

async function open(
  path: string,
  look: { theme?: 'light' | 'dark'; language?: 'en' | 'ko' } & Partial<typeof DESK> = {},
) {
  const { theme = 'light', language = 'en', ...size } = look;
  await page.setViewportSize({ ...DESK, ...size });
  await page.emulateMedia({ colorScheme: theme });
  const url = new URL(path, hub.url);
  if (language === 'ko') url.searchParams.set('language', language);
  await page.goto(url.href);
  await page.locator('fen-life-strip .live').waitFor();
  await page.locator('fen-journal-page li, fen-pareto, .none, fen-channel-tile').first().waitFor();
}
