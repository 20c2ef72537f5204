import { describe, expect, it } from 'vitest';
import { en } from '../../client/locale/en.ts';
import { AppError } from '../../server/base/errors.ts';
import type { CaptureReply } from '../../server/wire/captures.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { captureReply } from '../support/capture-files.ts';
import { CaptureServer } from '../support/capture-server.ts';
import { useDashboard } from '../support/dashboard.ts';
import { Folder } from '../support/folder.ts';
import { overflow } from '../support/overflow.ts';

const dashboard = useDashboard();
const folder = new Folder();

const PHONE = { width: 390, height: 844 };
const WALL = { width: 3840, height: 2160 };
const LIST: readonly CaptureReply[] = [
  captureReply({ id: 'c-1', samples: 2_000_000, createdMs: 5 }),
  captureReply({
    id: 'c-2',
    samples: 50_000,
    createdMs: 4,
    channel: 'gone',
    label: 'Ash 9 · PMT',
    cause: { kind: 'threshold', limit: 0.12, value: 0.1432 },
  }),
  captureReply({ id: 'c-3', state: 'recording', createdMs: 3, cause: { kind: 'person', comment: 'arc at the chuck' } }),
  captureReply({ id: 'c-4', state: 'refused', createdMs: 2, note: '12 within the hour, limit 12', channel: 'pmt-4' }),
  captureReply({
    id: 'c-5',
    state: 'failed',
    createdMs: 1,
    note: 'no space left on the disk',
    cause: { kind: 'alarm', text: 'Etch 1 is too bright' },
  }),
];

