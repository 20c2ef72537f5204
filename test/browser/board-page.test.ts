import type { RequestHandler } from 'express';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { boardRoutes } from '../../server/http/board-routes.ts';
import { problemHandler } from '../../server/http/problem.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import { boardOf, memoryBoards } from '../support/memory-boards.ts';
import { scene } from '../support/scenes.ts';
import { ScriptedHub } from '../support/scripted-hub.ts';

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

describe('the page of boards', () => {
  it.each(['en', 'ko'])('is defined in the browser, slide by slide, and refuses who was slower: %s', async (locale) => {
    const boards = memoryBoards({ default: boardOf() });
    const own = boardRoutes(boards);
    const problem = problemHandler(() => undefined);
    const routes: RequestHandler = (req, res, next) => {
      res.locals.person = { name: 'Kim', address: '', isOperator: true };
      own(req, res, (error: unknown) => (error ? problem(error, req, res, next) : next()));
    };
    hub = await ScriptedHub.start({ ...scene('normal'), routes });
    closing.push(() => hub.close());
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale });
    closing.unshift(() => context.close());
    const page = await context.newPage();
    await page.goto(`${hub.url}/wall/edit`);
    await page.locator('fen-board-page ol > li').waitFor();
    expect(await axeFindings(page)).toEqual([]);

    await page.locator('fen-board-page form > .row').nth(1).locator('button').nth(2).press('Enter'); // alarms
    await page.locator('fen-board-page li').nth(1).locator('.moves button').first().press('Enter');
    await page.locator('fen-board-page button.go').click();

    await expect
      .poll(() => boards.kept.get('default'))
      .toMatchObject({
        version: 2,
        board: { slides: [{ kind: 'alarms' }, { kind: 'tiles' }] },
      });
    boards.kept.set('default', { id: 'default', version: 9, board: boardOf({ name: 'Theirs' }) });
    await page.locator('fen-board-page button.go').click();
    await expect.poll(() => page.locator('fen-board-page [role=status]').innerText()).toMatch(/Somebody|다른/);
    expect(boards.kept.get('default')!.board.name).toBe('Theirs');
  });
});
