import express from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { en as texts } from '../../client/locale/en.ts';
import { enAlarmPage as en } from '../../client/locale/en-alarm-page.ts';
import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import { alarmEntry } from '../support/alarm-entries.ts';
import { alarmOf, DEFINITIONS, fewAlarms, floodAlarms } from '../support/alarm-scenes.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import { ScriptedHub } from '../support/scripted-hub.ts';

// Every state of the alarms on a phone, in both themes, with 200 channels: one server and one page for all of it.

const LONG = '제2공장 건식 식각 4구역 3번 챔버 상부 관측창 광전자증배관 전류';
const CHANNELS = Array.from({ length: 200 }, (_, i) => ({
  name: `p${i}`,
  label: i === 1 ? LONG : `Etch ${i}`,
  ...(i === 199 && { silentForMs: 60_000 }),
}));
const NAMES = CHANNELS.map(({ name }) => name);
const QUIET_MS = 2 * 3_600_000 + 5000;

let browser: Browser;
let hub: ScriptedHub;
let page: Page;
let journal: AlarmEntry[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  const atMs = Date.now() - QUIET_MS;
  const hidden = { event: 'clear', state: 'normal', hidden: ['shelved'], atMs: atMs + 60_000 } as const;
  journal = [alarmEntry(hidden), alarmEntry({ event: 'clear', state: 'normal', isAnnunciated: false, atMs })];
  const routes = express.Router();
  routes.get('/api/alarms/journal', (_req, res) => void res.json({ entries: journal, newest: 2 }));
  routes.get('/api/push', (_req, res) => void res.json({ subscribers: [], limit: 200 }));
  hub = await ScriptedHub.start({ channels: CHANNELS, alarms: { definitions: DEFINITIONS, alarms: [] }, routes });
  page = await browser.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'en' });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${hub.url}/alarms`);
  await page.getByRole('heading', { name: texts.noAlarms }).waitFor();
});

afterAll(async () => {
  await browser.close();
  await hub.close();
});

afterEach(async () => {
  hub.speak();
  hub.alarms.setFlood(undefined);
  const normal = { state: 'normal', hidden: [], version: 1_000_000 } as const;
  hub.alarms.change(...[...shown].map((tag) => ({ ...hub.alarms.find(tag), ...normal })));
  shown.clear();
  expect(complaints).toEqual([]);
});

describe('the quiet page', () => {
  it('says since when, by the journal, what is heard, when the server was, and what is hidden', async () => {
    const section = page.locator('section.none');
    await section.getByText(/^Nothing is abnormal since .+, 2\sh\s0\smin\.$/).waitFor();
    await section.getByText('199 of 200').waitFor();
    await section.getByText(en.facts.none).waitFor();
    show(...fewAlarms(NAMES).alarms.filter(({ hidden }) => hidden.length > 0));
    await section.getByText('Shelved 1').waitFor();
    await expectClean();
  });

  it('counts from the end of the last alarm that was seen', async () => {
    show(alarmOf('arcing', 'p0'));
    await page.locator('fen-alarm-card').waitFor();
    show({ ...alarmOf('arcing', 'p0'), state: 'normal', version: 9 });
    await page
      .locator('section.none')
      .getByText(/^Nothing is abnormal since .+, \d\ss\.$/)
      .waitFor();
  });

  it('claims nothing of now while the server is silent', async () => {
    hub.fallSilent();
    await page.getByRole('heading', { name: en.noneThen }).waitFor();
    expect(await page.getByRole('heading', { name: texts.noAlarms, exact: true }).count()).toBe(0);
    await expectClean();
  });
});

describe('every other state', () => {
  it('of one alarm, and of one that is stale', async () => {
    show(alarmOf('arcing', 'p1', { finding: { value: 0.97, limit: 0.9, text: 'arc' }, capture: 'c-1' }));
    await page.locator('fen-alarm-card[open]').getByText(LONG).first().waitFor();
    await expectClean();
    hub.fallSilent();
    await page.getByText(en.staleOne).waitFor();
    await expectClean();
  });

  it('of one of each kind, without motion', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    show(...fewAlarms(NAMES).alarms);
    await page.locator('fen-alarm-card').nth(4).waitFor();
    const blinking = page.locator('fen-alarm-symbol .blinking').first();
    expect(await blinking.evaluate((symbol) => getComputedStyle(symbol).animationName)).toBe('none');
    await expectClean();
    await page.emulateMedia({ reducedMotion: null });
  });

  it('of a flood', async () => {
    const { alarms, flood } = floodAlarms(NAMES, 300);
    show(...alarms);
    hub.alarms.setFlood(flood);
    await page.getByText(/^Flood since/).waitFor();
    await expectClean();
  });

  it('of an alarm of each of 200 channels, which can all be come to', async () => {
    show(...NAMES.map((name) => alarmOf('light-high', name)));
    await page.waitForFunction(() => document.title.startsWith('(200)'));
    const cards = page.locator('fen-alarm-card');
    const more = page.getByRole('button', { name: en.more('40') });
    await expect.poll(() => cards.count()).toBe(40);
    // A tap is none where the button moves under it, as while alarms still come.
    const tapped = () => more.click({ timeout: 1000 }).catch(() => undefined);
    await expect.poll(() => tapped().then(() => cards.count())).toBe(NAMES.length);
    expect(await more.count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

/** Nothing for axe to find, in both themes, and nothing beside the screen. */
async function expectClean(): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page)).toEqual([]);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
}

const shown = new Set<string>();

function show(...alarms: readonly AlarmReply[]): void {
  for (const { tag } of alarms) shown.add(tag);
  hub.alarms.change(...alarms);
}
