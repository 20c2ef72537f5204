// Longer than 300 lines: one server and one page through every state of a scene, which share their set-up.
import type { RequestHandler } from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FenAlarmBanner } from '../../client/components/fen-alarm-banner.ts';
import { en } from '../../client/locale/en.ts';
import { alarmOf, fewAlarms } from '../support/alarm-scenes.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import { type SceneName, scene } from '../support/scenes.ts';
import { ScriptedHub } from '../support/scripted-hub.ts';

// Longer than what has just come is inert.
const SETTLING_MS = 900;
const PLACES = ['pmt-1', 'pmt-2', 'pmt-3', 'pmt-4'];
const SCRIPT = '<img src=x onerror="document.title=1">';

let browser: Browser;
let hub: ScriptedHub;
let page: Page;
const complaints: string[] = [];
/** Actions do not get to the server. */
let isCut = false;
const routes: RequestHandler = (req, _res, next) => {
  if (isCut && req.path === '/api/alarms/actions') req.socket.destroy();
  else next();
};

/** One hub and one page for the tests of a scene. */
function onScene(name: SceneName, path = '/') {
  beforeAll(async () => {
    hub = await ScriptedHub.start({ ...scene(name), routes });
    page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, reducedMotion: 'no-preference' });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(hub.url + path);
    await page.locator('fen-alarm-list').waitFor();
  });
  afterAll(async () => {
    await page.close();
    await hub.close();
  });
}

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe('the control room with alarms of every state', () => {
  onScene('alarms');
  beforeEach(async () => {
    await page.keyboard.press('Escape');
  });

  it('says the most urgent in words, since when, what to do, and how many there are', async () => {
    const banner = page.locator('fen-alarm-banner');

    await expect.poll(() => banner.locator('.what').innerText()).toBe('Etch 1 · view B: Micro-arcing');
    expect(await banner.locator('.why').innerText()).toMatch(
      /since \d\d:\d\d:\d\d · Check the electrode seating of Etch 1 · view B/,
    );
    expect(await banner.locator('.counts .unseen').allTextContents()).toEqual([
      'critical: 1, 1 unacknowledged',
      'high: 2, 1 unacknowledged',
      'medium: 1, 1 unacknowledged',
      'low: 1, 0 unacknowledged',
    ]);
  });

  it('shows priority by shape and digit, blinks what nobody has acknowledged only, and not where motion is unwanted', async () => {
    const symbols = page.locator('fen-alarm-list fen-alarm-symbol svg');

    await expect.poll(() => symbols.locator('text').allTextContents()).toEqual(['1', '2', '2', '3', '4']);
    expect(
      await symbols.evaluateAll((all) => all.map(({ classList }) => [...classList].filter((name) => name !== ''))),
    ).toEqual([['critical', 'blinking'], ['high', 'returned'], ['high'], ['medium', 'returned'], ['low']]);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await symbols.first().evaluate((svg) => getComputedStyle(svg).animationName)).toBe('none');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
  });

  it('puts the tiles of channels with alarms first, each with its most urgent, and no others in colour', async () => {
    const tiles = page.locator('fen-channel-tile');

    await expect
      .poll(() => tiles.locator('.alarm b').allInnerTexts())
      .toEqual(['Micro-arcing', 'Light above normal', 'Light above normal', 'No new data']);
    expect(await tiles.locator('article.alarmed').count()).toBe(4);
    expect(await tiles.locator('h2').first().innerText()).toBe('Etch 1 · view B');
  });

  it('shows all of an alarm at one click, with the ways to its trend, its diagnosis and its raw waveform', async () => {
    await page.locator('fen-alarm-list .line').first().click();
    const detail = page.locator('fen-alarm-detail');

    await expect.poll(() => detail.locator('.all').innerText()).toContain('The electrode is worn or badly seated.');
    expect(await detail.locator('.all').innerText()).toMatch(/Time to respond\s+9\smin \d+\ss left of 10\smin/);
    const ways = await detail
      .locator('.ways a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
    expect(ways).toEqual([
      '/captures/c-1',
      expect.stringMatching(/^\/channels\/pmt-2\?from=\S+Z&to=\S+Z$/),
      expect.stringMatching(/^\/channels\/pmt-2\?from=\S+Z&to=\S+Z&run=\S+Z$/),
    ]);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('is worked by keys alone: moved in, selected, shelved with a reason, and left', async () => {
    const list = page.locator('fen-alarm-list');
    await list.locator('.rows').focus();

    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowUp');
    expect(await list.locator('.line.selected').count()).toBe(2);
    expect(await page.evaluate(() => document.title)).toContain('Fenestra'); // the space bar froze nothing
    await page.keyboard.press('s');
    const dialog = page.getByRole('dialog', { name: 'Shelve: 2 alarms' });
    await dialog.getByRole('radio', { name: '1 h', exact: true }).check();
    await dialog.getByRole('textbox').fill('Lamp is changed');
    await dialog.getByRole('button', { name: 'Sign and send' }).click();

    await expect
      .poll(() => hub.alarms.actions.at(-1))
      .toMatchObject({
        action: 'shelve',
        comment: 'Lamp is changed',
        until: { seconds: 3600 },
        alarms: [{ tag: 'disk' }, { tag: 'stale-data:pmt-4' }],
      });
    await expect.poll(() => list.locator('.lists').innerText()).toMatch(/Shelved\s+3/);
  });

  it('keeps what is selected and every line in its place under a hand, while others come, and says how many wait', async () => {
    const list = page.locator('fen-alarm-list');
    await list
      .locator('.line')
      .nth(1)
      .click({ modifiers: ['Control'] });
    const before = await list.locator('.line .title').allInnerTexts();

    hub.alarms.change(alarmOf('light-high', 'pmt-8', { agoMs: 0 }));

    await expect.poll(() => list.locator('.note').innerText()).toContain('1 new');
    expect(await list.locator('.line .title').allInnerTexts()).toEqual(before);
    expect(await list.locator('.line.selected .title').allInnerTexts()).toEqual([before[1]]);
    await list.getByRole('button', { name: 'Show' }).click();
    await expect
      .poll(() => list.locator('.line').allInnerTexts())
      .toContainEqual(expect.stringContaining('Etch 4 · view B'));
    expect(await list.locator('.line.selected').count()).toBe(1);
    await page.keyboard.press('Escape');
    hub.alarms.change({ ...hub.alarms.find('light-high:pmt-8'), state: 'normal', version: 50 });
  });

  it('says that sound is off while the browser does not allow it, and lets it be turned on and muted for a shift, over a reload', async () => {
    const quiet = await browser.newPage();
    await quiet.goto(hub.url);
    const sound = quiet.locator('fen-alarm-banner .sound');
    await expect.poll(() => sound.innerText()).toContain('Sound is off');

    await sound.getByRole('button', { name: 'Turn sound on' }).click();
    await sound.getByRole('button', { name: 'Mute' }).click();
    await expect.poll(() => sound.innerText()).toMatch(/Muted until [\s\S]*or the next critical[\s\S]*Unmute/);
    await quiet.reload();
    await quiet.locator('h1').first().waitFor({ state: 'attached' });
    await quiet.keyboard.press('Tab');

    await expect.poll(() => sound.innerText()).toMatch(/Muted until [\s\S]*Unmute/);
    await quiet.close();
  });

  it('shows the alarms of a channel on its page, and where they began, each the way to its detail', async () => {
    await page.goto(`${hub.url}/channels/pmt-2?span=10m`);
    await expect.poll(() => page.locator('fen-channel-page .alarms bdi').allInnerTexts()).toEqual(['Micro-arcing']);
    const mark = page.locator('fen-alarm-marks button:not(.away)');
    await expect.poll(() => mark.count()).toBe(1);
    const { x = 0 } = (await mark.boundingBox()) ?? {};
    const plot = await page.locator('fen-time-panes').boundingBox();
    expect(x).toBeGreaterThan((plot?.x ?? 0) + (plot?.width ?? 0) / 2); // a minute or so of ten ago
    expect(await axeFindings(page)).toEqual([]);

    await mark.click();

    await expect.poll(() => page.locator('fen-alarm-detail h2 bdi').first().innerText()).toBe('Micro-arcing');
    expect(new URL(page.url()).search).toBe('?alarm=arcing%3Apmt-2');
  });

  it('shows script in comments as text, and what was refused with its reason', async () => {
    const alarm = hub.alarms.find('arcing:pmt-2');
    hub.alarms.change({ ...alarm, version: 50, comment: { by: SCRIPT, atMs: Date.now(), comment: SCRIPT } });
    await page.goto(`${hub.url}/?alarm=arcing%3Apmt-2`);
    await expect
      .poll(() => page.locator('fen-alarm-detail dd').allInnerTexts())
      .toContainEqual(expect.stringContaining(SCRIPT));
    expect(await page.locator('img').count()).toBe(0);

    hub.alarms.forget('arcing:pmt-2');
    await page.locator('fen-alarm-detail').getByRole('button', { name: 'Acknowledge' }).click();

    await expect
      .poll(() => page.locator('fen-alarm-notice .news').innerText())
      .toMatch(/not done.*There is no such alarm any more/s);
    await page.locator('fen-alarm-notice').getByRole('button', { name: 'Close' }).click();
    expect(complaints).toEqual([]);
  });

  it('does nothing under a finger to what came there a moment ago', async () => {
    await page.goto(hub.url);
    const list = page.locator('fen-alarm-list');
    await list.locator('.acts:not([data-settling]) .go:enabled').waitFor();

    const fresh = alarmOf('arcing', 'pmt-8', { agoMs: 0, version: 200 });
    hub.alarms.change(fresh);
    await pressAtOnce('fen-alarm-list .line[data-key="arcing:pmt-8"]', 'fen-alarm-list .acts .go');
    await expect.poll(() => hub.alarms.actions.at(-1)?.action).toBe('acknowledge');
    expect(hub.alarms.actions.at(-1)?.alarms.map(({ tag }) => tag)).not.toContain(fresh.tag);
    const done = hub.alarms.actions.length;

    await list.locator('.line[data-key="arcing:pmt-8"]').click();
    await pressAtOnce('fen-alarm-detail', 'fen-alarm-detail .go'); // by the second of two clicks
    const detail = page.locator('fen-alarm-detail');
    await detail.locator('section:not([data-settling])').waitFor();
    hub.alarms.change({ ...fresh, occurrence: 2, version: 300, comment: { by: 'M. Lee', atMs: 1, comment: 'again' } });
    await pressAtOnce('fen-alarm-detail dd:has-text("again")', 'fen-alarm-detail .go');
    expect(hub.alarms.actions).toHaveLength(done);

    await detail.getByRole('button', { name: 'Acknowledge' }).click();
    await expect.poll(() => hub.alarms.actions.at(-1)?.alarms).toMatchObject([{ tag: fresh.tag, occurrence: 2 }]);
  });

  it('marks in its line what is queued, and what was refused', async () => {
    const line = page.locator('fen-alarm-list .line', { hasText: 'Light above normal' }).first();
    const press = async () => {
      await line.click();
      await page.locator('fen-alarm-detail section:not([data-settling])').waitFor();
      await page.locator('fen-alarm-list .rows').press('c');
      await page.getByRole('dialog').getByRole('textbox').fill('Lamp is old');
      await page.getByRole('button', { name: 'Sign and send' }).click();
    };
    isCut = true;
    await press();
    await expect.poll(() => line.locator('.age').innerText()).toContain('Comment: queued');
    isCut = false;
    await expect.poll(() => line.locator('.age').innerText()).not.toContain('Comment'); // it is tried again after a second

    hub.alarms.forget((await line.getAttribute('data-key'))!);
    await press();
    await expect.poll(() => line.locator('.age').innerText()).toContain('Comment: not done');
    expect(await axeFindings(page)).toEqual([]);
    await page.locator('fen-alarm-notice').getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => line.locator('.age').innerText()).not.toContain('Comment');
  });

  it('is worked by keys alone: gone to, acknowledged, reset, unshelved, put out of service and back', async () => {
    const anew = { occurrence: 5, version: 100 };
    hub.alarms.change(...fewAlarms(PLACES).alarms.map((alarm) => ({ ...alarm, ...anew })));
    hub.alarms.change(alarmOf('light-high', 'pmt-1', { ...anew, state: 'latched-acknowledged' }));
    hub.alarms.change(alarmOf('light-high', 'pmt-6', anew));
    await page.goto(hub.url);
    const list = page.locator('fen-alarm-list');
    await list.locator('.line').nth(4).waitFor();
    const said = (index: number) => hub.alarms.actions.at(index);
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    expect(await focused()).toBe('fen-alarm-banner button Acknowledge');
    await page.keyboard.press('a');
    await expect.poll(() => said(-1)).toMatchObject({ action: 'acknowledge', alarms: [{ tag: 'arcing:pmt-2' }] });
    await expect.poll(focused).toBe('fen-alarm-banner button Acknowledge'); // of the next most urgent
    await expect.poll(() => page.locator('fen-alarm-banner .what').innerText()).toContain('Light above normal');
    await page.locator('fen-alarm-banner .most:not([data-settling])').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => said(-1)).toMatchObject({ action: 'acknowledge', alarms: [{ tag: 'light-high:pmt-6' }] });
    await expect.poll(focused).toContain('fen-alarm-banner button Etch'); // nothing more calls

    await page.keyboard.press('g');
    await page.keyboard.press('l');
    expect(await focused()).toContain('fen-alarm-list div');
    await list.locator('input[type=search]').fill('view A');
    await list.locator('.line', { hasText: 'latched' }).waitFor();
    await list.locator('input[type=search]').press('Tab');
    await page.keyboard.press('Home');
    await expect.poll(() => list.locator('.line.active').innerText()).toContain('to be reset');
    await page.keyboard.press('r');
    await expect.poll(() => said(-1)).toMatchObject({ action: 'reset', alarms: [{ tag: 'light-high:pmt-1' }] });
    await list.locator('input[type=search]').fill('');

    await list.getByRole('button', { name: /^Shelved/ }).press('Enter');
    await list.locator('.rows').press('Home');
    await list.locator('.line.active').waitFor();
    await page.waitForTimeout(SETTLING_MS);
    await page.keyboard.press('i'); // there is nothing to put back
    await page.keyboard.press('u');
    await expect.poll(() => said(-1)).toMatchObject({ action: 'unshelve' });
    const { tag } = said(-1)!.alarms[0];
    await list.getByRole('button', { name: /^Out of service/ }).press('Enter');
    await list.locator('.rows').press('Home');
    await list.locator('.line.active').waitFor();
    await page.waitForTimeout(SETTLING_MS);
    await page.keyboard.press('i');
    await expect.poll(() => said(-1)).toMatchObject({ action: 'in-service', alarms: [{ tag: 'arcing:pmt-1' }] });
    expect(hub.alarms.find(tag).hidden).toEqual([]);

    await list.getByRole('button', { name: /^Current/ }).press('Enter');
    await list.locator('.rows').press('End');
    await page.waitForTimeout(SETTLING_MS);
    await page.keyboard.press('o');
    await page
      .getByRole('dialog', { name: /^Out of service: / })
      .getByRole('textbox')
      .fill('Is replaced');
    await page.getByRole('button', { name: 'Sign and send' }).click();
    await expect.poll(() => said(-1)).toMatchObject({ action: 'out-of-service', comment: 'Is replaced' });

    await page.goto(`${hub.url}/?alarm=stale-data%3Apmt-4`);
    const detail = page.locator('fen-alarm-detail');
    await detail.locator('section:not([data-settling])').waitFor();
    await detail.getByRole('button', { name: 'Acknowledge' }).press('Enter');
    await expect.poll(() => said(-1)).toMatchObject({ action: 'acknowledge', alarms: [{ tag: 'stale-data:pmt-4' }] });
    await expect.poll(focused).toBe('fen-alarm-detail button ✕'); // there is nothing more to acknowledge
    await page.keyboard.press('Escape');
    await expect.poll(focused).toContain('fen-alarm-list div');
  });

  it('says a new alarm when it is told, and does not wait for the second to change', async () => {
    const banner = page.locator('fen-alarm-banner');
    const channels = ['pmt-6', 'pmt-7', 'pmt-8'];
    const ofSecond: boolean[] = [];
    for (const channel of channels) {
      await banner.locator('[data-settling]').waitFor({ state: 'detached' });
      await banner.evaluate((element: FenAlarmBanner) => {
        let said = '';
        let nowMs = element.nowMs;
        const drawn = new Promise<boolean>((resolve) => {
          const look = () => {
            const words = element.shadowRoot?.querySelector('.what')?.textContent ?? '';
            if (said !== '' && words !== said) return resolve(nowMs !== element.nowMs);
            said = words;
            nowMs = element.nowMs;
            requestAnimationFrame(look);
          };
          look();
        });
        Object.assign(element, { drawn });
      });
      hub.alarms.change(alarmOf('arcing', channel, { agoMs: 0, occurrence: 9, version: 900 }));
      ofSecond.push(await banner.evaluate((element) => (element as unknown as { drawn: Promise<boolean> }).drawn));
    }
    for (const channel of channels)
      hub.alarms.change(alarmOf('arcing', channel, { state: 'normal', occurrence: 9, version: 901 }));

    expect(ofSecond).toContain(false); // chance alone makes one so
  });

  it('counts on its tab and its icon what nobody has acknowledged, also where it has no frames, as a tab that nobody sees', async () => {
    await page.waitForTimeout(SETTLING_MS); // what is over by now is drawn so
    await page.evaluate(() => {
      const badges: number[] = [];
      const frame = window.requestAnimationFrame;
      const unseen: FrameRequestCallback[] = [];
      window.requestAnimationFrame = (draw) => unseen.push(draw);
      const see = () => {
        window.requestAnimationFrame = frame;
        for (const draw of unseen) frame(draw);
      };
      navigator.setAppBadge = async (count = 0) => void badges.push(count);
      Object.assign(window, { badges, see });
    });
    const counted = await page.locator('fen-alarm-banner .counts .unseen').allTextContents();
    const count = counted.reduce((sum, words) => sum + Number(/(\d+) unack/.exec(words)?.[1]), 1);
    hub.alarms.change(alarmOf('light-high', 'pmt-6', { occurrence: 9, version: 900 }));
    await expect.poll(() => page.title()).toBe(`(${count}) ${en.controlRoom} · Fenestra`);
    const badges = await page.evaluate(() => {
      const told = window as unknown as { badges: number[]; see(): void };
      told.see();
      return told.badges;
    });
    expect(badges.at(-1)).toBe(count);
  });

  it('is stale, and says so above all, once the server is silent', async () => {
    hub.fallSilent();
    await page.locator('fen-alarm-banner[stale] .banner').waitFor();

    expect(await page.locator('fen-alarm-banner .most').count()).toBe(0);
    await expect.poll(() => page.locator('fen-alarm-banner .counts svg.quiet').count()).toBe(4);
    expect(await axeFindings(page)).toEqual([]);
  });
});

