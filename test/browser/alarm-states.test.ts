import type { RequestHandler } from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import { alarmOf, floodAlarms } from '../support/alarm-scenes.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import { overflow } from '../support/overflow.ts';
import { scene } from '../support/scenes.ts';
import { ScriptedHub } from '../support/scripted-hub.ts';

// Every state of the control room with alarms, in both themes, in long Korean words: one server and one page, from one state to the next.

const DESK = { width: 1920, height: 1080 };
const WALL = { width: 3840, height: 2160 };
const PHONE = { width: 390, height: 844 };
const NAMES = Array.from({ length: 8 }, (_, i) => `pmt-${i + 1}`);
const WORDY = scene('wordy');

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

beforeAll(async () => {
  browser = await launchBrowser();
  const definitions = WORDY.alarms?.definitions ?? [];
  hub = await ScriptedHub.start({ ...WORDY, alarms: { definitions, alarms: [] }, routes });
  page = await browser.newPage({ viewport: DESK, locale: 'ko', reducedMotion: 'reduce' });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isCut) complaints.push(message.text());
  });
  await page.goto(hub.url);
  await page.locator('fen-alarm-list').waitFor();
});
afterAll(async () => {
  await browser.close();
  await hub.close();
});

it('is quiet', async () => {
  await page.locator('fen-alarm-list .empty').getByText('알람 없음').waitFor();
  await inBothThemes();
});

it('calls by sound and words also in a tab that nobody sees, where there are no frames', async () => {
  const own = await browser.newPage({ locale: 'ko' });
  await own.addInitScript(() => {
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (...when) {
      document.documentElement.dataset.sounds = 'yes';
      start.apply(this, when);
    };
  });
  await own.goto(hub.url);
  await own.locator('fen-alarm-list .empty').getByText('알람 없음').waitFor();
  await own.keyboard.press('Shift'); // lets it sound
  await own.evaluate(() => {
    window.requestAnimationFrame = () => 0;
  });

  const alarm = alarmOf('arcing', 'pmt-5', { agoMs: 0 });
  hub.alarms.change(alarm);

  await expect.poll(() => own.evaluate(() => document.documentElement.dataset.sounds)).toBe('yes');
  await expect.poll(() => own.locator('fen-alarm-watch [role=log]').textContent()).toContain('5번 챔버');
  hub.alarms.change({ ...alarm, state: 'normal', version: 2 });
  await own.close();
});

it('has one alarm, and nothing of it blinks where motion is unwanted', async () => {
  hub.alarms.change(alarmOf('arcing', 'pmt-2', { capture: 'c-1' }));
  await page.locator('fen-alarm-banner .most .go').waitFor();
  const symbol = page.locator('fen-alarm-list .line fen-alarm-symbol svg');
  expect(await symbol.evaluate((svg) => getComputedStyle(svg).animationName)).toBe('none');
  await inBothThemes();
});

it('has alarms of every state in long words, one of them in detail, on a desk, a wall and a phone', async () => {
  hub.alarms.change(...later(WORDY.alarms?.alarms ?? []));
  await page.locator('fen-alarm-list .line').nth(4).waitFor();
  await page.locator('fen-alarm-list .line').nth(2).click();
  await page.locator('fen-alarm-detail section:not([data-settling])').waitFor();
  await inBothThemes();
  for (const size of [WALL, PHONE]) {
    await page.setViewportSize(size);
    await isClean();
  }
  await page.setViewportSize(DESK);
});

it('tells what is hidden, why and until when', async () => {
  await page
    .locator('fen-alarm-list')
    .getByRole('button', { name: /^보류 \d/ })
    .click();
  await page
    .locator('fen-alarm-list .line')
    .getByText(/보류, .*까지/)
    .waitFor();
  await inBothThemes();
  await page.locator('fen-alarm-list').getByRole('button', { name: /^현재/ }).click();
});

it('asks for a reason and a time to shelve for, on a desk and on a phone', async () => {
  await page.locator('fen-alarm-detail').getByRole('button', { name: '보류…' }).click();
  const dialog = page.getByRole('dialog', { name: /^보류: 제2공장/ });
  await dialog.waitFor();
  await dialog.getByRole('button', { name: '서명하고 보내기' }).click();
  await dialog.getByText('사유를 고르거나 입력하세요.').waitFor();
  await inBothThemes();
  await page.setViewportSize(PHONE);
  await isClean();
  const box = (await dialog.boundingBox())!;
  expect([box.x, Math.round(box.y + box.height)]).toEqual([0, PHONE.height]);
  await page.setViewportSize(DESK);

  await dialog.getByRole('spinbutton').fill('2.5');
  await dialog.getByText('센서 이상').click();
  await dialog.getByRole('textbox').fill('<b>램프</b>');
  await dialog.getByRole('button', { name: '서명하고 보내기' }).click();
  await expect
    .poll(() => hub.alarms.actions.at(-1))
    .toMatchObject({ action: 'shelve', until: { seconds: 9000 }, comment: '센서 이상: <b>램프</b>' });
});

it('says in the line and at the foot what is queued, and what was not done', async () => {
  isCut = true;
  await page.locator('fen-alarm-list .line').first().click();
  await page.locator('fen-alarm-detail').getByRole('button', { name: '확인', exact: true }).click();
  await page.locator('fen-alarm-list .line').first().getByText('확인: 전송 대기').waitFor();
  await inBothThemes();
  hub.alarms.change(alarmOf('arcing', 'pmt-2', { occurrence: 7, version: 700 }));
  isCut = false;
  await page.locator('fen-alarm-list .line').first().getByText('확인: 처리 안 됨').waitFor();
  await page.locator('fen-alarm-notice').getByText('다시 살펴보세요').waitFor();
  await inBothThemes();
  await page.locator('fen-alarm-notice').getByRole('button').click();
});

it('is in a flood: grouped, the first alarm before all', async () => {
  const { alarms, flood } = floodAlarms(NAMES, 24);
  hub.alarms.change(...later(alarms));
  hub.alarms.setFlood(flood);
  await page.mouse.move(0, 0);
  await page.reload();
  await page.locator('fen-alarm-list .line.group').first().waitFor();
  await page.locator('fen-alarm-list .line').first().getByText('최초').waitFor();
  await inBothThemes();
});

it('is as it was once the line is lost, and stale once the server is silent', async () => {
  hub.fallSilent();
  hub.dropViewers();
  await page.locator('fen-alarm-list .note').getByText('현재 상태 아님').waitFor();
  await inBothThemes();
  await page.locator('fen-alarm-banner[stale] .banner').waitFor();
  await inBothThemes();
  expect(complaints.filter((complaint) => !complaint.includes('WebSocket'))).toEqual([]);
});

/** What was told of them before is older. */
function later(alarms: readonly AlarmReply[]): AlarmReply[] {
  return alarms.map((alarm) => ({ ...alarm, version: alarm.version + 100 }));
}

async function inBothThemes(): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
    await isClean();
  }
}

async function isClean(): Promise<void> {
  expect(await axeFindings(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
}
