// Longer than 300 lines: one server and one page through every state, which share their set-up.
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page, Response } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { en as enTexts } from '../../client/locale/en.ts';
import { enAlarmActs } from '../../client/locale/en-alarm-acts.ts';
import { enAlarmPage } from '../../client/locale/en-alarm-page.ts';
import { ko as koTexts } from '../../client/locale/ko.ts';
import { koAlarmActs } from '../../client/locale/ko-alarm-acts.ts';
import { koAlarmPage } from '../../client/locale/ko-alarm-page.ts';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import { alarmOf, DEFINITIONS, fewAlarms, floodAlarms } from '../support/alarm-scenes.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import { OPERATOR } from '../support/scripted-alarms.ts';
import { ScriptedHub } from '../support/scripted-hub.ts';

// The alarms on a phone. One server and one page for all of it: each case leaves the plant quiet.

const en = { ...enTexts, ...enAlarmActs, ...enAlarmPage };
const ko = { ...koTexts, ...koAlarmActs, ...koAlarmPage };
const FIRST_LOAD_LIMIT = 100 * 1024;
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const LONG = '제2공장 건식 식각 4구역 3번 챔버 상부 관측창 광전자증배관 전류';
const CHANNELS = [
  { name: 'a', label: 'Etch 1 · view A' },
  { name: 'b', label: LONG },
  ...Array.from({ length: 100 }, (_, i) => ({ name: `p${i}`, label: `<b>Etch ${i}</b>` })),
];

let browser: Browser;
let hub: ScriptedHub;
let page: Page;
let bodies: { url: string; bytes: number }[];
let complaints: string[];
/** Actions do not get to the server. */
let isCut = false;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await ScriptedHub.start({
    channels: CHANNELS,
    alarms: { definitions: DEFINITIONS, alarms: [] },
    routes: (req, _res, next) => {
      if (isCut && req.path === '/api/alarms/actions') req.socket.destroy();
      else next();
    },
  });
  page = await open({});
});

afterAll(async () => {
  await browser.close();
  await hub.close();
});

afterEach(() => {
  isCut = false;
  hub.alarms.setFlood(undefined);
  clear();
  hub.alarms.actions.length = 0;
});

describe('the first load', () => {
  it('is whole, without charts, WASM or fonts, in less than 100 kB', async () => {
    await page.getByRole('heading', { name: en.noAlarms }).waitFor();
    const loaded = [...bodies];
    const bytes = loaded.reduce((sum, body) => sum + body.bytes, 0);

    console.log(`first load of the alarms: ${(bytes / 1024).toFixed(1)} KiB in ${loaded.length} files, compressed`);
    expect(loaded.length).toBeGreaterThan(3);
    expect(bytes).toBeLessThan(FIRST_LOAD_LIMIT);
    expect(loaded.filter(({ url }) => /wasm|woff|trend-plot/.test(url))).toEqual([]);
  });

  it('says that nothing is wrong only when the server has said so', async () => {
    const mute = await ScriptedHub.start({ channels: [], isMute: true });
    const other = await page.context().newPage();
    await other.goto(`${mute.url}/alarms`);
    await other.getByRole('heading', { name: en.alarmsUnknown }).waitFor();
    expect(await other.getByText(en.noAlarms, { exact: true }).count()).toBe(0);
    await other.getByRole('heading', { name: en.silentTitle }).waitFor();
    await other.close();
    await mute.close();
  });
});