describe('the control room in a flood', () => {
  onScene('flood');

  it('groups by cause and channel, says so, and keeps what came first before all', async () => {
    const list = page.locator('fen-alarm-list');

    await expect
      .poll(() => list.locator('.note').innerText())
      .toMatch(/^Flood since \d\d:\d\d:\d\d: grouped by cause and channel$/);
    expect(await list.locator('.line').first().innerText()).toMatch(/First/);
    expect(await list.locator('.line.group').count()).toBe(3);
    await expect.poll(() => page.locator('fen-alarm-watch [role=log]').textContent()).toBe('160 new alarms');
    expect(await page.locator('fen-alarm-banner .why').innerText()).toContain('160 new alarms at once');
    expect(await axeFindings(page)).toEqual([]);
  });

  it('acknowledges what is whole in view only, and says how many', async () => {
    const list = page.locator('fen-alarm-list');
    await list.locator('.line.group').nth(1).click(); // 159 of them
    const acknowledge = list.locator('.acts .go');
    await expect.poll(() => acknowledge.innerText()).toMatch(/^Acknowledge \d\d in view$/);
    const said = Number(/\d+/.exec(await acknowledge.innerText())?.[0]);
    const seen = await list.locator('.line:not(.group)').evaluateAll((rows) => {
      const { top, bottom } = rows[0].closest('.rows')!.getBoundingClientRect();
      return rows
        .filter((row) => row.getBoundingClientRect().top >= top && row.getBoundingClientRect().bottom <= bottom + 1)
        .map((row) => (row as HTMLElement).dataset.key);
    });

    await acknowledge.click();

    await expect.poll(() => hub.alarms.actions.length).toBe(1);
    const told = hub.alarms.actions[0].alarms.map(({ tag }) => tag);
    expect(told).toHaveLength(said);
    expect(told.filter((tag) => !seen.includes(tag))).toEqual([]);
    expect(said).toBeLessThan(30);
  });

  it('acknowledges nothing of a folded group by a key: it unfolds it', async () => {
    const list = page.locator('fen-alarm-list');
    await list.locator('.rows').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    const before = hub.alarms.actions.length;

    await page.keyboard.press('a');

    await expect.poll(() => list.locator('.line.group').first().getAttribute('aria-expanded')).toBe('true');
    expect(hub.alarms.actions).toHaveLength(before);
  });
});

