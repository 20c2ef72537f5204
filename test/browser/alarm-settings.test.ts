import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { enDefinitions as en } from '../../client/locale/en-definitions.ts';
import { koDefinitions as ko } from '../../client/locale/ko-definitions.ts';
import type { DefinitionReply } from '../../server/wire/definition-replies.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import { overflow } from '../support/overflow.ts';
import { startServer, type TestServer } from '../support/server.ts';

const DESK = { width: 1920, height: 1080 };
/** Where the browser keeps who signs. */
const PERSON = ['fenestra-person', 'Kim'] as const;
const PHONE = { width: 390, height: 844 };

// One server; each test begins at an address of its own, and with definitions of its own.
describe('the page of alarm settings', () => {
  let folder: string;
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fenestra-settings-'));
    server = await startServer({
      storage: { directory: join(folder, 'data') },
      channels: { 'view.a': {}, 'view.b': {}, door: {} },
    });
    browser = await launchBrowser();
  });
  afterEach(() => page?.close());
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is had by key, lists all, and finds by text and priority', async () => {
    await open('/');
    await page.locator('fen-control-page').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    const rows = page.locator('fen-definition-list li');
    await rows.first().waitFor();

    const all = await rows.count();
    expect(await page.title()).toBe('Alarm settings · Fenestra');
    await page.getByPlaceholder(en.search).fill('full scale');
    await expect.poll(() => rows.allInnerTexts()).toEqual([expect.stringContaining('3 alarms')]);
    await page.getByPlaceholder(en.search).fill('');
    await page.getByLabel(en.anyPriority).selectOption('medium');
    await expect.poll(() => rows.count()).toBeLessThan(all);
    await page.getByLabel(en.anyPriority).selectOption('template');
    await page.getByText(en.none).waitFor();
  });

  it.each([
    ['light', 'en', DESK],
    ['dark', 'ko', DESK],
    ['dark', 'en', PHONE],
    ['light', 'ko', PHONE],
  ] as const)('is accessible in %s, %s, and fits', async (theme, language, size) => {
    await open('/alarms/settings?definition=channel-stale', { theme, language, size });
    const text = language === 'ko' ? ko : en;
    await page.getByText(text.matches(3, 3)).waitFor();

    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    if (size === PHONE) {
      await page.getByRole('link', { name: text.back }).click();
      await page.locator('fen-definition-list li').first().waitFor({ state: 'visible' });
      expect(await overflow(page)).toBe(0);
    }
  });

  it('makes a definition that takes from another, and says beside the field what is wrong', async () => {
    await open('/alarms/settings?new');
    const channels = page.locator('fen-definition-place .wide input');

    await page.locator('fen-definition-place .id').fill('Door stale');
    await page.getByLabel(en.inherits).selectOption('channel-stale');
    await channels.fill('do*, view.b');
    await channels.blur();
    await page.getByText(en.matches(2, 3)).waitFor();
    expect(await field('priority').locator('select').isDisabled()).toBe(true);
    expect(await field('priority').innerText()).toContain(en.inherited('channel-stale'));
    await field('onDelaySeconds').getByRole('button', { name: en.override }).click();
    await field('onDelaySeconds').locator('input').fill('-1');
    await field('onDelaySeconds').locator('input').press('Control+Enter');
    await field('onDelaySeconds')
      .getByText(en.fault({ code: 'NUMBER_LOW', found: '-1', expected: '0' })!)
      .waitFor();
    expect(await field('onDelaySeconds').locator('input').getAttribute('aria-invalid')).toBe('true');
    expect(await axeFindings(page)).toEqual([]);

    await page.getByText('beginning with a letter or digit').first().waitFor();
    await page.locator('fen-definition-place .id').fill('door-stale');
    await field('onDelaySeconds').locator('input').fill('2.5');
    await field('onDelaySeconds').locator('input').press('Control+Enter');
    await page.getByRole('heading', { name: 'door-stale' }).waitFor();

    expect(await read('door-stale')).toMatchObject({
      version: 1,
      by: 'Kim',
      alarms: 2,
      definition: { inherits: 'channel-stale', channels: ['do*', 'view.b'], onDelaySeconds: 2.5 },
    });
    await field('onDelaySeconds')
      .getByRole('button', { name: en.reset('channel-stale') })
      .click();
    expect(await field('onDelaySeconds').locator('input').inputValue()).toBe('5');
  });

  it('says what somebody else changed meanwhile, and saves over it only where that is wanted', async () => {
    await write('slow', 0, { inherits: 'channel-stale', channels: ['door'] });
    await open('/alarms/settings?definition=slow');
    await field('priority').getByRole('button', { name: en.override }).click();
    await field('priority').locator('select').selectOption('high');

    await write('slow', 1, { inherits: 'channel-stale', channels: ['view.a'] }, '더 느림');
    const notice = page.locator('.notice');
    await notice.getByText('Park', { exact: false }).waitFor();
    expect(await notice.innerText()).toContain(en.conflictFields('channels'));
    expect(await notice.innerText()).toContain('더 느림');
    await notice.getByRole('button', { name: en.keepMine }).click();
    await page.getByRole('button', { name: en.save, exact: true }).click();
    await page.getByText(en.saved(3)).waitFor();

    expect(await read('slow')).toMatchObject({ version: 3, definition: { channels: ['door'], priority: 'high' } });
  });

  it('brings an older version back, and deletes after it has asked', async () => {
    await write('old', 0, { inherits: 'channel-stale', channels: ['door'] });
    await write('old', 1, { inherits: 'channel-stale', channels: ['view.a'] }, 'moved');
    await open('/alarms/settings?definition=old');

    await page.getByText('moved').waitFor();
    await page.getByRole('button', { name: `${en.restore}: ${en.version(1)}` }).click();
    await page.getByText(en.restored(1)).waitFor();
    await page.getByRole('button', { name: en.save, exact: true }).click();
    await page.getByText(en.saved(3)).waitFor();
    expect(await read('old')).toMatchObject({ definition: { channels: ['door'] } });

    await page.getByRole('button', { name: en.remove, exact: true }).click();
    await page.getByText(en.askRemove('old', 1)).waitFor();
    await page.getByRole('button', { name: en.remove, exact: true }).click();
    await page.getByText(en.choose).waitFor();
    expect(await read('old')).toMatchObject({ code: 'DEFINITION_UNKNOWN' });
  });

  it('shows what a file changes before it imports it, and exports all', async () => {
    await open('/alarms/settings');
    await take('[definitions.a]\nlatch = 3');
    const look = page.locator('fen-definition-import .look');
    await look.getByText(en.line(2), { exact: false }).waitFor();
    expect(await look.getByRole('button', { name: en.importGo }).isDisabled()).toBe(true);

    await take('[definitions.from-file]\ninherits = "channel-stale"\nchannels = ["door"]');
    await look.getByText('1: from-file').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await read('from-file')).toMatchObject({ code: 'DEFINITION_UNKNOWN' });
    await look.getByRole('button', { name: en.importGo }).click();
    await page.getByText(en.imported).waitFor();
    expect(await read('from-file')).toMatchObject({ version: 1, by: 'Kim' });

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: en.exportFile }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('alarms.toml');
    expect(readFileSync(await download.path(), 'utf8')).toContain('[definitions.from-file]');
  });

  async function open(
    path: string,
    look: { theme?: 'light' | 'dark'; language?: 'en' | 'ko'; size?: typeof DESK } = {},
  ) {
    const { theme = 'light', language = 'en', size = DESK } = look;
    page = await browser.newPage({ viewport: size, colorScheme: theme, locale: language });
    page.on('pageerror', (error) => expect.unreachable(String(error)));
    await page.addInitScript(([key, name]) => localStorage.setItem(key, name), PERSON);
    await page.goto(server.url + path);
    if (path !== '/') await page.locator('fen-definition-list').waitFor({ state: 'attached' });
  }

  /** The field with that name of the draft. */
  function field(name: 'priority' | 'onDelaySeconds') {
    return page.locator('fen-definition-form .field', { hasText: en[name] }).first();
  }

  async function take(text: string): Promise<void> {
    const file = { name: 'mine.toml', mimeType: 'application/toml', buffer: Buffer.from(text) };
    await page.locator('fen-definition-import input[type=file]').setInputFiles(file);
  }

  async function read(id: string): Promise<DefinitionReply> {
    return (await (await fetch(`${server.url}/api/alarms/definitions/${id}`)).json()) as DefinitionReply;
  }

  async function write(id: string, expectedVersion: number, definition: object, comment?: string): Promise<void> {
    const answer = await fetch(`${server.url}/api/alarms/definitions/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'fenestra-person': 'Park' },
      body: JSON.stringify({ expectedVersion, definition, comment }),
    });
    expect(answer.status).toBe(200);
  }
});
