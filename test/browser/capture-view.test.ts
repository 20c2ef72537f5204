import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { en } from '../../client/locale/en.ts';
import { toPlainText } from '../../client/locale/plain-text.ts';
import { TEXTS } from '../../client/locale/texts.ts';
import type { FenWaveChart } from '../../client/waveform/fen-wave-chart.ts';
import type { CaptureReply } from '../../server/wire/captures.ts';
import { RowFlag } from '../../server/wire/row-flag.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { captureReply, segmentsWithGaps, writeCapture } from '../support/capture-files.ts';
import { figures, pointAt, untilDrawn } from '../support/capture-page.ts';
import { CaptureServer } from '../support/capture-server.ts';
import { useDashboard } from '../support/dashboard.ts';
import { Folder } from '../support/folder.ts';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';

const dashboard = useDashboard();
const folder = new Folder();

const SAMPLES = 400_000;
// Twice the index, in a saw: each value tells where it is.
const SAW = Int16Array.from({ length: SAMPLES }, (_, i) => (2 * i) % 30_000);

describe('the viewer of a capture', () => {
  it('goes by keys from all of it to single samples, whose values are those of the file', async () => {
    const { page, capture } = await openSaw();
    const chart = page.locator('fen-wave-chart canvas');
    await chart.focus();

    for (let i = 0; i < 28; i++) await page.keyboard.press('+');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'a', 'ArrowRight', 'ArrowRight', 'b'])
      await page.keyboard.press(key);

    const at = capture.triggerSample + 3;
    await expect
      .poll(() => page.locator('.places span').first().textContent())
      .toBe(`sample ${(at + 2).toLocaleString('en')}`);
    await expect.poll(() => page.locator('.value b').textContent()).toBe((SAW[SAMPLES / 2 + 5] * 1e-5).toFixed(5));
    await expect
      .poll(() => figures(page, 0))
      .toMatchObject({
        A: `0.300 µs · ${(SAW[SAMPLES / 2 + 3] * 1e-5).toFixed(5)} V`,
        'Time B − A': '0.200 µs',
        '1/Δt': '5.000 MHz',
        'Value B − A': '40.0000 µV',
      });
    await expect.poll(() => figures(page, 1)).toMatchObject({ Samples: '3', Length: '0.3 µs' });
    expect(await page.locator('.places').textContent()).toMatch(
      /2026-11-21 14:07:32\.\d{6} GMT\+9.*2026-11-21 05:07:32\.\d{6} UTC/,
    );
  });

  it('selects the samples under both markers, of millions of which it counts every clipped one', async () => {
    const capture = captureReply({ id: 'c-clipped', samples: 3_000_000, scale: 1e-3 });
    const samples = new Int16Array(3_000_000).fill(-874);
    samples.fill(32_767, 1_700_000, 1_701_000);
    await writeCapture(folder.path(), samples, capture);
    const { routes } = new CaptureServer(folder.path(), [capture]);
    const query = `?a=${capture.from}&b=${capture.from + 1_700_000}`;
    const page = await dashboard.open({ scene: 'normal', path: `/captures/c-clipped${query}`, routes });
    await untilDrawn(page);

    const marked = { Samples: '1,700,001', Maximum: '32.7670 V', 'Clipped samples': '1' };
    await expect.poll(() => figures(page, 1)).toMatchObject(marked);
    await expect.poll(async () => (await figures(page, 0)).B).toContain('32.7670 V');
    await page.getByRole('button', { name: en.clearMarkers }).click();
    await expect.poll(() => figures(page, 1)).toMatchObject({ Samples: '3,000,000', 'Clipped samples': '1,000' });
  });

  it('zooms by the wheel, moves by a drag, and selects with Shift', async () => {
    const { page } = await openSaw();
    const box = (await page.locator('fen-wave-chart canvas').boundingBox())!;
    const [x, y] = [box.x + box.width * 0.6, box.y + box.height / 2];
    const shown = async () => (await figures(page, 1)).Samples;
    await expect.poll(shown).toBe('400,000');

    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -1000);
    await expect.poll(shown).not.toBe('400,000');
    const before = await pointed(page);
    await page.mouse.down();
    await page.mouse.move(x - 100, y, { steps: 5 });
    await page.mouse.up();
    expect(Math.abs((await pointed(page)) - before)).toBeLessThan(200); // it went with the hand, of which a pixel is 50 samples

    await page.keyboard.down('Shift');
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 50, y, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up('Shift');

    await expect.poll(() => page.locator('fen-figures small').nth(1).textContent()).toBe(en.betweenMarkers);
    await page.getByRole('button', { name: en.clearMarkers }).click();
    await expect.poll(() => page.locator('fen-figures small').nth(1).textContent()).toBe(en.whatIsShown);
  });

  it('wastes no room above the picture on a phone, which stays where it is while it is read', async () => {
    const { page } = await openSaw({ isPhone: true });
    const chart = page.locator('fen-wave-chart canvas');
    const view = (await page.locator('.view').boundingBox())!;
    const before = (await chart.boundingBox())!;

    await chart.tap();
    await page.locator('.readout .places').waitFor();

    expect(await chart.boundingBox()).toEqual(before);
    expect(before.y - view.y).toBeLessThan(90); // a row of buttons
    const readout = (await page.locator('.readout').boundingBox())!;
    expect(readout.y + readout.height).toBeLessThanOrEqual(844); // seen with the picture
  });

  it('says what the device said of the samples under the cursor, and of all', async () => {
    const capture = captureReply({ id: 'c-said', samples: SAMPLES });
    const said = (start: number, flags: number) =>
      ({ 'core:sample_start': start, 'core:sample_count': 1000, 'fenestra:flags': flags }) as const;
    await writeCapture(folder.path(), SAW, capture, [said(1000, RowFlag.OverRange), said(9000, RowFlag.Invalid)]);
    const { routes } = new CaptureServer(folder.path(), [capture]);
    const page = await dashboard.open({ scene: 'normal', path: '/captures/c-said', routes });
    await untilDrawn(page);

    await expect.poll(async () => (await figures(page, 2))[en.deviceSaid]).toBe('over range, invalid');
    await pointAt(page, capture.from + 1500);
    await expect.poll(() => page.locator('.places b').textContent()).toBe('Device flags: over range');
    await pointAt(page, capture.from + 5000);
    await expect.poll(() => page.locator('.places b').count()).toBe(0);
  });

  it('goes back and forward through the views that rested, with the markers set in each', async () => {
    const { page } = await openSaw();
    const query = () => new URL(page.url()).search;
    const view = () => page.locator('fen-wave-chart').evaluate((chart) => (chart as FenWaveChart).view.from);
    const entries = await page.evaluate(() => history.length);
    await page.locator('fen-wave-chart canvas').focus();
    for (const key of ['+', '+', '+', '+']) await page.keyboard.press(key);
    await expect.poll(query).toContain('from=');
    await page.keyboard.press('a');
    await expect.poll(query).toContain('a=');
    const near = { query: query(), from: await view() };
    await page.keyboard.press('PageDown');
    await expect.poll(query).not.toBe(near.query);
    expect(await page.evaluate(() => history.length)).toBe(entries + 2);

    await page.goBack();
    await expect.poll(async () => Math.abs((await view()) - near.from)).toBeLessThan(1);
    expect(query()).toBe(near.query);
    await page.goBack();
    await expect.poll(() => figures(page, 1)).toMatchObject({ Samples: '400,000' });
    await page.goForward();

    await expect.poll(async () => Math.abs((await view()) - near.from)).toBeLessThan(1);
    await expect.poll(async () => (await figures(page, 0)).A).toContain('µs');
  });

  it('says so while the server gives nothing, and goes on once it does', async () => {
    const capture = captureReply({ id: 'c-saw', samples: SAMPLES });
    const server = new CaptureServer(folder.path(), [capture]); // whose files are not there yet
    const page = await dashboard.open({ scene: 'normal', path: '/captures/c-saw', routes: server.routes });
    await expect.poll(() => page.locator('fen-capture-view .news').textContent()).toContain('404');

    await writeCapture(folder.path(), SAW, capture);

    await untilDrawn(page);
    await expect.poll(() => page.locator('fen-capture-view .news').textContent()).toBe('');
    await expect.poll(() => figures(page, 1)).toMatchObject({ Samples: '400,000' });
  });

  it.each([
    { theme: 'light', language: 'en', width: 1920, height: 1080 },
    { theme: 'dark', language: 'ko', width: 390, height: 844 },
    { theme: 'light', language: 'ko', width: 3840, height: 2160 },
  ] as const)('gives axe nothing to find and never scrolls sideways: $theme $language $width', async (look) => {
    const { page } = await openSaw(look);
    await page.locator('fen-spectrum-chart').waitFor();

    expect(await page.getByRole('group', { name: TEXTS[look.language].save }).getByRole('link').count()).toBe(3);
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth)).toBe(0);
    expect(dashboard.complaints).toEqual([]);
  });
});