describe('the control room with ten thousand alarms', () => {
  onScene('deluge');

  it('renders what is in view, and comes to the last by one key', async () => {
    const list = page.locator('fen-alarm-list');
    await expect.poll(() => list.locator('.rows').getAttribute('aria-rowcount')).toBe('10000');
    expect(await list.locator('.line').count()).toBeLessThan(60);
    await list.locator('.rows').focus();

    await page.keyboard.press('End');

    await expect.poll(() => list.locator('.line.active').innerText()).toContain('place-9999');
    await list.locator('input[type=search]').fill('place-77');
    await expect.poll(() => list.locator('.rows').getAttribute('aria-rowcount')).toBe('111');
  });
});

/** Presses a button as soon as something is drawn: nobody can have seen that before. Each is a host of the control room, and what is in its shadow. */
function pressAtOnce(drawn: string, button: string): Promise<void> {
  return page.evaluate(
    async ([what, where]) => {
      const find = (path: string): HTMLElement | undefined => {
        const [, host, selector = 'section', words = ''] =
          /^(\S+)(?: (.*?)(?::has-text\("(.*)"\))?)?$/.exec(path) ?? [];
        const room = document.querySelector('fen-app')?.shadowRoot?.querySelector('fen-control-page')?.shadowRoot;
        const all = room?.querySelector(host)?.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [];
        return [...all].find(({ textContent }) => textContent?.includes(words));
      };
      while (!find(what)) await new Promise(requestAnimationFrame);
      find(where)?.click();
    },
    [drawn, button],
  );
}

/** Host, tag and text of the element that has the focus. */
function focused(): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    let host = '';
    while (element?.shadowRoot?.activeElement) {
      host = element.localName;
      element = element.shadowRoot.activeElement;
    }
    return `${host} ${element?.localName} ${element?.textContent?.trim()}`;
  });
}
