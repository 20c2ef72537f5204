import type { RequestHandler } from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FenWallPage } from '../../client/pages/fen-wall-page.ts';
import { burnInShift } from '../../client/pages/wall-care.ts';
import { boardRoutes } from '../../server/http/board-routes.ts';
import type { Board, Slide } from '../../server/wire/boards.ts';
import { alarmOf, DEFINITIONS, fewAlarms, floodAlarms } from '../support/alarm-scenes.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import { boardOf, memoryBoards, still } from '../support/memory-boards.ts';
import { misfits } from '../support/misfits.ts';
import { HEAP_NOISE_BYTES, inspect } from '../support/page-cost.ts';
import { classOutcome, diagnosisModel } from '../support/run-diagnoses.ts';
import { type SceneName, scene } from '../support/scenes.ts';
import { type Scene, ScriptedHub } from '../support/scripted-hub.ts';
import { countWakes } from '../support/wake-lock.ts';
import { EXTREME_SIZES, WALL_SIZES } from '../support/wall-sizes.ts';
import { slidesPassed, slidesSeen, WallWatch } from '../support/wall-upkeep.ts';

/** Scenes that are walked through every size, at least one of each kind of slide; the others through the extremes. */
const EVERY_SIZE = new Set(['one alarm', 'diagnoses', 'large trends', 'alarms in a flood', 'alarms of such names']);
const ALL_KINDS: readonly Slide[] = [
  { kind: 'tiles', channels: [], dwellSeconds: 0.08 },
  { kind: 'alarms', dwellSeconds: 0.08 },
  { kind: 'diagnoses', channels: [], dwellSeconds: 0.08 },
  { kind: 'trends', channels: [], windowSeconds: 60, dwellSeconds: 0.08 },
];

let browser: Browser;
let hub: ScriptedHub;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

afterAll(() => browser.close());

const few = { alarms: fewAlarms(['pmt-1', 'pmt-2', 'pmt-3', 'pmt-4']) };
const lone = { alarms: { definitions: DEFINITIONS, alarms: [alarmOf('light-high', 'pmt-3')] } };
const flooded = {
  alarms: floodAlarms(
    Array.from({ length: 32 }, (_, i) => `pmt-${i + 1}`),
    90,
  ),
};
const named = { alarms: { definitions: DEFINITIONS, alarms: [alarmOf('light-high', 'l2'), alarmOf('arcing', 'l1')] } };
const crowd = {
  channels: Array.from({ length: 200 }, (_, i) => ({ name: `c-${i}`, label: `식각 ${i} · 챔버 상부 관측창` })),
};

