import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toPlainText } from '../../client/locale/plain-text.ts';
import { PLAIN_TEXT } from '../../server/base/plain-text.ts';
import type { ActionReply, AlarmAction } from '../../server/wire/alarm-actions.ts';
import { ALARM_PRIORITIES, type AlarmsReply } from '../../server/wire/alarms.ts';
import type { Board } from '../../server/wire/boards.ts';
import { PERSON_CHARACTERS, PERSON_HEADER, toPersonName } from '../../server/wire/session.ts';
import { launchBrowser } from '../support/browser.ts';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';
import { LevelDevice } from '../support/level-device.ts';
import { startServer, type TestServer } from '../support/server.ts';

// What no definition or comment can hold is refused before it is anywhere.
const TEXTS = HOSTILE_TEXTS.map((text) => text.replaceAll('\0', ''));
const text = (i: number): string => TEXTS[i % TEXTS.length]!;
const PEOPLE = TEXTS.flatMap((one) => toPersonName(one.slice(0, PERSON_CHARACTERS)) ?? []);
const LABEL = TEXTS.find((one) => PLAIN_TEXT.test(one) && one.length <= 80 && one.includes('onerror'))!;
// Four texts each, in either language, make all of them.
const ALARMS = TEXTS.length / 4;
const WAIT = { interval: 20, timeout: 20_000 };

describe('texts of people that would be scripts', () => {
  let folder: string;
  let server: TestServer;
  let device: LevelDevice;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fenestra-hostile-'));
    server = await startServer({
      storage: { directory: join(folder, 'data') },
      channels: { lamp: { label: LABEL, unit: '<b>mV</b>' } },
    });
    device = await LevelDevice.open(server.ingest, 'lamp');
    await fill(server.url, device);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'en' });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    await page.addInitScript((name) => {
      localStorage.setItem('fenestra-person', name);
      const seen: string[] = [];
      Object.assign(globalThis, { seen, hit: () => seen.push('a text ran') });
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile }) =>
        seen.push(`${violatedDirective} in ${sourceFile}`),
      );
    }, PEOPLE[0]!);
  });

  afterAll(async () => {
    await browser?.close();
    await device?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['the control room', '/', 'fen-alarm-list .line', 10],
    ['an alarm in detail', '/?alarm=hostile-0', 'fen-alarm-detail dd', 6],
    ['the phone', '/alarms', 'fen-alarm-card', 5],
    ['the wall', '/wall?board=hostile', 'fen-wall-page fen-wall-alarms', 2],
    ['the editor of walls', '/wall/edit?board=hostile', 'fen-board-page form', 3],
    ['the journal', '/alarms/journal', 'fen-journal-page li', TEXTS.length],
    ['the figures', '/alarms/kpi?period=day', 'fen-pareto tbody tr', ALARMS],
    ['the settings', '/alarms/settings?definition=hostile-0', 'fen-definition-history b', ALARMS],
    ['a channel with its marks', '/channels/lamp', 'fen-alarm-marks button', 2],
  ] as const)('stay texts: %s', async (_, path, waited, least) => {
    for (const language of ['en', 'ko']) {
      const url = new URL(path, server.url);
      url.searchParams.set('language', language);
      await page.goto(url.href);
      await page.locator(waited).first().waitFor({ state: 'attached' });

      await expect.poll(async () => countOf(await page.evaluate(readAll))).toBeGreaterThanOrEqual(least);
      expect(await page.evaluate(findStrangers)).toEqual([]);
      expect(await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });
});

/** How many of the texts are somewhere in what a page says. */
function countOf(said: string): number {
  return TEXTS.filter((one) => said.includes(toPlainText(one)) || said.includes(one)).length;
}

/** In the page: everything it says or tells those who listen, and what stands in its fields. */
function readAll(): string {
  const partsOf = (root: Document | ShadowRoot): string[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      ...[...element.childNodes]
        .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
        .map((node) => node.nodeValue ?? ''),
      ...[...element.attributes].map(({ value }) => value),
      String((element as HTMLInputElement).value ?? ''),
      ...(element.shadowRoot ? partsOf(element.shadowRoot) : []),
    ]);
  return partsOf(document).join('\n');
}

