import { describe, expect, it } from 'vitest';
import { en } from '../../client/locale/en.ts';
import { captureReply, writeCapture } from '../support/capture-files.ts';
import { CaptureServer } from '../support/capture-server.ts';
import { useDashboard } from '../support/dashboard.ts';
import { Folder } from '../support/folder.ts';

const dashboard = useDashboard();
const folder = new Folder();

describe('a capture asked for by hand', () => {
  it('is asked for by the button of a channel’s page, and its notice leads to it', async () => {
    const capture = captureReply({ id: 'c-new', samples: 50_000 });
    await writeCapture(folder.path(), new Int16Array(50_000), capture);
    const server = new CaptureServer(folder.path(), [capture]);
    server.answer = { ...capture, state: 'recording' };
    const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2', routes: server.routes });

    await page.getByRole('button', { name: en.captureNow }).first().click();
    await page.getByRole('link', { name: en.openCapture }).click();

    await page.locator('fen-wave-chart').waitFor();
    expect(new URL(page.url()).pathname).toBe('/captures/c-new');
    expect(server.asked).toEqual([{ channel: 'pmt-2' }]);
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