describe('the wall', () => {
  it.each<[state: string, SceneName, Partial<Scene>, Partial<Board>?]>([
    ['quiet', 'normal', {}],
    ['one alarm', 'normal', lone],
    ['a flood', 'many', flooded, { pausesOnCritical: false }],
    ['paused by a critical alarm', 'normal', few],
    ['stale channels', 'quiet', {}],
    ['200 channels', 'normal', crowd],
    ['diagnoses', 'diagnosed', {}, still('diagnoses')],
    ['two diagnoses', 'diagnosed', {}, still('diagnoses', 'b', 'd')],
    ['large trends', 'many', lone, still('trends')],
    ['alarms, none there', 'defined', {}, still('alarms')],
    ['alarms in a flood', 'many', flooded, { ...still('alarms'), pausesOnCritical: false }],
    ['names too long for any screen', 'long', named],
    ['alarms of such names', 'long', named, still('alarms')],
    ['a silent server', 'normal', few],
  ])('fits every screen without a scrollbar, legible and without a barrier: %s', async (state, name, parts, board) => {
    const page = await open(name, { parts, board });
    const mayCut = name === 'long';
    if (state === 'a silent server') {
      hub.fallSilent();
      await page.locator('fen-silence-banner .banner').waitFor();
    }

    for (const size of EVERY_SIZE.has(state) ? WALL_SIZES : EXTREME_SIZES) {
      await page.setViewportSize(size);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const message = `${size.width}×${size.height}`;
      await expect.poll(() => misfits(page, mayCut), { message, timeout: 10_000 }).toEqual([]);
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFindings(page), colorScheme).toEqual([]);
    }
  });

  it('writes what is wrong, and values, as large as its screen and distance need', async () => {
    const page = await open('normal', { parts: lone, board: { screen: { diagonal: 65, distance: 5 } } });
    await page.setViewportSize({ width: 3840, height: 2160 });

    for (const essential of ['.most .what', 'fen-wall-tile .alarm h2', 'fen-wall-tile .value', 'fen-wall-tile .what']) {
      const font = page.locator(`fen-wall-page ${essential}`).first();
      const px = () => font.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
      await expect.poll(px, { message: essential }).toBeGreaterThanOrEqual(87.8);
    }
  });

  it('stays at the alarms while a critical one is not acknowledged, and goes on after that', async () => {
    const alarm = alarmOf('arcing', 'pmt-2');
    const page = await open('normal', { parts: { alarms: { definitions: DEFINITIONS, alarms: [alarm] } } });
    await page.locator('fen-wall-alarms .tall').waitFor();

    hub.alarms.change({ ...alarm, state: 'acknowledged', version: 2 });

    await page.locator('fen-wall-tile').first().waitFor();
    expect(await page.locator('fen-wall-alarms').count()).toBe(0);
    expect(await page.locator('fen-wall-tile h2').first().innerText()).toBe('Etch 1 · view B'); // it stays first
  });

  it('brings a new diagnosis forward, by the next heartbeat', async () => {
    const normal = { outcome: classOutcome(0), ms: 240_000 };
    const diagnoses = [normal];
    const channels = [
      { name: 'a', label: 'Etch 1', model: 'plasma', diagnoses: [normal] },
      { name: 'b', label: 'Etch 2', model: 'plasma', diagnoses },
    ];
    const page = await open('diagnosed', { parts: { channels, models: [diagnosisModel()] } });
    const first = () => page.locator('fen-wall-tile h2').first().innerText();
    await expect.poll(first).toBe('Etch 1');

    diagnoses.push({ outcome: classOutcome(1), ms: 3000 });

    await expect.poll(first).toBe('Etch 2');
  });

  it('groups a flood, the first alarm before all, and says of every alarm where it is', async () => {
    const page = await open('many', { parts: flooded, board: { ...still('alarms'), pausesOnCritical: false } });
    const lines = page.locator('fen-wall-alarms ol li');

    await expect.poll(() => lines.count()).toBe(4);
    expect(await lines.first().innerText()).toMatch(/First[\s\S]*Etch 1 · view A: Light above normal/);
    expect(await lines.nth(1).innerText()).toMatch(/Micro-arcing[\s\S]*Etch 12 · view B, [\s\S]*22/);
    await page.setViewportSize({ width: 1920, height: 640 }); // two lines
    await expect.poll(() => page.locator('fen-wall-alarms .more').innerText()).toMatch(/^and \d+ more$/);
    const sight = page.locator('fen-wall-alarms ol').evaluate((list) => {
      const { right, bottom } = list.getBoundingClientRect();
      const boxes = [...list.children].map((line) => line.getBoundingClientRect());
      return boxes.every((box) => box.left >= right || box.bottom <= bottom + 1);
    });
    expect(await sight, 'no line is cut').toBe(true);
  });

  it('blinks until it is acknowledged, unless motion is unwanted', async () => {
    const page = await open('normal', { parts: lone });
    const symbol = page.locator('fen-wall-page .most fen-alarm-symbol .blinking');
    const animation = () => symbol.evaluate((element) => getComputedStyle(element).animationName);

    expect(await animation()).toBe('none');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await animation()).toBe('blink');
  });

  it('has nothing to press, no dialog and, after a rest, no pointer; it only reads, and keeps its screen awake', async () => {
    const asked: string[] = [];
    const page = await open('normal', {
      parts: few,
      seen: (page) => page.on('request', (one) => asked.push(one.method())),
    });
    const cursor = () => page.evaluate(() => getComputedStyle(document.querySelector('fen-wall-page')!).cursor);

    expect(await page.locator('fen-wall-page :is(a, button, input, dialog, nav, fen-person)').count()).toBe(0);
    expect(await cursor()).toBe('none');
    await page.mouse.move(200, 200);
    await expect.poll(cursor).not.toBe('none');
    await expect.poll(cursor).toBe('none');
    expect(new Set(asked)).toEqual(new Set(['GET']));
    expect(new Set(hub.commands.map(({ type }) => type))).toEqual(new Set(['subscribe', 'fill', 'ping']));
    const wakes = () => page.evaluate(() => (globalThis as { wakes?: number }).wakes);
    const seenAgain = () => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await seenAgain();
    expect(await wakes(), 'it is held').toBe(1);
    await page.evaluate(() => (globalThis as { lock?: WakeLockSentinel }).lock?.release());
    await seenAgain();
    expect(await wakes()).toBe(2);
  });

  it('stands a step elsewhere with every minute of the server', async () => {
    const page = await open('normal');
    const place = () =>
      page.evaluate(() => {
        const wall = document.querySelector('fen-wall-page') as FenWallPage;
        const { e, f } = new DOMMatrix(getComputedStyle(wall).transform);
        const hairPx = Number.parseFloat(getComputedStyle(wall).getPropertyValue('--hair'));
        return { nowMs: wall.live.clock.nowMs ?? 0, x: e / hairPx / 0.5, y: f / hairPx / 0.5 };
      });

    const { nowMs, x, y } = await place();
    const near = [nowMs, nowMs - 1000].map(burnInShift); // it moves when it draws its clock
    expect(near).toContainEqual({ x: Math.round(x), y: Math.round(y) });
    await page.evaluate(() => {
      const { live } = document.querySelector('fen-wall-page') as FenWallPage;
      const { nowMs = 0 } = live.clock;
      Object.defineProperty(live.clock, 'nowMs', { get: () => nowMs + 60_000 });
    });
    await expect.poll(place).not.toMatchObject({ x, y });
  });

  it('says that there is no such board', async () => {
    const page = await open('normal', { path: '/wall?board=none' });

    await page.getByText('There is no board “none”').waitFor();
  });

  it('shows the same slide as another wall at the same moment of the server', async () => {
    const slides = ALL_KINDS.map((slide) => ({ ...slide, dwellSeconds: 2 }));
    const one = await open('normal', { board: { slides } });
    const other = await another('/wall');

    const seen = await Promise.all([one, other].map((page) => slidesSeen(page, 4)));

    const common = [...seen[0]!.keys()].filter((turn) => seen[1]!.has(turn));
    expect(common.length).toBeGreaterThanOrEqual(2);
    for (const turn of common) expect(seen[0]!.get(turn)).toBe(seen[1]!.get(turn));
    expect(new Set(seen[0]!.values()).size).toBeGreaterThanOrEqual(2);
  });

  it('loads another build of itself once the server that it meets again has one', async () => {
    let isNew = false;
    const page = await open('normal', {
      route: (req, res, next) => {
        if (isNew && req.path === '/wall') res.send('<!doctype html><title>Newer</title><p>newer</p>');
        else next();
      },
      path: '/wall?board=default',
    });
    isNew = true;
    hub.dropViewers();

    await page.getByText('newer').waitFor();
    expect(page.url()).toContain('/wall?board=default');
  });

  it('holds after thirty rounds what it held before: no chart, no subscription, no node more', async () => {
    const alarm = alarmOf('arcing', 'pmt-2', { state: 'acknowledged' });
    const page = await open('many', {
      parts: { alarms: { definitions: DEFINITIONS, alarms: [alarm] } },
      board: { slides: ALL_KINDS },
    });
    let version = 1;
    const setState = (state: 'unacknowledged' | 'acknowledged') => {
      hub.alarms.change({ ...alarm, state, version: ++version }); // not acknowledged it stops the wall
    };
    const watch = await WallWatch.begin(page, await inspect(page));
    await slidesPassed(page, 2 * ALL_KINDS.length);
    setState('unacknowledged');
    const before = await watch.held();

    setState('acknowledged');
    await slidesPassed(page, 30 * ALL_KINDS.length);
    setState('unacknowledged');

    const { heapBytes, ...after } = await watch.held();
    const { heapBytes: heapBefore, ...expected } = before;
    expect(after).toEqual(expected);
    expect(after.charts).toBe(0);
    expect(heapBytes).toBeLessThan(heapBefore + HEAP_NOISE_BYTES);
  });
});