it('shows script in any name, unit, comment, cause or note as text', async () => {
  const captures = HOSTILE_TEXTS.map((text, i) => hostile(text, `h-${i}`));
  for (const capture of captures)
    if (capture.state === 'ready') await writeCapture(folder.path(), SAW.subarray(0, 1000), capture);
  const server = new CaptureServer(folder.path(), captures);
  server.answer = { ...captures[1], state: 'refused', note: HOSTILE_TEXTS[2] };
  const page = await dashboard.open({ scene: 'normal', path: '/captures', routes: server.routes });
  await page.evaluate(() =>
    Object.assign(window, { hits: 0, hit: () => (window as unknown as { hits: number }).hits++ }),
  );
  await page
    .locator('.rows li')
    .nth(captures.length - 1)
    .waitFor();
  const list = (await page.locator('.rows li').allTextContents()).join('\n');
  let seen = 0;
  let drawn = 0;

  for (const [i, { id, state }] of captures.entries()) {
    await page.evaluate((path) => {
      const link = document.createElement('a');
      link.href = path;
      document.querySelector('fen-app')!.shadowRoot!.querySelector('main')!.append(link);
      link.click();
      link.remove();
    }, `/captures/${id}`);
    const shown = toPlainText(HOSTILE_TEXTS[i]);
    await expect
      .poll(() => page.locator('fen-capture-page h1').textContent(), { message: HOSTILE_TEXTS[i] })
      .toBe(shown);
    await expect
      .poll(() => page.locator('fen-capture-page .note').textContent(), { message: HOSTILE_TEXTS[i] })
      .toContain(shown);
    if (state === 'ready') {
      await page.locator('fen-capture-view fen-wave-chart canvas').waitFor();
      await untilDrawn(page);
      drawn++;
    }
    if (list.includes(shown)) seen++;
  }
  await page.locator('fen-app').getByRole('link', { name: en.controlRoom, exact: true }).click();
  await page.locator('fen-channel-tile a').first().focus();
  await page.keyboard.press('c');
  await page.locator('fen-capture-notice .news').waitFor();

  const hits = await page.evaluate(() => (window as unknown as { hits: number }).hits);
  expect({ hits, complaints: dashboard.complaints, seen, drawn }).toEqual({
    hits: 0,
    complaints: [],
    seen: HOSTILE_TEXTS.length,
    drawn: captures.filter(({ state }) => state === 'ready').length,
  });
  expect(drawn).toBeGreaterThan(0);
  console.log(`${HOSTILE_TEXTS.length} hostile texts in eight fields of as many captures: ${hits} ran, 0 reports`);
});