describe('one alarm', () => {
  it('is complete without scrolling, and its targets are for thumbs', async () => {
    show(alarmOf('arcing', 'a', { finding: { value: 0.97, limit: 0.9, text: 'arc' }, capture: 'c-1' }));
    const card = page.locator('fen-alarm-card');
    for (const words of [
      'Micro-arcing',
      'Etch 1 · view A',
      '97',
      'electrode is worn',
      'reduce RF power',
      'within 10 min',
    ]) {
      await card.getByText(words).first().waitFor();
    }
    const box = (await card.boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(844);
    expect(await smallTargets()).toEqual([]);
    expect(await page.title()).toMatch(/^\(1\) /);
    expect(await card.getByRole('link', { name: en.showRaw }).getAttribute('href')).toBe('/captures/c-1');
    expect(await axeFindings(page)).toEqual([]);
  });

  it('shows its trend when that is asked for, by a script that comes then', async () => {
    show(alarmOf('light-high', 'a', { finding: { value: 0.12, limit: 0.1185 } }));
    await press(en.showTrend);
    await page.locator('fen-alarm-trend svg .mean').waitFor();
    await page.locator('fen-alarm-trend svg .limit').waitFor({ state: 'attached' }); // a line has no height
    await press(en.hideTrend);
    await page.locator('fen-alarm-trend').waitFor({ state: 'detached' });
  });

  it('is acknowledged after five seconds in which that can be taken back', async () => {
    show(alarmOf('arcing', 'a'));
    await press(en.acknowledge);
    await press(en.undo);
    await page.getByRole('button', { name: en.acknowledge, exact: true }).waitFor();
    expect(hub.alarms.actions).toEqual([]);

    await press(en.acknowledge);
    await page.getByText(en.held.acknowledge).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByText(/acknowledged by J\. Kim/).waitFor();
    expect(hub.alarms.actions).toMatchObject([{ action: 'acknowledge', alarms: [{ tag: 'arcing:a', occurrence: 1 }] }]);
  });

  it('is acknowledged at once when the page is hidden', async () => {
    show(alarmOf('arcing', 'a'));
    await press(en.acknowledge);
    await page.getByText(en.held.acknowledge).waitFor();
    await page.evaluate(() => dispatchEvent(new Event('pagehide')));
    await expect.poll(() => hub.alarms.actions.length).toBe(1);
  });

  it('is shelved by a reason and a time, and found among the hidden ones', async () => {
    show(alarmOf('light-high', 'b'));
    await press(en.actionName.shelve);
    const sheet = page.getByRole('dialog');
    await sheet.getByText('4 h').click();
    await sheet.getByRole('button', { name: en.send }).click();
    await sheet.getByText(en.reasonMissing).waitFor();
    await sheet.getByText(en.reasons[1]).click();
    await sheet.getByLabel(en.moreWords).fill('램프 <b>교체</b>');
    expect(await smallTargets()).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    await sheet.getByRole('button', { name: en.send }).click();

    await page.getByRole('button', { name: en.hideReason.shelved }).click();
    await page.getByText('Maintenance: 램프 <b>교체</b>').waitFor();
    expect(hub.alarms.actions).toMatchObject([{ action: 'shelve', until: { seconds: 14_400 } }]);
    await press(en.actionName.unshelve);
    await page.getByRole('button', { name: en.actionName.shelve, exact: true }).waitFor();
  });
});

describe('what is pressed', () => {
  it('is the alarm the finger came down on, though a more urgent one comes meanwhile', async () => {
    show(alarmOf('light-high', 'a'));
    const button = page.getByRole('button', { name: en.acknowledge, exact: true }).first();
    await button.hover();
    await page.mouse.down();
    show(alarmOf('arcing', 'b'), alarmOf('light-high', 'p1'));
    await page.getByRole('button', { name: en.waitingAlarms('1') }).waitFor();
    await page.mouse.up();

    await page.getByText(en.held.acknowledge).waitFor();
    await page.locator('fen-alarm-card').first().getByText('Etch 1 · view A').waitFor();
    await page.evaluate(() => dispatchEvent(new Event('pagehide')));
    await expect.poll(() => hub.alarms.actions).toMatchObject([{ alarms: [{ tag: 'light-high:a' }] }]);
  });

  it('is nothing for a moment after cards have moved, visibly', async () => {
    const own = await open({});
    show(alarmOf('light-high', 'a'));
    await own.locator('fen-alarm-card').waitFor();
    show(alarmOf('arcing', 'b'));

    await own.locator('fen-alarm-card[settling]').first().waitFor();
    await own.locator('fen-alarm-card[settling]').first().waitFor({ state: 'detached' });
    await own.context().close();
  });
});

it('is nothing for a moment either where a hidden one was moved by another that came', async () => {
  const sinceMs = Date.now();
  show(alarmOf('arcing', 'a'), alarmOf('arcing', 'b', { hidden: [{ reason: 'shelved', sinceMs, by: 'M. Lee' }] }));
  await page.locator('.hidden > button').waitFor();
  const folded = page.locator('.hidden > button[aria-expanded=false]');
  if ((await folded.count()) > 0) await folded.click();
  const hidden = page.locator('.hidden fen-alarm-card');
  await page.locator('.hidden fen-alarm-card:not([settling])').waitFor();

  show(alarmOf('arcing', 'p0')); // what is critical waits for no hand
  await page.locator('.hidden fen-alarm-card[settling]').waitFor();
  await hidden.getByRole('button', { name: en.actionName.unshelve }).click(); // once it has settled
  await expect.poll(() => hub.alarms.actions).toMatchObject([{ action: 'unshelve', alarms: [{ tag: 'arcing:b' }] }]);
});

it('calls by its title also where it has no frames, as a tab that nobody sees', async () => {
  const own = await open({});
  await own.evaluate(() => {
    window.requestAnimationFrame = () => 0;
  });
  show(alarmOf('arcing', 'a'));
  await expect.poll(() => own.title()).toMatch(/^\(1\) /);
  await own.context().close();
});

it('asks for a name once before anything is done in it', async () => {
  const own = await browser.newPage({ ...PHONE, locale: 'en' });
  await own.goto(`${hub.url}/alarms`);
  show(alarmOf('arcing', 'a'), alarmOf('arcing', 'b'));
  const press = () => own.getByRole('button', { name: en.acknowledge, exact: true }).first().click();
  await press();
  const dialog = own.getByRole('dialog');
  await dialog.getByRole('textbox').fill('H. Park');
  expect(await axeFindings(own)).toEqual([]);
  await dialog.getByRole('textbox').press('Enter');
  await own.getByText(en.held.acknowledge).waitFor();
  await press();
  await expect.poll(() => own.getByText(en.held.acknowledge).count()).toBe(2);
  await own.close();
});

describe('on a bad line', () => {
  it('an action is shown as queued, kept over a reload, and done once', async () => {
    show(alarmOf('arcing', 'a'));
    isCut = true;
    await press(en.acknowledge);
    await page.evaluate(() => dispatchEvent(new Event('pagehide')));
    await page.getByText(/^Acknowledge: Queued/).waitFor();
    await page.getByText(en.waiting('1')).waitFor();
    await page.reload();
    await page.getByText(/^Acknowledge: (Queued|Sending)/).waitFor();
    expect(hub.alarms.actions).toEqual([]);

    isCut = false;
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await page.getByText(/acknowledged by J\. Kim/).waitFor();
    await page.getByText(en.allSent).waitFor();
    expect(hub.alarms.actions).toHaveLength(1);
  });

  it('an action that meets a newer occurrence is refused, and says so until that was read', async () => {
    show(alarmOf('arcing', 'a'));
    isCut = true;
    await press(en.acknowledge);
    await page.evaluate(() => dispatchEvent(new Event('pagehide')));
    await page.getByText(/^Acknowledge: Queued/).waitFor();
    show(alarmOf('arcing', 'a', { occurrence: 2, version: 5 }));
    isCut = false;
    await page.evaluate(() => dispatchEvent(new Event('online')));

    await page.getByText(en.refusal.ALARM_NEWER).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await press(en.gotIt);
    await page.getByText(en.refusal.ALARM_NEWER).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: en.acknowledge, exact: true }).waitFor();
  });

  it('everything is stale while the server is silent, and the page says so above all', async () => {
    show(alarmOf('arcing', 'a'));
    await page.locator('fen-alarm-card').waitFor();
    hub.fallSilent();
    await page.getByRole('heading', { name: en.silentTitle }).waitFor();
    await page.getByText(en.staleOne).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    hub.dropViewers();
    clear(); // which nobody hears

    hub.speak();
    await page.getByRole('heading', { name: en.noAlarms }).waitFor();
    await page.getByRole('heading', { name: en.silentTitle }).waitFor({ state: 'detached' });
  });
});

