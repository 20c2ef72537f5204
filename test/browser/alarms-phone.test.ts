// Longer than 300 lines: one server and one page with a profile, which its cases share.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { en as texts } from '../../client/locale/en.ts';
import { enAlarmPage as en } from '../../client/locale/en-alarm-page.ts';
import { TONES } from '../../client/sound-tones.ts';
import type { PushNotice, PushOrder } from '../../server/wire/push.ts';
import { alarmOf, DEFINITIONS } from '../support/alarm-scenes.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchProfile } from '../support/browser.ts';
import { OPERATOR } from '../support/scripted-alarms.ts';
import { ScriptedHub } from '../support/scripted-hub.ts';

// What makes the page of alarms a thing of the phone: notifications and its icon. One server and one page for all of it.

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'en' } as const;
const CHANNELS = [{ name: 'a', label: 'Etch 1 · view A' }, { name: 'b' }];

const profile = mkdtempSync(join(tmpdir(), 'fenestra-phone-'));
let context: BrowserContext;
let hub: ScriptedHub;
let page: Page;
let worker: CDPSession;
let registration = '';
/** Whether the server's settings have a key. */
let isSet = true;
const subscribers = [{ id: 'other', browser: 'Firefox, Android <b>', language: 'ko', by: 'M. Lee', atMs: 1000 }];
const orders: object[] = [];
const removed: string[] = [];

beforeAll(async () => {
  const routes = express.Router();
  routes.get('/api/push', (_req, res) => {
    res.json({ ...(isSet && { publicKey: KEY }), subscribers, limit: 200 });
  });
  routes.delete('/api/push/subscribers/:id', (req, res) => {
    removed.push(`${req.params.id} ${decodeURIComponent(req.get('fenestra-person') ?? '')}`);
    subscribers.splice(
      subscribers.findIndex(({ id }) => id === req.params.id),
      1,
    );
    res.sendStatus(204);
  });
  routes.post('/api/push/subscribers', express.json(), (req, res) => {
    const { endpoint, language } = req.body as PushOrder;
    orders.push({ ...req.body, person: decodeURIComponent(req.get('fenestra-person') ?? '') });
    subscribers.push({ id: idOf(endpoint), browser: 'Chrome', language, by: OPERATOR, atMs: Date.now() });
    res.json(subscribers.at(-1));
  });
  hub = await ScriptedHub.start({ channels: CHANNELS, alarms: { definitions: DEFINITIONS, alarms: [] }, routes });
  context = await launchProfile(profile, PHONE);
  await context.addInitScript((name) => localStorage.setItem('fenestra-person', name), OPERATOR);
  await context.grantPermissions(['notifications'], { origin: hub.url });
  page = await context.newPage();
  await page.goto(`${hub.url}/alarms`);
  await page.getByRole('heading', { name: texts.noAlarms }).waitFor();
  worker = await context.newCDPSession(page);
  worker.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    registration = registrations[0]?.registrationId ?? registration;
  });
  await worker.send('ServiceWorker.enable');
});

afterAll(async () => {
  await context.close();
  await hub.close();
  rmSync(profile, { recursive: true, force: true });
});

const KEY = 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8';

describe('the page', () => {
  it('can be installed, with icons of every kind that are what they say', async () => {
    expect((await worker.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]);
    const { errors, data } = await worker.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const { icons, ...manifest } = JSON.parse(data ?? '') as { icons: Icon[]; [key: string]: unknown };
    expect(manifest).toMatchObject({ id: '/alarms', start_url: '/alarms', scope: '/', display: 'standalone' });
    const touch = await page.locator('link[rel=apple-touch-icon]').getAttribute('href');
    const all = [...icons, { src: touch ?? '', sizes: '180x180', type: 'image/png', purpose: 'maskable' }];
    expect(all.map(({ sizes, purpose }) => `${sizes} ${purpose}`).sort()).toEqual([
      ...['180x180 maskable', '192x192 any', '192x192 maskable', '512x512 any', '512x512 maskable', 'any any'],
    ]);
    for (const icon of all) expect(await page.evaluate(lookAtIcon, icon)).toEqual(expectedOf(icon));
  });

  it('says that sound is off until a hand allows it, and sounds by the priority until somebody acknowledges', async () => {
    await page.getByText(texts.soundOff).waitFor();
    await page.evaluate(hearTones);
    hub.alarms.change(alarmOf('arcing', 'a'));
    await page.locator('fen-alarm-card').waitFor();
    expect(await heard()).toEqual([]);
    await page.getByRole('button', { name: texts.allowSound }).click();
    await page.getByText(texts.soundOn).waitFor();
    const { hz } = TONES.critical.beeps[0];
    await expect.poll(heard).toContain(hz);
    expect(await axeFindings(page)).toEqual([]);

    await page.getByRole('button', { name: texts.mute }).click();
    await page.getByText(texts.mutedUnless).waitFor();
    await page.evaluate(forgetTones);
    hub.alarms.change(alarmOf('stale-data', 'b')); // which is medium
    await page.waitForFunction(() => document.title.startsWith('(2)'));
    expect(await heard()).toEqual([]);
    hub.alarms.change(alarmOf('light-high', 'b')); // which ends what was muted
    await page.getByText(texts.soundOn).waitFor();
    await expect.poll(heard).toContain(hz);

    const acknowledged = { state: 'acknowledged', version: 2 } as const;
    hub.alarms.change(...hub.alarms.standing().map((alarm) => ({ ...alarm, ...acknowledged })));
    await page.waitForFunction(() => document.title.startsWith('Alarms'));
    await page.evaluate(forgetTones);
    await page.waitForTimeout(TONES.critical.everyMs + 500);
    expect(await heard()).toEqual([]);
    hub.alarms.change(...hub.alarms.standing().map((alarm) => ({ ...alarm, state: 'normal' as const, version: 3 })));
    await page.reload(); // no list holds still for a hand
  });
});

