import { expect, it } from 'vitest';
import type { FenTimePanes } from '../../client/components/fen-time-panes.ts';
import { en } from '../../client/locale/en.ts';
import type { FenWaveChart } from '../../client/waveform/fen-wave-chart.ts';
import { captureReply, writeCapture } from '../support/capture-files.ts';
import { CaptureServer } from '../support/capture-server.ts';
import { useDashboard } from '../support/dashboard.ts';
import { Folder } from '../support/folder.ts';
import { holdAndDrag, pinch } from '../support/touch.ts';

// What fingers do on a phone, where there is no pointer to hover with and no Shift, and on a trackpad.

const dashboard = useDashboard();
const folder = new Folder();

const SAMPLES = 400_000;
const SAW = Int16Array.from({ length: SAMPLES }, (_, i) => (2 * i) % 30_000);

it('two fingers make less and more time of a channel seen, and its buttons are seen with the trend', async () => {
  const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2', isPhone: true });
  await page.locator('fen-time-panes canvas').first().waitFor();
  const span = () =>
    page.locator('fen-time-panes').evaluate((panes) => {
      const { range } = (panes as FenTimePanes).looking;
      return range ? range.toMs - range.fromMs : 0;
    });
  const { height } = page.viewportSize()!;
  for (const name of [en.earlier, en.zoomIn]) {
    const box = (await page.getByRole('button', { name, exact: true }).boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(height);
  }
  const before = await span();

  await pinch(page, 'fen-time-panes', { from: 40, to: 160 });
  await expect.poll(span).toBeLessThan(before / 2);

  const near = await span();
  await pinch(page, 'fen-time-panes', { from: 160, to: 80 });
  await expect.poll(span).toBeGreaterThan(near * 1.5);
});

it('two fingers on a trackpad zoom the time as far as they go apart, and not the page', async () => {
  const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2' });
  await page.locator('fen-time-panes canvas').first().waitFor();
  const span = () =>
    page.locator('fen-time-panes').evaluate((panes) => {
      const { range } = (panes as FenTimePanes).looking;
      return range ? range.toMs - range.fromMs : 0;
    });
  const before = { span: await span(), scale: await page.evaluate(() => [devicePixelRatio, visualViewport!.scale]) };
  await page.locator('fen-time-panes').hover();

  await page.keyboard.down('Control');
  for (let i = 0; i < 20; i++) await page.mouse.wheel(0, -5);
  await page.keyboard.up('Control');

  await expect.poll(async () => (await span()) / before.span).toBeCloseTo(Math.exp(-1), 2);
  expect(await page.evaluate(() => [devicePixelRatio, visualViewport!.scale])).toEqual(before.scale);
});

it('a finger that lies still and then moves chooses a part of a trend to capture, and a tap clears it', async () => {
  const server = new CaptureServer(folder.path(), []);
  server.answer = captureReply({ id: 'c-new', state: 'recording' });
  const path = '/channels/pmt-2';
  const page = await dashboard.open({ scene: 'normal', path, routes: server.routes, isPhone: true });
  const chart = page.locator('fen-time-panes canvas').first();
  await chart.waitFor();
  const looking = () =>
    page.locator('fen-time-panes').evaluate((panes) => {
      const { range, value } = (panes as FenTimePanes).looking;
      return { spanMs: range!.toMs - range!.fromMs, view: value.view.kind, selected: value.selected };
    });
  const { spanMs } = await looking();

  await holdAndDrag(page, 'fen-time-panes', { from: 0.99, to: 0.6 });
  const { view, selected } = await looking();
  expect(view).toBe('live'); // it has not been moved
  expect((selected!.toMs - selected!.fromMs) / spanMs).toBeGreaterThan(0.3);
  expect((selected!.toMs - selected!.fromMs) / spanMs).toBeLessThan(0.6);

  await page.getByRole('button', { name: en.captureRange }).tap();
  await expect.poll(() => server.asked).toEqual([{ channel: 'pmt-2', ...selected }]);

  const { x, y, width, height } = (await chart.boundingBox())!;
  await page.touchscreen.tap(x + width / 2, y + height / 2);
  await expect.poll(async () => (await looking()).selected).toBeUndefined();
  await page.getByRole('button', { name: en.captureNow }).waitFor();
});

it('two fingers zoom a capture, a tap stays where it was for A and B, and the address holds it all', async () => {
  const capture = captureReply({ id: 'c-saw', samples: SAMPLES });
  await writeCapture(folder.path(), SAW, capture);
  const server = new CaptureServer(folder.path(), [capture]);
  const page = await dashboard.open({
    scene: 'normal',
    path: '/captures/c-saw',
    routes: server.routes,
    isPhone: true,
  });
  const chart = page.locator('fen-wave-chart canvas');
  await chart.waitFor();
  await expect.poll(() => page.locator('.hint').innerText()).toBe(en.touchHint);

  await pinch(page, 'fen-wave-chart', { from: 40, to: 160 });
  for (const [marker, share] of [
    ['A', 0.4],
    ['B', 0.8],
  ] as const) {
    const { x, y, width, height } = (await chart.boundingBox())!;
    await page.touchscreen.tap(x + width * share, y + height / 2);
    await page.getByRole('button', { name: en.markHere(marker), exact: true }).tap();
  }

  await expect.poll(() => new URL(page.url()).searchParams.get('b')).not.toBeNull();
  const [from, to, a, b] = ['from', 'to', 'a', 'b'].map((key) => Number(new URL(page.url()).searchParams.get(key)));
  expect(to - from).toBeLessThan(SAMPLES / 2);
  expect(from < a && a < b && b < to).toBe(true);
  expect((b - a) / (to - from)).toBeGreaterThan(0.3); // not both in the middle

  await page.reload();

  await expect.poll(() => page.locator('fen-figures small').nth(1).textContent()).toBe(en.betweenMarkers);
  await page.getByRole('button', { name: en.clearMarkers }).tap();
  await page.getByRole('button', { name: en.wholeCapture, exact: true }).tap();
  await expect.poll(() => new URL(page.url()).search).toBe('');
});

it('a finger that lies still and then moves selects in a capture, and one near a marker moves it', async () => {
  const capture = captureReply({ id: 'c-saw', samples: SAMPLES });
  await writeCapture(folder.path(), SAW, capture);
  const server = new CaptureServer(folder.path(), [capture]);
  const page = await dashboard.open({ scene: 'normal', path: '/captures/c-saw', routes: server.routes, isPhone: true });
  await page.locator('fen-wave-chart canvas').waitFor();
  const markers = () => page.locator('fen-wave-chart').evaluate((chart) => (chart as FenWaveChart).markers);

  await holdAndDrag(page, 'fen-wave-chart', { from: 0.4, to: 0.7 });
  const { a, b } = await markers();
  await holdAndDrag(page, 'fen-wave-chart', { from: 0.75, to: 0.9 });

  const moved = await markers();
  expect((b! - a!) / SAMPLES).toBeGreaterThan(0.25);
  expect([moved.a, moved.b! > b!]).toEqual([a, true]);
  expect(new URL(page.url()).searchParams.has('from')).toBe(false); // the view stayed
});
