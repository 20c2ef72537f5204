import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { FenTrendChart } from '../../client/charts/fen-trend-chart.ts';
import type { FenChannelTile } from '../../client/components/fen-channel-tile.ts';
import type { FenTimePanes } from '../../client/components/fen-time-panes.ts';
import { en } from '../../client/locale/en.ts';
import { captureReply, writeCapture } from '../support/capture-files.ts';
import { CaptureServer } from '../support/capture-server.ts';
import { useDashboard } from '../support/dashboard.ts';
import { Folder } from '../support/folder.ts';

const dashboard = useDashboard();
const folder = new Folder();

describe('a capture asked for by hand', () => {
  it('is asked for by the button of a channel’s page, and its notice leads to it and goes', async () => {
    const capture = captureReply({ id: 'c-new', samples: 50_000 });
    await writeCapture(folder.path(), new Int16Array(50_000), capture);
    const server = new CaptureServer(folder.path(), [capture]);
    server.answer = { ...capture, state: 'recording' };
    const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2', routes: server.routes });

    await page.getByRole('button', { name: en.captureNow }).first().click();
    await page.getByRole('link', { name: en.openCapture }).click();

    await page.locator('fen-wave-chart').waitFor();
    expect(await page.locator('fen-capture-notice .news').count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe('/captures/c-new');
    expect(server.asked).toEqual([{ channel: 'pmt-2' }]);
  });

  it.each([
    ['a mouse', false],
    ['a finger', true],
  ])('is asked for by a button on each tile, by %s, and the tile stays what it was', async (_, isPhone) => {
    const server = new CaptureServer(folder.path(), []);
    server.answer = captureReply({ id: 'c-new', state: 'recording' });
    const page = await dashboard.open({ scene: 'normal', routes: server.routes, isPhone });
    const tiles = page.locator('fen-channel-tile');
    const opacities = () =>
      tiles.locator('fen-capture-button').evaluateAll((all) => all.map((button) => getComputedStyle(button).opacity));
    const [seen, unseen] = isPhone ? ['1', '1'] : ['1', '0'];
    expect(new Set(await opacities())).toEqual(new Set([unseen]));

    const tile = tiles.nth(1);
    const label = await tile.locator('h2').textContent();
    await tile[isPhone ? 'tap' : 'hover']({ trial: isPhone });
    expect((await opacities())[1]).toBe(seen);
    await page.getByRole('button', { name: `${en.captureNow}: ${label}`, exact: true })[isPhone ? 'tap' : 'click']();

    await expect.poll(() => server.asked).toEqual([{ channel: await channelOf(tile) }]);
    expect(new URL(page.url()).pathname).toBe('/');
  });

  it('is of what is chosen on the trend, where that is still kept, until Escape', async () => {
    const server = new CaptureServer(folder.path(), []);
    server.answer = captureReply({ id: 'c-new', state: 'recording' });
    const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2', routes: server.routes });
    const chart = page.locator('fen-time-panes fen-trend-chart');
    await chart.locator('canvas').waitFor();
    const { x, y, height } = (await chart.boundingBox())!;
    const { left, width } = await chart.evaluate((element) => (element as FenTrendChart).plane!);
    const choose = async (from: number, to: number) => {
      await page.keyboard.down('Shift');
      await page.mouse.move(x + left + width * from, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + left + width * to, y + height / 2, { steps: 4 });
      await page.mouse.up();
      await page.keyboard.up('Shift');
    };
    const button = page.getByRole('button', { name: en.captureRange });

    await choose(0.2, 0.4); // of a minute, of which the last 3 s are kept
    await expect.poll(() => button.isDisabled()).toBe(true);
    expect(await page.locator('fen-capture-button small').textContent()).toBe(en.captureRangeGone('3\u202fs'));
    await choose(0.97, 0.99);
    await button.click();
    await expect.poll(() => server.asked.length).toBe(1);
    const { selected, range } = await page.locator('fen-time-panes').evaluate((panes) => {
      const { looking } = panes as FenTimePanes;
      return { selected: looking.value.selected!, range: looking.range! };
    });
    expect(server.asked).toEqual([{ channel: 'pmt-2', ...selected }]);
    const share = (selected.toMs - selected.fromMs) / (range.toMs - range.fromMs);
    expect(share).toBeGreaterThan(0.019); // and what the trend has gone on during the drag
    expect(share).toBeLessThan(0.1);
    expect(
      await page.locator('fen-time-panes').evaluate((panes) => (panes as FenTimePanes).looking.value.view.kind),
    ).toBe('live');

    await page.locator('fen-time-panes .panes').focus();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: en.captureNow }).waitFor();
  });

  it('is of what the cursor goes over from A to B, by keys alone', async () => {
    const server = new CaptureServer(folder.path(), []);
    server.answer = captureReply({ id: 'c-new', state: 'recording' });
    const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2', routes: server.routes });
    const looking = () =>
      page.locator('fen-time-panes').evaluate((panes) => {
        const { cursorMs, selected } = (panes as FenTimePanes).looking.value;
        return { cursorMs, selected };
      });
    await page.locator('fen-time-panes canvas').first().waitFor();
    await page.locator('fen-time-panes .panes').focus();
    const move = async (key: 'ArrowLeft' | 'ArrowRight', times: number) => {
      for (let i = 0; i < times; i++) await page.keyboard.press(`Shift+${key}`);
    };

    await move('ArrowRight', 30);
    await page.keyboard.press('a');
    const { cursorMs: toMs, selected: none } = await looking();
    await move('ArrowLeft', 5);
    const { cursorMs: fromMs, selected } = await looking();
    await page.keyboard.press('b');
    await move('ArrowLeft', 5);

    expect(none).toBeUndefined();
    expect(selected).toEqual({ fromMs, toMs });
    expect((await looking()).selected).toEqual(selected);
    await page.keyboard.press('c');
    await expect.poll(() => server.asked).toEqual([{ channel: 'pmt-2', fromMs, toMs }]);
    await page.keyboard.press('Escape');
    expect(await looking()).toEqual({});

    await page.keyboard.press('a'); // in the middle; then a mouse points
    const { x, y, width, height } = (await page.locator('fen-time-panes').boundingBox())!;
    await page.mouse.move(x + width * 0.8, y + height / 2);
    await page.keyboard.press('b');
    const byMouse = await looking();
    expect(byMouse.selected!.toMs).toBe(byMouse.cursorMs);

    await page.keyboard.press('a');
    await page.keyboard.press(']'); // another channel, of which nothing is marked
    await page.getByRole('heading', { name: 'Etch 2' }).waitFor();
    await page.locator('fen-time-panes canvas').first().waitFor();
    await page.locator('fen-time-panes .panes').focus();
    await move('ArrowRight', 2);
    expect((await looking()).selected).toBeUndefined();
    expect((await looking()).cursorMs).toBeGreaterThan(0);
  });

  it('is not of a choice that has left the picture', async () => {
    const server = new CaptureServer(folder.path(), []);
    server.answer = captureReply({ id: 'c-new', state: 'recording' });
    const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2', routes: server.routes });
    const panes = page.locator('fen-time-panes');
    await panes.locator('canvas').first().waitFor();
    await panes.evaluate((element) => {
      const { looking } = element as FenTimePanes;
      const { fromMs } = looking.range!;
      looking.anchor(fromMs + 1000);
      looking.selectTo(fromMs + 5000);
    });
    await page.getByRole('button', { name: en.captureRange }).waitFor();

    await panes.evaluate((element) => (element as FenTimePanes).looking.showSpan(10_000));

    await page.getByRole('button', { name: en.captureNow }).click();
    await expect.poll(() => server.asked).toEqual([{ channel: 'pmt-2' }]);
  });

  it('is asked for of each channel that is compared', async () => {
    const server = new CaptureServer(folder.path(), []);
    server.answer = captureReply({ id: 'c-new', state: 'recording' });
    const path = '/channels/pmt-2?with=pmt-1';
    const page = await dashboard.open({ scene: 'normal', path, routes: server.routes });
    const buttons = page.locator('fen-readout').getByRole('button', { name: en.captureNow });

    await expect.poll(() => buttons.count()).toBe(2);
    await buttons.nth(1).click();

    await expect.poll(() => server.asked).toEqual([{ channel: 'pmt-1' }]);
  });

  it('is reached on a tile by Tab, and by nobody on a wall', async () => {
    const server = new CaptureServer(folder.path(), []);
    server.answer = captureReply({ id: 'c-new', state: 'recording' });
    const page = await dashboard.open({ scene: 'normal', routes: server.routes });
    const tile = page.locator('fen-channel-tile').first();

    await tile.locator('a').focus();
    await page.keyboard.press('Tab');
    expect(await tile.locator('fen-capture-button').evaluate((button) => getComputedStyle(button).opacity)).toBe('1');
    await page.keyboard.press('Enter');
    await expect.poll(() => server.asked).toEqual([{ channel: await channelOf(tile) }]);

    await page.evaluate(() => document.documentElement.setAttribute('data-scale', 'wall'));
    await expect.poll(() => page.locator('fen-channel-tile fen-capture-button:visible').count()).toBe(0);
  });

  it('is offered of the past as far as raw samples are kept, and says how far that is', async () => {
    const server = new CaptureServer(folder.path(), []);
    server.answer = captureReply({ id: 'c-new', state: 'recording' });
    const range = { fromMs: Date.now() - 3_660_000, toMs: Date.now() - 3_600_000 };
    const path = `/channels/pmt-2?from=${range.fromMs}&to=${range.toMs}`;
    const page = await dashboard.open({ scene: 'normal', path, routes: server.routes });
    const button = page.getByRole('button', { name: en.captureRange });

    await expect.poll(() => button.isDisabled()).toBe(true);
    expect(await page.locator('fen-capture-button small').textContent()).toBe(en.captureRangeGone('3\u202fs'));
    const rings = [{ channel: 'pmt-2', bytes: 1, seconds: 7200 }];
    await page.route('**/api/system', (route) => route.fulfill({ json: { recording: { rings } } }));
    await page.reload();
    await button.click();

    await expect.poll(() => server.asked).toEqual([{ channel: 'pmt-2', ...range }]);
    expect(await page.locator('fen-capture-button small').count()).toBe(0);
  });

  it('by a key is of the past that is shown, and says it where that is no longer kept', async () => {
    const server = new CaptureServer(folder.path(), []);
    server.answer = captureReply({ id: 'c-no', state: 'refused', note: 'the last 3.4 s are kept' });
    const range = { fromMs: Date.now() - 3_660_000, toMs: Date.now() - 3_600_000 };
    const path = `/channels/pmt-2?from=${range.fromMs}&to=${range.toMs}`;
    const page = await dashboard.open({ scene: 'normal', path, routes: server.routes });

    await page.keyboard.press('c');
    await expect.poll(() => page.locator('fen-capture-notice .news').textContent()).toContain('the last 3.4 s');
    await page.keyboard.press('Space'); // and live again
    await page.getByRole('button', { name: en.captureNow }).waitFor();
    await page.keyboard.press('c');

    await expect.poll(() => server.asked).toEqual([{ channel: 'pmt-2', ...range }, { channel: 'pmt-2' }]);
  });

  it('stands below a long name on a phone, which is not broken for it', async () => {
    const phone = { width: 390, height: 844 };
    const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2', ...phone });

    const heading = await page.locator('fen-channel-page h1').boundingBox();
    const button = await page.getByRole('button', { name: en.captureNow }).boundingBox();

    expect(button!.y).toBeGreaterThanOrEqual(heading!.y + heading!.height);
    expect(heading!.width).toBeGreaterThan(0.9 * (phone.width - 2 * heading!.x));
    expect(await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth)).toBe(0);
  });

  it('by a key says why it was refused, until that was read', async () => {
    const server = new CaptureServer(folder.path(), []);
    server.answer = captureReply({ id: 'c-no', state: 'refused', note: '60 within the hour, limit 60' });
    const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2', routes: server.routes });

    await page.keyboard.press('c');

    const notice = page.locator('fen-capture-notice .news');
    await expect.poll(() => notice.textContent()).toContain('60 within the hour, limit 60');
    expect(await notice.getByRole('link').count()).toBe(0);
    await notice.getByRole('button', { name: en.close }).click();
    await expect.poll(() => notice.count()).toBe(0);
  });
});

function channelOf(tile: Locator): Promise<string> {
  return tile.evaluate((element) => (element as FenChannelTile).channel.name);
}
