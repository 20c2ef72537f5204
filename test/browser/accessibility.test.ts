import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { en } from '../../client/locale/en.ts';
import { axeFindings } from '../support/axe-findings.ts';
import { type DashboardOptions, useDashboard } from '../support/dashboard.ts';
import { overflow } from '../support/overflow.ts';

const dashboard = useDashboard();

const PHONE = { width: 390, height: 844 };
const LEAST = { width: 320, height: 640 };
const WALL = { width: 3840, height: 2160 };

// Every state, and with each page each theme, language and size at least once.
const STATES: readonly DashboardOptions[] = [
  { scene: 'empty' },
  { scene: 'normal' },
  { scene: 'normal', theme: 'dark', language: 'ko' },
  { scene: 'normal', theme: 'dark', ...WALL },
  { scene: 'normal', path: '/?distance=50', ...WALL },
  { scene: 'crowd', language: 'ko', ...WALL },
  { scene: 'long', ...WALL },
  { scene: 'abnormal', path: '/channels/high', ...WALL },
  { scene: 'abnormal', path: '/system', ...WALL },
  { scene: 'abnormal' },
  { scene: 'abnormal', theme: 'dark', language: 'ko', ...PHONE },
  { scene: 'many', theme: 'dark' },
  { scene: 'extreme' },
  { scene: 'extreme', ...PHONE },
  { scene: 'extreme', theme: 'dark', ...WALL },
  { scene: 'connecting' },
  { scene: 'connecting', path: '/channels/nobody', language: 'ko', ...PHONE },
  { scene: 'long', language: 'ko' },
  { scene: 'long', ...PHONE },
  { scene: 'long', ...LEAST },
  { scene: 'abnormal', language: 'ko', ...LEAST },
  { scene: 'abnormal', path: '/channels/high', ...LEAST },
  { scene: 'abnormal', path: '/system', ...LEAST },
  { scene: 'normal', path: '/channels/pmt-2' },
  { scene: 'abnormal', path: '/channels/silent', theme: 'dark', language: 'ko' },
  { scene: 'abnormal', path: '/channels/gap', ...PHONE },
  { scene: 'empty', path: '/channels/nobody' },
  { scene: 'diagnosed' },
  { scene: 'diagnosed', theme: 'dark', language: 'ko', ...PHONE },
  { scene: 'diagnosed', language: 'ko', ...LEAST },
  { scene: 'diagnosed', ...WALL },
  { scene: 'diagnosed', path: '/channels/b', theme: 'dark' },
  { scene: 'diagnosed', path: '/channels/g', language: 'ko', ...LEAST },
  { scene: 'diagnosed', path: '/channels/h', ...WALL },
  { scene: 'abnormal', path: '/system' },
  { scene: 'abnormal', path: '/system', theme: 'dark', language: 'ko', ...PHONE },
];

describe('every state of the screen', () => {
  it.each(STATES.map((state) => [describeState(state), state] as const))(
    'gives axe nothing to find and never scrolls sideways: %s',
    async (_, state) => {
      await dashboard.open(state);

      expect(await axeFindings(dashboard.page)).toEqual([]);
      expect(dashboard.complaints).toEqual([]);
      expect(await overflow(dashboard.page)).toBe(0);
      expect(await escaped(dashboard.page)).toEqual([]);
    },
  );

  it.each(['light', 'dark'] as const)('gives axe nothing to find while the server is silent, %s', async (theme) => {
    await dashboard.open({ scene: 'normal', theme });

    dashboard.hub.fallSilent();
    await dashboard.page.locator('fen-silence-banner .banner').waitFor();

    expect(await axeFindings(dashboard.page)).toEqual([]);
  });

  it('gives axe nothing to find while the view is frozen', async () => {
    await dashboard.open({ scene: 'normal' });

    await dashboard.page.keyboard.press(' ');
    await dashboard.page.locator('fen-channel-tile .age').filter({ hasText: 'Frozen at' }).first().waitFor();

    expect(await axeFindings(dashboard.page)).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('gives axe nothing to find in the dialog, %s', async (theme) => {
    await dashboard.open({ scene: 'normal', theme, ...PHONE });

    await dashboard.page.keyboard.press('?');
    await dashboard.page.getByRole('dialog').waitFor();

    expect(await axeFindings(dashboard.page)).toEqual([]);
  });
});

it.each([
  { scene: 'normal', path: '/' },
  { scene: 'normal', path: '/channels/pmt-1' },
] as const)('offers every control of a phone at 48 pixels or more: $path', async (state) => {
  await dashboard.open({ ...state, ...PHONE });

  const controls = dashboard.page.locator('fen-app').locator('nav a, button, label, .pager a');
  const boxes = await controls.evaluateAll(
    (all) =>
      all
        .map((control) => ({ name: control.textContent?.trim(), box: control.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0)
        .map(({ name, box }) => ({ name, least: Math.min(box.width, box.height + 2) })), // the group's border is its own
  );

  expect(boxes.length).toBeGreaterThan(8);
  expect(boxes.filter(({ least }) => least < 48)).toEqual([]);
});

it.each([PHONE, { width: 844, height: 390 }])('shows a phone of $width pixels the way to its alarms', async (size) => {
  const page = await dashboard.open({ scene: 'normal', isPhone: true, ...size });

  const link = await page.getByRole('link', { name: en.alarms, exact: true }).boundingBox();

  expect(link?.height).toBeGreaterThanOrEqual(48);
  expect((link?.y ?? Number.NaN) + (link?.height ?? 0)).toBeLessThanOrEqual(size.height);
});

it.each([PHONE, LEAST])('has the whole dialog on a screen of $width pixels, or scrolls it', async (size) => {
  await dashboard.open({ scene: 'normal', ...size });
  await dashboard.page.keyboard.press('?');
  const dialog = dashboard.page.getByRole('dialog');
  await dialog.waitFor();

  const { x, y, width, height } = (await dialog.boundingBox()) ?? { x: -1, y: -1, width: 0, height: 0 };
  expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(size.width);
  expect(y + height).toBeLessThanOrEqual(size.height);
  expect(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);

  await dialog.evaluate((element) => element.scrollTo(0, 10_000));
  const close = await dialog.getByRole('button', { name: 'Close' }).boundingBox();
  expect(close?.y).toBeGreaterThanOrEqual(y);
});

/** Values that reach out of their tile or over its name, once there are values. */
function escaped(page: Page): Promise<string[]> {
  return page.locator('fen-channel-tile header').evaluateAll((headers) =>
    headers.flatMap((header) => {
      const [name, value] = [...header.children].map((child) => child.getBoundingClientRect());
      const own = header.getBoundingClientRect();
      const isInside = value.right <= own.right + 1 && value.left >= name.right && name.width >= own.width * 0.3;
      return isInside ? [] : [header.textContent ?? ''];
    }),
  );
}

function describeState({
  scene,
  path = '/',
  theme = 'light',
  language = 'en',
  width = 1920,
}: DashboardOptions): string {
  return `${scene} ${path} ${theme} ${language} ${width}`;
}