async function openSaw(look = {}) {
  const segments = segmentsWithGaps([SAMPLES], {
    index: 1e9,
    gap: 0,
    rateHz: 1e7,
    timeMs: Date.UTC(2026, 10, 21, 5, 7, 32),
  });
  const capture = captureReply({ id: 'c-saw', samples: SAMPLES, segments });
  await writeCapture(folder.path(), SAW, capture);
  const server = new CaptureServer(folder.path(), [capture]);
  const page = await dashboard.open({ scene: 'normal', path: '/captures/c-saw', routes: server.routes, ...look });
  await page.locator('fen-wave-chart canvas').waitFor();
  return { page, server, capture };
}

/** The sample under the pointer. */
async function pointed(page: Page): Promise<number> {
  const words = await page.locator('.places span').first().textContent();
  return Number(words?.replace(/\D/g, ''));
}

function hostile(text: string, id: string): CaptureReply {
  const isReady = Number(id.slice(2)) % 4 === 0;
  return captureReply({
    id,
    ...(isReady ? { samples: 1000 } : { state: 'failed' }),
    channel: text,
    label: text,
    stream: text,
    unit: text,
    note: text,
    datatype: isReady ? 'ri16_le' : text,
    sha512: text,
    cause: { kind: 'person', comment: text },
  });
}
