import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { alarmOf } from '../support/alarm-scenes.ts';
import { captureReply, writeCapture } from '../support/capture-files.ts';
import { CaptureServer } from '../support/capture-server.ts';
import { useDashboard } from '../support/dashboard.ts';
import { Folder } from '../support/folder.ts';
import { SCENES } from '../support/scenes.ts';

const dashboard = useDashboard();
const folder = new Folder();

describe('a wall', () => {
  it('takes the size of a wall by itself on a screen of 3840 pixels, and on any by its address', async () => {
    const page = await dashboard.open({ scene: 'normal', width: 3840, height: 2160 });
    const value = 'fen-channel-tile header .value';
    await expect.poll(() => fontPx(page, value)).toBeGreaterThanOrEqual(88);

    await page.setViewportSize({ width: 1920, height: 1080 });
    await expect.poll(() => fontPx(page, value)).toBe(22);

    await page.goto(`${dashboard.hub.url}/?scale=wall`);
    await page.locator(value).first().waitFor();
    await expect.poll(() => fontPx(page, value)).toBeGreaterThanOrEqual(44); // half as many pixels on the same screen
  });

  it.each([
    ['', 87.8],
    ['?diagonal=65&distance=7', 122.9],
    ['?diagonal=98&distance=5', 58.2],
    ['?diagonal=0&distance=x', 87.8],
  ])('writes what is wrong, and values, as large as they must be: %s', async (query, leastPx) => {
    const page = await dashboard.open({ scene: 'abnormal', path: `/${query}`, width: 3840, height: 2160 });
    await page.locator('fen-channel-tile .abnormal .condition').first().waitFor();

    for (const essential of ['.abnormal h2', '.abnormal .condition', '.value']) {
      await expect
        .poll(() => fontPx(page, `fen-channel-tile ${essential}`), { message: essential })
        .toBeGreaterThanOrEqual(leastPx);
    }
    await expect.poll(() => leastFontPx(page)).toBeGreaterThanOrEqual(leastPx / 2);
  });

  it.each([
    ['/', 87.8],
    ['/?diagonal=65&distance=7', 122.9],
    ['/system', 87.8],
  ])('says as large, and whole, that the server is silent: %s', async (path, leastPx) => {
    const page = await dashboard.open({ scene: 'normal', path, width: 3840, height: 2160 });
    dashboard.hub.fallSilent();
    await page.locator('fen-silence-banner .banner').waitFor();

    for (const essential of ['h2', '.time']) {
      await expect
        .poll(() => fontPx(page, `fen-silence-banner ${essential}`), { message: essential })
        .toBeGreaterThanOrEqual(leastPx);
    }
    const cut = await page
      .locator('fen-silence-banner :is(.banner, .words)')
      .evaluateAll((boxes) =>
        boxes.filter((box) => box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth),
      );
    expect(cut).toEqual([]);
    await expect.poll(() => leastFontPx(page)).toBeGreaterThanOrEqual(leastPx / 2);
  });

  it.each(['wordy', 'diagnosed'] as const)(
    'keeps the trend of a tile that alarms as high as it must be: %s',
    async (scene) => {
      const page = await dashboard.open({ scene, width: 3840, height: 2160 });
      const names = SCENES[scene].channels.map(({ name }) => name);
      for (const name of names) dashboard.hub.alarms.change(alarmOf('light-high', name, { version: 2 }));
      const tiles = page.locator('fen-channel-tile article');
      await expect.poll(() => tiles.evaluateAll((all) => all.every((tile) => tile.matches('.alarmed')))).toBe(true);

      const faults = () =>
        tiles.evaluateAll((all) => {
          const root = getComputedStyle(document.documentElement);
          const least = 0.8 * Number.parseFloat(root.getPropertyValue('--essential'));
          return all.flatMap((tile) => {
            const { clientHeight } = tile.querySelector('fen-trend-chart')!;
            const low = clientHeight < least ? [`a trend of ${clientHeight} px`] : [];
            return tile.scrollHeight > tile.clientHeight + 1 ? [...low, `out of its tile: ${tile.textContent}`] : low;
          });
        });
      await expect.poll(faults).toEqual([]);
    },
  );

  it('cuts nothing off beside a trend: what has no room is left out', async () => {
    const page = await dashboard.open({ scene: 'normal', path: '/channels/pmt-2', width: 3840, height: 2160 });

    const places = await figurePlaces(page, 'fen-channel-page');
    expect(places).toHaveLength(22);
    expect(places).not.toContain('cut');
    expect(places.filter((place) => place === 'seen').length).toBeGreaterThan(15);
  });

  it.each(['en', 'ko'] as const)(
    'shows every figure of a recording, and cuts none off beside markers: %s',
    async (language) => {
      const capture = captureReply({ id: 'c-1', samples: 1000 });
      await writeCapture(folder.path(), new Int16Array(1000), capture);
      const { routes } = new CaptureServer(folder.path(), [capture]);
      const open = { scene: 'normal', routes, language, width: 3840, height: 2160 } as const;
      const page = await dashboard.open({ ...open, path: '/captures/c-1' });

      const places = await figurePlaces(page, 'fen-capture-view');
      await page.goto(`${dashboard.hub.url}/captures/c-1?a=1000000100&b=1000000200`);
      const marked = await figurePlaces(page, 'fen-capture-view');

      expect(new Set(places)).toEqual(new Set(['seen']));
      expect(marked.length).toBeGreaterThan(places.length);
      expect(marked).not.toContain('cut');
    },
  );

  it('takes diagonal and distance in the dialog and keeps them', async () => {
    const page = await dashboard.open({ scene: 'one', width: 3840, height: 2160 });
    await page.keyboard.press('?');

    await page.getByRole('spinbutton', { name: 'Seen from' }).fill('3');
    await page.getByRole('spinbutton', { name: 'Diagonal' }).fill('999');
    await page.keyboard.press('Escape');
    await page.reload();

    await expect.poll(() => fontPx(page, 'fen-channel-tile .value')).toBeCloseTo(87.8 * (3 / 5) * 1.05, 0);
  });

  it('shows as many channels as can be read, what is wrong among them, and the others in turns', async () => {
    const page = await dashboard.open({ scene: 'crowd', width: 3840, height: 2160 });
    const labels = () => page.locator('fen-channel-tile h2').allInnerTexts();
    await expect.poll(async () => (await labels())[0]).toBe('Ash 3 · PMT');

    const seen = new Set<string>();
    await expect
      .poll(
        async () => {
          const shown = await labels();
          for (const label of shown) seen.add(label);
          return shown.length === 9 && shown[0] === 'Ash 3 · PMT' ? seen.size : 'another board';
        },
        { timeout: 45_000, interval: 1000 },
      )
      .toBe(21);
    expect(await page.getByText(/board \d of 3/).count()).toBe(1);
    const fits = await page
      .locator('.tiles')
      .evaluate(({ scrollHeight, clientHeight }) => scrollHeight <= clientHeight);
    expect(fits).toBe(true);
  });
});