/** In the page: elements and attributes that only a text could have made. */
function findStrangers(): string[] {
  const odd =
    'iframe, object, embed, marquee, base, math, video, source, audio, img[src="x"], image[src="x"], form[action], ' +
    'meta[http-equiv=refresh], animate, script:not([src]), [href^="javascript:"], [src^="javascript:"]';
  const handled = (element: Element) => element.getAttributeNames().some((name) => name.startsWith('on'));
  const strangersOf = (root: Document | ShadowRoot): string[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      ...(element.matches(odd) || handled(element) ? [element.outerHTML.slice(0, 200)] : []),
      ...(element.shadowRoot ? strangersOf(element.shadowRoot) : []),
    ]);
  return strangersOf(document);
}

/** Gives the server definitions, a board, people and what they say of alarms, all of them texts that would be scripts. */
async function fill(url: string, device: LevelDevice): Promise<void> {
  const put = async (path: string, body: object) => {
    const answer = await send(url, 'PUT', path, { expectedVersion: 0, ...body }, 0);
    expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  };
  const always = { kind: 'system', figure: 'memory-used', above: 0 };
  for (let i = 0; i < ALARMS; i++) {
    const four = [0, 1, 2, 3].map((part) => ({ en: text(i + part * ALARMS), ko: text(i + (part + 2) * ALARMS) }));
    const [title, cause, consequence, action] = four;
    const words = { title, cause, consequence, action, timeToRespondSeconds: 600 };
    const definition = { ...words, channels: [], priority: ALARM_PRIORITIES[i % 4], condition: always };
    await put(`/api/alarms/definitions/hostile-${i}`, { definition, comment: text(i) });
  }
  const texts = { en: `${text(2)} {label}`, ko: `${text(3)} {label}` };
  const level = { kind: 'limit', figure: 'mean', above: 0.5 };
  const words = { title: texts, cause: texts, consequence: texts, action: texts, timeToRespondSeconds: 600 };
  await put('/api/alarms/definitions/level', {
    definition: { ...words, channels: ['lamp'], priority: 'critical', condition: level },
  });
  const screen = { diagonal: 65, distance: 5 };
  const board: Board = {
    name: text(2),
    screen,
    pausesOnCritical: false,
    slides: [{ kind: 'alarms', dwellSeconds: 60 }],
  };
  await put('/api/boards/hostile', { board });
  await put('/api/boards/hostile-2', { board: { ...board, name: text(7) } });

  await vi.waitUntil(async () => (await lampState(url)) === 'normal', WAIT);
  device.level = 1;
  await vi.waitUntil(async () => (await lampState(url)) === 'unacknowledged', WAIT);
  for (const [i, comment] of TEXTS.entries())
    await act(url, `hostile-${i % ALARMS}`, { action: 'comment', comment }, i);
  await act(url, 'level:lamp', { action: 'comment', comment: text(2) }, 1);
  await act(url, 'hostile-7', { action: 'shelve', comment: text(2), until: { seconds: 3600 } }, 2);
  await act(url, 'hostile-8', { action: 'out-of-service', comment: text(3) }, 3);
  await act(url, 'hostile-9', { action: 'acknowledge', comment: text(4) }, 4);
}

async function lampState(url: string): Promise<string | undefined> {
  return (await alarms(url)).find(({ tag }) => tag === 'level:lamp')?.state;
}

async function alarms(url: string): Promise<AlarmsReply['alarms']> {
  return ((await (await fetch(`${url}/api/alarms?all=true`)).json()) as AlarmsReply).alarms;
}

/** Somebody whose name is a text too does something about an alarm. */
async function act(url: string, tag: string, what: object, person: number): Promise<void> {
  const { occurrence, version } = (await alarms(url)).find((alarm) => alarm.tag === tag)!;
  const action = { id: randomUUID(), alarms: [{ tag, occurrence, version }], ...what } as AlarmAction;
  const answer = await send(url, 'POST', '/api/alarms/actions', action, person);
  const { results } = (await answer.json()) as ActionReply;
  expect(results).toMatchObject([{ tag, alarm: { tag } }]);
}

function send(url: string, method: string, path: string, body: object, person: number): Promise<Response> {
  const name = encodeURIComponent(PEOPLE[person % PEOPLE.length]!);
  const headers = { 'content-type': 'application/json', [PERSON_HEADER]: name };
  return fetch(url + path, { method, headers, body: JSON.stringify(body) });
}
