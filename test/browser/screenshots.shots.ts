import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { boardRoutes } from '../../server/http/board-routes.ts';
import type { CaptureReply } from '../../server/wire/captures.ts';
import { launchBrowser } from '../support/browser.ts';
import { COMMAND } from '../support/command.ts';
import { boardOf, memoryBoards } from '../support/memory-boards.ts';
import { scene } from '../support/scenes.ts';
import { ScriptedHub } from '../support/scripted-hub.ts';

// Pictures of every page on the simulated plant, at a desk, on a wall and on a
// phone, and of the rooms of alarms when all is calm and in a flood, in both
// languages. `npm run screenshots` writes them to build/screenshots and the one
// that the README shows to client/screenshots.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'build', 'screenshots');
const SHOWN = join(ROOT, 'client', 'screenshots');
const IN_README = ['control-room-dark-desk'];
// So that a minute of trend is full.
const SETTLE_MS = 65_000;

const CAUGHT_UP = { timeout: 60_000, interval: 250 };

const CHANNEL = 'etch-1.view-b';
// `:newest` stands for the capture that is made before the pictures, `:from` and `:to` for half a minute before it.
const PAGES = {
  'control-room': '/',
  channel: `/channels/${CHANNEL}`,
  'looking-back': `/channels/${CHANNEL}?from=:from&to=:to&with=etch-1.view-a,etch-2.view-a&layout=stack`,
  captures: '/captures',
  capture: '/captures/:newest',
  system: '/system',
  'alarm-figures': '/alarms/kpi',
} as const;
const ROOMS = { room: '/', wall: '/wall', alarms: '/alarms' } as const;
// What stands in a room once it shows its scene.
const ROOM_SHOWN = 'fen-channel-tile canvas, fen-wall-tile canvas, fen-wall-alarms .counts, fen-alarms-page h1';
const SIZES = {
  desk: { width: 1920, height: 1080 },
  wall: { width: 3840, height: 2160 },
  phone: { width: 390, height: 844 },
} as const;

let browser: Browser;
let plant: { readonly url: string; close(): Promise<void> };
let newest: string;
let past: { readonly from: string; readonly to: string };

beforeAll(async () => {
  browser = await launchBrowser();
  plant = await startPlant();
  for (const folder of [OUT, SHOWN]) mkdirSync(folder, { recursive: true });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  newest = await makeCapture();
  const [from, to] = [50_000, 20_000].map((agoMs) => new Date(Date.now() - agoMs).toISOString());
  past = { from, to };
}, SETTLE_MS * 2);

afterAll(async () => {
  await browser?.close();
  await plant?.close();
});

const CASES = Object.entries(PAGES).flatMap(([name, path]) =>
  Object.keys(SIZES).flatMap((size) => (['light', 'dark'] as const).map((theme) => [name, theme, size, path] as const)),
);

it.each(CASES)('%s, %s, %s', async (name, theme, size, path) => {
  const context = await browser.newContext({
    viewport: SIZES[size as keyof typeof SIZES],
    colorScheme: theme,
    locale: 'en',
  });
  const page = await context.newPage();
  await page.goto(plant.url + path.replace(':newest', newest).replace(':from', past.from).replace(':to', past.to));
  await page.locator('fen-trend-chart canvas, fen-table table, .rows, fen-wave-chart canvas').first().waitFor();
  if (name === 'capture') await page.locator('fen-capture-view .heading span').getByText('Hann').waitFor();
  await page.waitForTimeout(3500); // three heartbeats, so that the proof of life has its figures
  await expect
    .poll(() => page.locator('fen-life-strip .strip').textContent(), CAUGHT_UP)
    .toMatch(/\b0 of [\d.]+\s[kM] points missing/);
  const file = `${name}-${theme}-${size}`;

  await page.screenshot({ path: join(OUT, `${file}.png`) });

  if (IN_README.includes(file)) copyFileSync(join(OUT, `${file}.png`), join(SHOWN, `${file}.png`));
  expect(await page.locator('fen-life-strip .live').count()).toBe(1);
  await context.close();
});

describe.each([
  ['calm', 'defined'],
  ['flood', 'flood'],
] as const)('the rooms of alarms: %s', (mood, name) => {
  let hub: ScriptedHub;
  beforeAll(async () => {
    hub = await ScriptedHub.start({ ...scene(name), routes: boardRoutes(memoryBoards({ default: boardOf() })) });
  });
  afterAll(() => hub.close());

  const cases = Object.keys(ROOMS).flatMap((room) =>
    Object.keys(SIZES).flatMap((size) =>
      (['light', 'dark'] as const).flatMap((theme) =>
        (['en', 'ko'] as const).map((locale) => [room, theme, size, locale] as const),
      ),
    ),
  );

  it.each(cases)('%s, %s, %s, %s', async (room, theme, size, locale) => {
    const viewport = SIZES[size as keyof typeof SIZES];
    const context = await browser.newContext({ viewport, colorScheme: theme, locale });
    const page = await context.newPage();
    await page.goto(hub.url + ROOMS[room as keyof typeof ROOMS]);
    await page.locator(ROOM_SHOWN).first().waitFor();
    await page.waitForTimeout(2500); // two heartbeats

    await page.screenshot({ path: join(OUT, `${room}-${mood}-${theme}-${size}-${locale}.png`) });

    expect(await page.locator('html').getAttribute('lang')).toBe(locale);
    await context.close();
  });
});

/** A second of a channel, by hand; resolves to its identifier once it is there. */
async function makeCapture(): Promise<string> {
  const captures = `${plant.url}/api/captures`;
  const body = JSON.stringify({
    channel: CHANNEL,
    comment: 'for the shift log',
    beforeSeconds: 0.5,
    afterSeconds: 0.5,
  });
  const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const { id } = (await (await fetch(captures, options)).json()) as CaptureReply;
  await vi.waitFor(async () => {
    const { state } = (await (await fetch(`${captures}/${id}`)).json()) as CaptureReply;
    expect(state).toBe('ready');
  }, CAUGHT_UP);
  return id;
}

/** The built program with its simulated sensors, on free ports, away from any settings file. */
async function startPlant(): Promise<{ url: string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'fenestra-plant-'));
  const child = spawn(process.execPath, [COMMAND, 'serve', '--simulate'], {
    cwd: folder,
    env: { ...process.env, FENESTRA_SERVER_PORT: '0', FENESTRA_INGEST_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
      resolve();
    });
  });
  const { host, port } = await new Promise<{ host: string; port: number }>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { msg, http } = JSON.parse(line) as { msg?: string; http?: { host: string; port: number } };
      if (msg === 'listening' && http) resolve(http);
    });
    void ended.then(() => reject(new Error('the server ended before it listened')));
  });
  return {
    url: `http://${host}:${port}`,
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