interface Icon {
  readonly src: string;
  readonly sizes: string;
  readonly type: string;
  readonly purpose: string;
}

/** In the page: what an icon is, and whether its corner is filled, as it is where phones cut it. */
async function lookAtIcon({ src }: Icon) {
  const answer = await fetch(src);
  const image = await createImageBitmap(await answer.blob()).catch(() => undefined); // of no SVG
  const canvas = new OffscreenCanvas(1, 1).getContext('2d');
  if (image) canvas?.drawImage(image, 0, 0);
  const isFilled = canvas?.getImageData(0, 0, 1, 1).data[3] === 255;
  return { type: answer.headers.get('content-type'), size: image && `${image.width}x${image.height}`, isFilled };
}

function expectedOf({ type, sizes, purpose }: Icon) {
  return { type, size: sizes === 'any' ? undefined : sizes, isFilled: purpose === 'maskable' };
}

/** In the page: notes the frequencies of what is played. */
function hearTones(): void {
  const tones: number[] = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    tones.push(this.frequency.value);
    start.apply(this, when);
  };
  Object.assign(window, { tones });
}

function forgetTones(): void {
  (window as unknown as { tones: number[] }).tones.length = 0;
}

function heard(): Promise<number[]> {
  return page.evaluate(() => (window as unknown as { tones: number[] }).tones);
}

describe('the switch of notifications', () => {
  const toggle = () => page.getByRole('switch', { name: en.notify.title });

  it('is off at first, and says what the browser refuses where its push service cannot be had', async () => {
    await page.getByText(en.notify.state.off).waitFor();
    await page.evaluate(refusePushService);
    await toggle().click();
    await page.getByText('Not changed: no push service').waitFor();
    expect(await toggle().getAttribute('aria-checked')).toBe('false');
  });

  it('subscribes by the key of the server, in the name of the reader, and ends that again', async () => {
    await page.evaluate(standInForPushService, KEYS);
    await toggle().click();
    await page.getByText(en.notify.state.on).waitFor();
    expect(orders).toMatchObject([{ person: OPERATOR, endpoint: ENDPOINT, keys: KEYS, language: 'en' }]);
    expect(await page.evaluate(() => sessionStorage.getItem('asked-with'))).toBe(KEY);
    expect(await axeFindings(page)).toEqual([]);
    await toggle().click();
    await page.getByText(en.notify.state.off).waitFor();
    expect(removed).toEqual([`${idOf(ENDPOINT)} ${OPERATOR}`]);
  });

  it('lists who else is notified, in words that stay text, and removes a phone that was lost', async () => {
    await page.getByText(en.notify.others('1')).click();
    await page.getByText('Firefox, Android <b> (M. Lee,').waitFor();
    await page.getByRole('button', { name: en.notify.remove }).click();
    await page.getByText(en.notify.others('1')).waitFor({ state: 'detached' });
    expect(removed.at(-1)).toBe(`other ${OPERATOR}`);
  });

  it('is not there where the server has no key, and says so', async () => {
    isSet = false;
    await page.reload();
    await page.getByText(en.notify.state.unset).waitFor();
    expect(await toggle().count()).toBe(0);
    isSet = true;
  });
});