describe('the list of captures', () => {
  it('shows when, of what, why, how long and how large, and why there is nothing of one', async () => {
    const { page } = await open('/captures');

    const rows = await page.locator('.rows li a').allInnerTexts();
    expect(rows.map((row) => row.replace(/\s+/g, ' '))).toEqual([
      '2026-11-21 14:07:32 GMT+9 Etch 1 · view A by hand 200 ms 4.00 MB ready',
      '2026-11-21 14:07:32 GMT+9 Ash 9 · PMT threshold: 0.14320 V beyond 0.12000 V 5 ms 100 kB ready',
      '2026-11-21 14:07:32 GMT+9 Etch 1 · view A arc at the chuck being recorded',
      '2026-11-21 14:07:32 GMT+9 Etch 1 · view A by hand refused 12 within the hour, limit 12',
      '2026-11-21 14:07:32 GMT+9 Etch 1 · view A Etch 1 is too bright failed no space left on the disk',
    ]);
  });

  it('gives the room that is left to why they were made, and none to an empty column', async () => {
    const { page } = await open('/captures');

    const [edge, ...ends] = await page.locator('.rows').evaluate((rows) => {
      const words = [...rows.querySelectorAll('li .state')].map((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range;
      });
      return [rows, ...words].map((box) => box.getBoundingClientRect().right);
    });
    expect(edge - Math.max(...ends)).toBeLessThan(30);
  });

  it('shows new ones by itself, calmly', async () => {
    const { page, server } = await open('/captures', LIST.slice(1));

    server.list.set(LIST[0]);

    await expect.poll(() => page.locator('.rows li').count()).toBe(LIST.length);
    expect(server.queries.length).toBeLessThanOrEqual(4);
  });

  it('finds them by search and filter, which the address holds', async () => {
    const { page, server } = await open('/captures?theme=dark');

    await page.getByRole('searchbox').fill('chuck');
    await expect.poll(() => page.locator('.rows li').count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?search=chuck&theme=dark');
    await page.getByRole('button', { name: en.clearFilter }).click();
    await page.getByRole('combobox', { name: en.anyState }).selectOption('refused');

    await expect.poll(() => page.locator('.rows li').allInnerTexts()).toHaveLength(1);
    expect(new URL(page.url()).search).toBe('?state=refused&theme=dark');
    await expect.poll(() => server.queries.at(-1)).toEqual({ state: 'refused', limit: 100 });
    await page.getByRole('combobox', { name: en.anyState }).selectOption('');
    await page.getByRole('combobox', { name: en.anyCause }).selectOption({ label: en.causeAlarm });
    await expect.poll(() => page.locator('.rows li .cause').allInnerTexts()).toEqual(['Etch 1 is too bright']);
  });

  it('asks for the channel and the range of time that its address names', async () => {
    const { page, server } = await open('/captures?channel=gone&from=1000&to=2000');

    expect(server.queries[0]).toEqual({ channel: ['gone'], from: 1000, to: 2000, limit: 100 });
    expect(await page.getByRole('combobox', { name: en.anyChannel }).inputValue()).toBe('gone');
  });

  it('asks for all channels that its address names, and says which', async () => {
    const { page, server } = await open('/captures?channel=gone,pmt-4');

    await page.locator('.rows li').first().waitFor();
    expect(server.queries[0]).toEqual({ channel: ['gone', 'pmt-4'], limit: 100 });
    expect(await page.locator('.rows li').count()).toBe(2);
    const chosen = page.getByRole('combobox', { name: en.anyChannel }).locator('option:checked');
    expect(await chosen.textContent()).toMatch(/^\S.* · \S.*$/);
  });

  it('is turned page by page, and back', async () => {
    const many = Array.from({ length: 230 }, (_, i) =>
      captureReply({ id: `c-${i}`, state: 'failed', createdMs: 1000 - i }),
    );
    const { page } = await open('/captures', many);
    const first = () => page.locator('.rows li a').first().getAttribute('href');

    await page.getByRole('link', { name: en.olderCaptures }).click();
    await expect.poll(first).toBe('/captures/c-100');
    await page.getByRole('link', { name: en.olderCaptures }).click();
    await expect.poll(first).toBe('/captures/c-200');
    expect(await page.locator('.rows li').count()).toBe(30);
    expect(await page.getByRole('link', { name: en.olderCaptures }).count()).toBe(0);

    await page.goBack();
    await expect.poll(first).toBe('/captures/c-100');
    await page.getByRole('link', { name: en.newestCaptures }).click();
    await expect.poll(first).toBe('/captures/c-0');
  });

  it('is gone through by keys', async () => {
    const { page } = await open('/captures');
    await page.locator('.rows li a').first().focus();

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');

    await expect.poll(() => new URL(page.url()).pathname).toBe('/captures/c-4');
    await expect.poll(() => page.locator('fen-capture-page .note').textContent()).toContain('limit 12');
  });

  it('says what to do where there are none, and where none fits', async () => {
    const { page } = await open('/captures', []);
    expect(await page.locator('.none h2').textContent()).toBe(en.noCaptures);

    await page.getByRole('searchbox').fill('x');

    await expect.poll(() => page.locator('.none h2').textContent()).toBe(en.noCapturesFound);
  });

  it('keeps what it shows and says so while the server does not answer', async () => {
    const { page, server } = await open('/captures');

    server.failure = new AppError('STORAGE_FAILED', 'the disk is away');

    await expect.poll(() => page.locator('.news').textContent()).toContain('the disk is away');
    expect(await page.locator('.rows li').count()).toBe(LIST.length);
    server.failure = undefined;
    await expect.poll(() => page.locator('.news').textContent()).toBe('');
  });
});

describe('a capture that nobody needs', () => {
  it('is deleted in two steps, by keys alone, and its page gives way to the list', async () => {
    const { page, server } = await open('/captures/c-4');
    const press = async (name: string) => {
      await page.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
    };
    const focused = () =>
      page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at?.textContent?.trim();
      });

    await press(en.deleteCapture);
    await expect.poll(focused).toBe(en.keepCapture);
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe(en.deleteCapture);
    expect(server.list.get('c-4')).toBeDefined();
    server.failure = new AppError('STORAGE_FAILED', 'the disk is away');
    await press(en.deleteCapture);
    await press(en.deleteForGood);
    await expect.poll(() => page.locator('fen-confirm [role=status]').textContent()).toContain('the disk is away');
    server.failure = undefined;
    await press(en.deleteCapture);
    await press(en.deleteForGood);

    await expect.poll(() => new URL(page.url()).pathname).toBe('/captures');
    await expect.poll(() => page.locator('.rows li').count()).toBe(LIST.length - 1);
    expect(server.list.get('c-4')).toBeUndefined();
  });
});

describe('a capture under way', () => {
  it('is stopped on its page', async () => {
    const { page, server } = await open('/captures/c-9', [captureReply({ id: 'c-9', state: 'recording' })]);

    await page.getByRole('button', { name: en.deleteCapture, exact: true }).click();
    expect(await page.getByRole('group', { name: en.stopRecording }).isVisible()).toBe(true);
    await page.getByRole('button', { name: en.deleteForGood, exact: true }).click();

    await expect.poll(() => new URL(page.url()).pathname).toBe('/captures');
    expect(server.list.get('c-9')).toBeUndefined();
  });
});

describe('the pages of captures', () => {
  it.each([
    { path: '/captures', size: {}, theme: 'light', language: 'en' },
    { path: '/captures', size: PHONE, theme: 'dark', language: 'ko' },
    { path: '/captures', size: WALL, theme: 'dark', language: 'en' },
    { path: '/captures/c-4', size: PHONE, theme: 'light', language: 'en' },
    { path: '/captures/none', size: {}, theme: 'dark', language: 'ko' },
  ] as const)('give axe nothing to find and never scroll sideways: $path $theme $language', async (state) => {
    const { page } = await open(state.path, LIST, { ...state.size, theme: state.theme, language: state.language });

    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });
});

async function open(path: string, captures: readonly CaptureReply[] = LIST, more = {}) {
  const server = new CaptureServer(folder.path(), captures);
  const page = await dashboard.open({ scene: 'normal', path, routes: server.routes, ...more });
  return { page, server };
}