function fontPx(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
}

/** What becomes of each figure in the panels beside a picture. */
async function figurePlaces(page: Page, owner: string): Promise<string[]> {
  const rows = page.locator(`${owner} aside dl > div:visible`);
  await rows.first().waitFor();
  return rows.evaluateAll((divs) =>
    divs.map((div) => {
      const { left, right, bottom } = div.getBoundingClientRect();
      const aside = (div.getRootNode() as ShadowRoot).host.parentElement!.getBoundingClientRect();
      if (left >= aside.right) return 'left out';
      return right <= aside.right && bottom <= aside.bottom ? 'seen' : 'cut';
    }),
  );
}

/** The smallest type of anything that can be read on the page. */
function leastFontPx(page: Page): Promise<number> {
  return page.locator('fen-app *:visible').evaluateAll((elements) =>
    Math.min(
      ...elements
        .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
        .filter((element) => element.isConnected) // not what a new picture took the place of since
        .filter((element) => element.localName !== 'style' && !element.closest('.unseen'))
        .map((element) => {
          // The digit of an alarm's symbol is as large as that is drawn.
          const scale = element instanceof SVGTextElement ? (element.getScreenCTM()?.a ?? 1) : 1;
          return scale * Number.parseFloat(getComputedStyle(element).fontSize);
        }),
    ),
  );
}