describe('the service worker', () => {
  beforeAll(async () => {
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/alarms-worker.js', { scope: '/alarms' });
      await navigator.serviceWorker.ready;
    });
    await vi.waitUntil(() => registration !== '');
  });

  it('shows what is pushed, the newest of an alarm, and lets it go when that is over', async () => {
    await push({ tag: 'arcing:a', version: 1 });
    await push({ tag: 'light-high:b', version: 4, title: 'HIGH: Light' });
    await push({ tag: 'arcing:a', version: 2, body: 'Again' });
    const two = [
      { title: 'CRITICAL: Micro-arcing', body: 'Again', tag: 'arcing:a', silent: false },
      { title: 'HIGH: Light', tag: 'light-high:b' },
    ];
    await expect.poll(shown).toMatchObject(two);
    await push({ tag: 'arcing:a', version: 1, title: 'older' });
    await push({ tag: '', title: '5 alarms at once' });
    await expect.poll(shown).toMatchObject([...two, { title: '5 alarms at once', tag: 'many' }]);

    await push({ tag: 'arcing:a', version: 3, title: 'Over: Micro-arcing', isCalling: false });
    await expect.poll(async () => (await shown())[0]).toMatchObject({ title: 'Over: Micro-arcing', silent: true });
    await expect.poll(async () => (await shown()).map(({ tag }) => tag), SOON).toEqual(['light-high:b', 'many']);
  });

  it('opens the alarm whose notification is tapped, in the page that is there', async () => {
    await push({ tag: 'light-high:b' });
    await push({ tag: '', title: '5 alarms at once' });
    hub.alarms.change(alarmOf('arcing', 'a'), alarmOf('light-high', 'b'));
    await page.locator('fen-alarm-card[open]').getByText('Etch 1 · view A').first().waitFor();
    await expect.poll(async () => (await shown()).map(({ tag }) => tag)).toEqual(['light-high:b', 'many']);
    await tap('light-high:b');
    await page.locator('fen-alarm-card[open]').getByText('Light above normal').waitFor();
    expect((await shown()).map(({ tag }) => tag)).toEqual(['many']);
  });

  it('opens a page where there is none, at the alarm', async () => {
    hub.alarms.change(alarmOf('arcing', 'a'), alarmOf('light-high', 'b'));
    await push({ tag: 'light-high:b' });
    await expect.poll(async () => (await shown()).map(({ tag }) => tag)).toContain('light-high:b');
    await page.goto(`${hub.url}/alarms.webmanifest`);
    expect(await tap('light-high:b')).toBe(`${hub.url}/alarms#light-high%3Ab`);
    await page.goto(`${hub.url}/alarms#%`);
    await page.locator('fen-alarm-card[open]').getByText('Micro-arcing').waitFor();
    await page.goto(`${hub.url}/alarms.webmanifest`);
    await page.goto(`${hub.url}/alarms#light-high%3Ab`);
    await page.locator('fen-alarm-card[open]').getByText('Light above normal').waitFor();
  });

  it('keeps no page and answers for nothing', async () => {
    const { source, kept } = await page.evaluate(async () => ({
      source: await (await fetch('/alarms-worker.js')).text(),
      kept: await caches.keys(),
    }));
    expect(source).not.toMatch(/fetch|caches/);
    expect(kept).toEqual([]);
  });
});

const SOON = { timeout: 15_000 };
const ENDPOINT = 'https://push.example/phone';
const KEYS = { p256dh: 'BA', auth: 'AA' };

/** In the page: that of the browser's vendor is not there. */
function refusePushService(): void {
  PushManager.prototype.subscribe = () => Promise.reject(new DOMException('no push service', 'AbortError'));
}

/** In the page: a push service, since that of the browser's vendor is not reached from here. */
function standInForPushService(keys: { p256dh: string; auth: string }): void {
  let made: object | null = null;
  Object.assign(PushManager.prototype, {
    getSubscription: async () => made,
    subscribe: async ({ applicationServerKey }: { applicationServerKey: string }) => {
      sessionStorage.setItem('asked-with', applicationServerKey);
      const endpoint = 'https://push.example/phone';
      const unsubscribe = async () => {
        made = null;
      };
      made = { endpoint, toJSON: () => ({ endpoint, keys }), unsubscribe };
      return made;
    },
  });
}

async function push(notice: Partial<PushNotice>): Promise<void> {
  const { tag = '' } = notice;
  const made = { tag, occurrence: 1, version: 1, isCalling: true, link: `/alarms#${encodeURIComponent(tag)}` };
  const data = JSON.stringify({ ...made, title: 'CRITICAL: Micro-arcing', body: 'Check the electrode.', ...notice });
  await worker.send('ServiceWorker.deliverPushMessage', { origin: hub.url, registrationId: registration, data });
}

/** The notifications that are there, by tag. */
async function shown(): Promise<{ title: string; body: string; tag: string; silent: boolean | null }[]> {
  const all = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration('/alarms');
    const notifications = (await registration?.getNotifications()) ?? [];
    return notifications.map(({ title, body, tag, silent }) => ({ title, body, tag, silent }));
  });
  return all.sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

/** Taps a notification as a browser says it; what page that opens. */
function tap(tag: string): Promise<string | undefined> {
  return context.serviceWorkers()[0].evaluate(async (tag) => {
    const scope = self as unknown as {
      registration: ServiceWorkerRegistration;
      clients: { openWindow(url: string): Promise<unknown> };
    };
    let opened: string | undefined;
    scope.clients.openWindow = async (url) => {
      opened = url; // which takes a tap of a hand
    };
    const [notification] = await scope.registration.getNotifications({ tag });
    const event = Object.assign(new Event('notificationclick'), { notification, waitUntil: () => undefined });
    dispatchEvent(event);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return opened;
  }, tag);
}

function idOf(endpoint: string): string {
  return createHash('sha256').update(endpoint).digest('hex').slice(0, 32);
}