interface Opening {
  readonly parts?: Partial<Scene>;
  readonly board?: Partial<Board> | undefined;
  readonly route?: RequestHandler;
  readonly path?: string;
  /** Told of every page before it loads. */
  readonly seen?: (page: Page) => void;
}

async function open(name: SceneName, { parts, board, route, path = '/wall', seen }: Opening = {}): Promise<Page> {
  const slides: Slide[] = [{ kind: 'tiles', channels: [], dwellSeconds: 3600 }];
  const boards = boardRoutes(memoryBoards({ default: boardOf({ slides, ...board }) }));
  const routes: RequestHandler = (req, res, next) => {
    if (route) route(req, res, () => void boards(req, res, next));
    else boards(req, res, next);
  };
  hub = await ScriptedHub.start({ ...scene(name), ...parts, routes });
  closing.push(() => hub.close());
  return another(path, seen);
}

async function another(path: string, seen?: Opening['seen']): Promise<Page> {
  const context = await browser.newContext({ viewport: WALL_SIZES[0]!, reducedMotion: 'reduce' });
  closing.unshift(() => context.close());
  await countWakes(context);
  const page = await context.newPage();
  seen?.(page);
  await page.goto(hub.url + path);
  await page.locator('fen-wall-page :is(.clock, .none)').first().waitFor();
  await page.locator('fen-wall-page :is(fen-trend-chart canvas, .diagnoses, .counts, .none p)').first().waitFor();
  return page;
}
