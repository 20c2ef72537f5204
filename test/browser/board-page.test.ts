import type { RequestHandler } from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { boardRoutes } from '../../server/http/board-routes.ts';
import { problemHandler } from '../../server/http/problem.ts';
import type { Board } from '../../server/wire/boards.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import { boardOf, memoryBoards } from '../support/memory-boards.ts';
import { type SceneName, scene } from '../support/scenes.ts';
import { ScriptedHub } from '../support/scripted-hub.ts';

const SLIDES: Board['slides'] = [
  { kind: 'tiles', channels: [], dwellSeconds: 30 },
  { kind: 'alarms', dwellSeconds: 10 },
];

let browser: Browser;
let hub: ScriptedHub;
let boards: ReturnType<typeof memoryBoards>;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

afterAll(() => browser.close());

describe('the page of boards', () => {
  it.each([
    ['en', 'normal'],
    ['ko', 'long'],
  ] as const)('takes slides, moves them with the focus, and saves them: %s', async (locale, name) => {
    const page = await open({ name, locale });
    const slides = page.locator('fen-board-slides');
    const saved = () => boards.kept.get('default')?.board.slides.map(({ kind }) => kind);

    await slides.locator('.row > button').nth(3).press('Enter');
    await slides.locator('li').nth(2).locator('[data-by="-1"]').press('Enter');
    await expect.poll(() => focused(page)).toMatch(/2\. /);
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toMatch(/1\. /);
    await page.locator('fen-board-page button.go').click();

    await expect.poll(saved).toEqual(['diagnoses', 'tiles', 'alarms']);
    await slides.locator('summary').first().click();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFindings(page), colorScheme).toEqual([]);
    }
  });

  it('says what was found and what is expected, and sends nothing', async () => {
    const page = await open();

    await page.getByRole('spinbutton', { name: 'Seconds' }).nth(1).fill('3');
    await page.locator('fen-board-page button.go').click();

    await expect.poll(() => news(page)).toBe('Seconds: found 3, expected 5 to 3600.');
    expect(await focused(page)).toBe('Seconds');
    expect(boards.kept.get('default')!.version).toBe(1);
  });

  it('keeps what is not saved over a reload and another board, until it is saved or discarded', async () => {
    const page = await open();
    const name = page.getByRole('textbox', { name: 'Name' });

    await name.fill('Mine');
    await page.reload();
    await expect.poll(() => name.inputValue()).toBe('Mine');
    await page.getByRole('link', { name: 'New board' }).click();
    await expect.poll(() => name.inputValue()).toBe('');
    await page.getByRole('link', { name: 'Bay 4' }).click();
    await expect.poll(() => name.inputValue()).toBe('Mine');

    await page.getByRole('button', { name: 'Discard changes' }).click();
    await expect.poll(() => name.inputValue()).toBe('Bay 4');
    await page.reload();
    await expect.poll(() => name.inputValue()).toBe('Bay 4');
  });

  it('shows who was slower what is there, and lets them keep theirs', async () => {
    const page = await open();
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('Mine');
    const theirs = boardOf({ name: '<b>Theirs</b>', slides: SLIDES.slice(1) });
    boards.kept.set('default', { id: 'default', version: 9, board: theirs, by: 'Lee', atMs: 1 });

    await page.locator('fen-board-page button.go').click();

    const conflict = page.locator('fen-board-conflict');
    await conflict.waitFor();
    expect((await conflict.locator('p, dd').allInnerTexts()).join(' ')).toMatch(
      /Lee saved.*<b>Theirs<\/b>.*Alarms 10 s/,
    );
    expect(await name.inputValue()).toBe('Mine');
    expect(await axeFindings(page)).toEqual([]);
    await page.reload(); // it is still asked
    await conflict.getByRole('button', { name: 'Keep mine' }).click();
    await page.locator('fen-board-page button.go').click();
    await expect.poll(() => boards.kept.get('default')).toMatchObject({ version: 10, board: { name: 'Mine' } });

    await name.fill('Mine again');
    boards.kept.set('default', { id: 'default', version: 20, board: theirs, by: 'Lee', atMs: 1 });
    await page.locator('fen-board-page button.go').click();
    await conflict.getByRole('button', { name: 'Take theirs' }).click();
    await expect.poll(() => name.inputValue()).toBe('<b>Theirs</b>');
    expect(await conflict.count()).toBe(0);
    expect(boards.kept.get('default')!.version).toBe(20);
  });

  it('keeps a draft of a board that somebody removed', async () => {
    const page = await open({ path: '/wall/edit?board=gate' });
    await page.getByRole('textbox', { name: 'Name' }).fill('Mine');
    boards.kept.delete('gate');

    await page.locator('fen-board-page button.go').click();
    await page.locator('fen-board-conflict').getByRole('button', { name: 'Keep mine' }).click();
    await page.locator('fen-board-page button.go').click();

    await expect.poll(() => boards.kept.get('gate')?.board.name).toBe('Mine');
  });

  it('keeps what is edited while nothing gets to the server, and says so', async () => {
    const page = await open();
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('Mine');

    await page.context().setOffline(true);
    await page.locator('fen-board-page button.go').click();
    await expect.poll(() => news(page)).toMatch(/^Not done: /);
    expect(await name.inputValue()).toBe('Mine');
    expect(boards.kept.get('default')!.board.name).toBe('Bay 4');

    await page.context().setOffline(false);
    await page.locator('fen-board-page button.go').click();
    await expect.poll(() => boards.kept.get('default')?.board.name).toBe('Mine');
  });

  it('offers 200 channels without a scrollbar sideways, on a desk and a phone', async () => {
    const page = await open({ name: 'flood' });
    const slides = page.locator('fen-board-slides');
    await slides.locator('summary').first().click();
    await expect.poll(() => slides.locator('li').first().locator('input[type=checkbox]').count()).toBe(200);

    for (const width of [1920, 390]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    await slides.locator('input[type=checkbox]').nth(199).check();
    await page.locator('fen-board-page button.go').click();
    await expect.poll(() => boards.kept.get('default')?.board.slides[0]).toMatchObject({ channels: ['pmt-200'] });
  });

  it('shows on a wall beside it what is not saved, as it is typed, but nothing faulty', async () => {
    const page = await open();
    const [wall] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Preview' }).click(),
    ]);
    const which = () => wall.locator('fen-wall-page .which').innerText();

    await page.getByRole('textbox', { name: 'Name' }).fill('Mine');
    await expect.poll(which).toMatch(/^Mine · not saved/);
    await page.getByRole('textbox', { name: 'Name' }).fill('');
    await page.getByRole('spinbutton', { name: 'Seconds' }).first().fill('600');
    await page.getByRole('textbox', { name: 'Name' }).fill('Ours');
    await expect.poll(which).toMatch(/^Ours/);
    expect(boards.kept.get('default')!.board.name).toBe('Bay 4');
  });
});

interface Opening {
  readonly name?: SceneName;
  readonly locale?: string;
  readonly path?: string;
}

async function open({ name = 'normal', locale = 'en', path = '/wall/edit' }: Opening = {}): Promise<Page> {
  boards = memoryBoards({ default: boardOf({ slides: SLIDES }), gate: boardOf({ name: 'Gate' }) });
  const own = boardRoutes(boards);
  const problem = problemHandler(() => undefined);
  const routes: RequestHandler = (req, res, next) => {
    res.locals.person = { name: 'Kim', address: '', isOperator: true };
    own(req, res, (error: unknown) => (error ? problem(error, req, res, next) : next()));
  };
  hub = await ScriptedHub.start({ ...scene(name), routes });
  closing.push(() => hub.close());
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale });
  closing.unshift(() => context.close());
  const page = await context.newPage();
  await page.goto(hub.url + path);
  await page.locator('fen-board-slides li').first().waitFor();
  return page;
}

function news(page: Page): Promise<string> {
  return page.locator('fen-board-page .news').innerText();
}

/** What the focused control is called. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.getAttribute('aria-label') ?? at?.closest('label')?.textContent?.trim() ?? '';
  });
}
