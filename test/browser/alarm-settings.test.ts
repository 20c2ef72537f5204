import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { enDefinitions as en } from '../../client/locale/en-definitions.ts';
import { koDefinitions as ko } from '../../client/locale/ko-definitions.ts';
import { DEFINITION_LIMIT } from '../../server/wire/alarm-definitions.ts';
import type { DefinitionReply, DefinitionsReply } from '../../server/wire/definition-replies.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { launchBrowser } from '../support/browser.ts';
import {
  channelNames,
  definitionReply,
  longDefinitionReply,
  readDefinition,
  writeDefinition,
} from '../support/definition-replies.ts';
import { overflow } from '../support/overflow.ts';
import { startServer, type TestServer } from '../support/server.ts';

const DESK = { width: 1920, height: 1080 };
const MOST = Array.from({ length: DEFINITION_LIMIT }, (_, i) => definitionReply(`light-${i}`, 1));
const PHONE = { width: 390, height: 844 };

// One server and one page; each test begins at an address of its own, and with definitions of its own.
describe('the page of alarm settings', () => {
  let folder: string;
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fenestra-settings-'));
    server = await startServer({
      storage: { directory: join(folder, 'data') },
      channels: { 'view.a': {}, 'view.b': {}, door: {} },
    });
    browser = await launchBrowser();
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('dialog', (dialog) => dialog.accept()); // what a test leaves unsaved
    await page.addInitScript(() => localStorage.setItem('fenestra-person', 'Kim'));
  });
  afterEach(async () => {
    await page.unrouteAll();
    await page.evaluate(() => sessionStorage.clear());
    expect(problems).toEqual([]);
  });
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
    expect(await page.title()).toContain('Alarm settings · Fenestra');
    await page.getByPlaceholder(en.search).fill('full scale');
    await expect.poll(() => rows.allInnerTexts()).toEqual([expect.stringContaining('3 alarms')]);
    await page.getByPlaceholder(en.search).fill('');
    await page.getByLabel(en.anyPriority).selectOption('medium');
    await expect.poll(() => rows.count()).toBeLessThan(all);
    await page.getByLabel(en.anyPriority).selectOption('template');
    await page.getByText(en.none).waitFor();
  });

  it.each([
    ['quiet', [], []],
    ['one', [definitionReply('light-high', 1)], channelNames(1)],
    ['long Korean words, 200 channels', [longDefinitionReply(200)], channelNames(200)],
    ['as many as there may be', MOST, channelNames(1)],
  ] as const)('is read in both themes, on a desk and on a phone: %s', async (state, definitions, channels) => {
    const reply: DefinitionsReply = { definitions, faults: [], channels };
    await page.route('**/api/alarms/definitions', (route) => route.fulfill({ json: reply }));
    const chosen = definitions.length !== 1 ? '' : `?definition=${definitions[0]!.definition.id}`;
    await open(`/alarms/settings${chosen}`, { language: 'ko' });

    await page.getByText(ko.total(definitions.length, definitions.length * channels.length)).waitFor();
    expect(await page.locator('fen-definition-list li').count()).toBe(Math.min(definitions.length, 100));
    expect(await page.getByText(ko.moreFound('1,900')).count()).toBe(definitions.length > 100 ? 1 : 0);
    expect(await page.getByText(ko.emptyWhy).count()).toBe(state === 'quiet' ? 1 : 0);
    await expectReadable();
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectReadable();
    if (chosen !== '') await page.getByRole('link', { name: ko.back }).click();
    await page.locator('.list').waitFor({ state: 'visible' });
    expect(await overflow(page)).toBe(0);
  });

  it('says when the server does not answer, and keeps what it shows', async () => {
    await open('/alarms/settings?definition=channel-stale');
    const rows = await page.locator('fen-definition-list li').count();

    await page.route('**/api/alarms/definitions', (route) => route.abort());
    await page.locator('fen-alarm-settings-page > [role=status]', { hasText: en.notListed('').slice(0, 30) }).waitFor();

    await expectReadable();
    expect(await page.locator('fen-definition-list li').count()).toBe(rows);
  });

  it('gives each priority its own shape and digit in the list', async () => {
    await write('urgent', 0, { inherits: 'channel-stale', channels: ['door'], priority: 'critical' });
    await open('/alarms/settings');
    const symbols = page.locator('fen-definition-list fen-alarm-symbol');
    const digits = await symbols.locator('text').allTextContents();
    const shapes = await symbols
      .locator('path:first-child')
      .evaluateAll((all) => all.map((one) => one.getAttribute('d')));

    const pairs = new Set(digits.map((digit, i) => `${digit} ${shapes[i]}`));

    expect([...pairs].map(([digit]) => digit).sort()).toEqual(['1', '2', '3', '4']);
    expect(new Set(shapes).size).toBe(4);
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
    await expectReadable();

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
    expect(await notice.locator('dl').innerText()).toMatch(new RegExp(`^${en.channels}\\s+view\\.a$`));
    expect(await notice.innerText()).toContain('더 느림');
    await notice.getByRole('button', { name: en.keepMine }).click();
    await page.getByRole('button', { name: en.save, exact: true }).click();
    await page.getByText(en.saved(3)).waitFor();

    expect(await read('slow')).toMatchObject({ version: 3, definition: { channels: ['door'], priority: 'high' } });
  });

  it('keeps a draft through other definitions, another page and a new load, until it is discarded', async () => {
    await write('left', 0, { inherits: 'channel-stale', channels: ['door'] });
    await open('/alarms/settings?definition=left');
    await field('title').getByRole('button', { name: en.override }).click();
    await field('title').locator('textarea').first().fill('<b>unsaved</b>');

    await page.locator('fen-definition-list a[href$="channel-clipped"]').click();
    await page.getByRole('heading', { name: 'channel-clipped' }).waitFor();
    await page.locator('fen-definition-list a', { hasText: en.unsaved }).click();
    await page.getByRole('heading', { name: 'left' }).waitFor();
    expect(await field('title').locator('textarea').first().inputValue()).toBe('<b>unsaved</b>');

    await write('left', 1, { inherits: 'channel-stale', channels: ['view.a'] });
    await page.goto(server.url);
    await page.goto(`${server.url}/alarms/settings?definition=left`);
    await page.locator('.notice dl').waitFor();
    expect(await field('title').locator('textarea').first().inputValue()).toBe('<b>unsaved</b>');
    await page.getByRole('button', { name: en.discard }).click();
    await expect.poll(() => page.locator('fen-definition-list a', { hasText: en.unsaved }).count()).toBe(0);
    expect(await page.locator('.notice').count()).toBe(0);
    expect(await page.locator('fen-definition-place .wide input').inputValue()).toBe('view.a');
  });

  it('loses no draft of a definition that somebody else removes, and can make it again', async () => {
    await write('gone', 0, { inherits: 'channel-stale', channels: ['door'] });
    await open('/alarms/settings?definition=gone');
    await field('priority').getByRole('button', { name: en.override }).click();
    await field('priority').locator('select').selectOption('high');

    await fetch(`${server.url}/api/alarms/definitions/gone?expectedVersion=1`, {
      method: 'DELETE',
      headers: { 'fenestra-person': 'Park' },
    });
    await page.getByText(en.conflictRemoved).waitFor();
    await page.getByRole('button', { name: en.keepMine }).click();
    await page.getByRole('button', { name: en.save, exact: true }).click();
    await page.getByText(en.saved(3)).waitFor();

    expect(await read('gone')).toMatchObject({ by: 'Kim', definition: { priority: 'high' } });
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
    await expectReadable();
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
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: theme });
    const url = new URL(path, server.url);
    url.searchParams.set('language', language);
    await page.goto(url.href);
    if (path !== '/') await page.locator('fen-definition-list').waitFor({ state: 'attached' });
  }

  /** The field with that name of the draft. */
  function field(name: 'priority' | 'onDelaySeconds' | 'title') {
    return page.locator('fen-definition-form .field', { hasText: en[name] }).first();
  }

  async function expectReadable(): Promise<void> {
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  }

  async function take(text: string): Promise<void> {
    const file = { name: 'mine.toml', mimeType: 'application/toml', buffer: Buffer.from(text) };
    await page.locator('fen-definition-import input[type=file]').setInputFiles(file);
  }

  function read(id: string): Promise<DefinitionReply> {
    return readDefinition(server.url, id);
  }

  function write(id: string, expectedVersion: number, definition: object, comment?: string): Promise<void> {
    return writeDefinition(server.url, id, { expectedVersion, definition, comment });
  }
});