describe('many alarms', () => {
  it('in a flood are the most urgent, more on demand, and always the one that came first', async () => {
    const { alarms, flood } = floodAlarms(
      CHANNELS.slice(2).map(({ name }) => name),
      300,
    );
    show(...alarms);
    hub.alarms.setFlood(flood);
    const cards = page.locator('fen-alarm-card');
    await expect.poll(() => cards.count()).toBe(41);
    await page.getByText(/^Flood since .* alarms$/).waitFor();
    await cards.last().getByText(en.firstOut, { exact: true }).waitFor();
    await page.getByText('<b>Etch 0</b>').first().waitFor(); // names are text
    expect(await axeFindings(page)).toEqual([]);
    await press(en.more('40'));
    await expect.poll(() => cards.count()).toBe(81);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['a phone in the dark, in Korean', { ...PHONE, colorScheme: 'dark', locale: 'ko' }],
    ['a wide screen without motion', { viewport: { width: 1920, height: 1080 }, reducedMotion: 'reduce' }],
  ] as const)('are told whole on %s', async (_name, options) => {
    const { alarms } = fewAlarms(['a', 'b', 'p0', 'p1']);
    const own = await open(options);
    show(...alarms);
    await own.locator('fen-alarm-card').nth(4).waitFor();
    const words = 'locale' in options ? ko : en;
    await own.locator('.hidden > button', { hasText: words.hideReason.shelved }).click();
    await own.getByText('Lamp is changed').waitFor();
    expect(await own.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    const blinking = own.locator('fen-alarm-symbol .blinking').first();
    const motion = await blinking.evaluate((symbol) => getComputedStyle(symbol).animationName);
    expect(motion !== 'none').toBe(!('reducedMotion' in options));
    expect(await axeFindings(own)).toEqual([]);
    await own.context().close();
  });
});

/** Opens the alarms. What the last of these loaded is in `bodies`. */
async function open(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ ...PHONE, locale: 'en', ...options });
  await context.addInitScript((name) => localStorage.setItem('fenestra-person', name), OPERATOR);
  const opened = await context.newPage();
  const loading: Promise<unknown>[] = [];
  bodies = [];
  complaints = [];
  const count = (response: Response) => {
    const read = async () => bodies.push({ url: response.url(), bytes: gzipSync(await response.body()).length });
    loading.push(read());
  };
  opened.on('response', count);
  opened.on('pageerror', (error) => complaints.push(String(error)));
  await opened.goto(`${hub.url}/alarms`);
  await opened.locator('.rows, .none').first().waitFor();
  await opened.waitForLoadState('networkidle');
  await Promise.all(loading);
  opened.off('response', count);
  return opened;
}

const shown = new Set<string>();

function show(...alarms: readonly AlarmReply[]): void {
  for (const { tag } of alarms) shown.add(tag);
  hub.alarms.change(...alarms);
}

/** All is normal again. */
function clear(): void {
  const normal = { state: 'normal', hidden: [], version: 1_000_000 } as const;
  hub.alarms.change(...[...shown].map((tag) => ({ ...hub.alarms.find(tag), ...normal })));
  shown.clear();
}

async function press(name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).first().click();
}

/** What is pressed and lower than a thumb needs. */
function smallTargets(): Promise<string[]> {
  return page.evaluate(() => {
    const roots: (Document | ShadowRoot)[] = [document];
    const found: string[] = [];
    for (let root = roots.pop(); root; root = roots.pop()) {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) roots.push(element.shadowRoot);
        if (!element.matches('button, a, [type=text], label:has([type=radio])')) continue;
        const { height } = element.getBoundingClientRect();
        if (height > 0 && height < 48) found.push(`${element.textContent?.trim()} ${height}`);
      }
    }
    return found;
  });
}
