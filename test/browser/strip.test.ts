import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { FenApp } from '../../client/pages/fen-app.ts';
import { useDashboard } from '../support/dashboard.ts';
import { runs } from '../support/runs.ts';

// The proof of life beside or under the navigation, on a screen of any width.

const STEP = runs(40, 10);
const WIDTHS = Array.from({ length: 1680 / STEP + 1 }, (_, i) => 320 + i * STEP);

const STATES = ['live', 'silent', 'restarted'] as const;
type State = (typeof STATES)[number] | 'one gap';

const dashboard = useDashboard();

describe.each(['en', 'ko'] as const)('the proof of life in %s', (language) => {
  it.each(STATES)('shows every figure, over nothing else, on any width: %s', async (state) => {
    await dashboard.open({ scene: 'normal', language });
    await bring(state, 13_132);
    const { page } = dashboard;
    const figures = await figuresOf(page);

    expect(figures).toHaveLength(state === 'restarted' ? 8 : 7);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 844 });
      expect(await faults(page), `${width} px`).toEqual([]);
      expect(await figuresOf(page), `${width} px`).toEqual(figures);
    }
  });

  it.each(['live', 'restarted'] as const)('takes two lines on a phone: %s', async (state) => {
    await dashboard.open({ scene: 'normal', language, width: 390, height: 844 });
    await bring(state, 1600);

    const tops = await dashboard.page
      .locator('fen-life-strip li')
      .evaluateAll((items) => items.map((item) => Math.round(item.getBoundingClientRect().top)));

    expect(new Set(tops).size).toBe(2);
  });
});

it('says nothing of what it does not know yet', async () => {
  const page = await dashboard.open({ scene: 'connecting' });

  const figures = await figuresOf(page);

  expect(figures.map((text) => text.trim())).toEqual(['connecting', '0 gaps']);
});

it('says one gap, and not one gaps', async () => {
  await dashboard.open({ scene: 'normal', language: 'en' });
  await bring('one gap', 1600);

  const figures = (await figuresOf(dashboard.page)).map((text) => text.trim());
  expect(figures).toContain('1 gap');
});

/** Brings the dashboard into a state, and stops its figures there. */
async function bring(state: State, points: number): Promise<void> {
  const { page, hub } = dashboard;
  await page.locator('fen-life-strip .clock').waitFor();
  if (state === 'silent') {
    hub.fallSilent();
    await page.locator('fen-life-strip .silent').waitFor();
  }
  const figures = {
    ageMs: 142,
    latencyMs: 120,
    framesPerSecond: 24,
    pointsPerSecond: { received: points, sent: points, missing: 0 },
    points: { received: 1.31e9, sent: 1.31e9, missing: 0 },
    ...(state === 'restarted' ? { restarts: 1, gone: 6040, gaps: 8 } : {}),
    ...(state === 'one gap' ? { gaps: 1 } : {}),
  };
  await page.evaluate((still) => {
    const { life } = (document.querySelector('fen-app') as FenApp).live;
    Object.defineProperty(life, 'value', { value: { ...life.value, ...still } });
    life.tick();
  }, figures);
  const written = new Intl.NumberFormat('en').format(points);
  await page.locator('fen-life-strip li').filter({ hasText: written }).waitFor();
}

function figuresOf(page: Page): Promise<string[]> {
  return page.locator('fen-life-strip li:visible').allTextContents();
}

/** What of the head lies over another part of it, or reaches out of it. */
function faults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const head = document.querySelector('fen-app')!.shadowRoot!.querySelector('.head')!;
    const items = head.querySelector('fen-life-strip')!.shadowRoot!.querySelectorAll('li');
    const parts = [...head.querySelectorAll('.brand, .site, nav a, nav button'), ...items]
      .map((part) => ({ says: part.textContent?.trim(), box: part.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0);
    const own = head.getBoundingClientRect();
    const found = parts
      .filter(({ box }) => box.left < own.left || box.right > own.right || box.bottom > own.bottom)
      .map(({ says }) => `${says} reaches out`);
    for (const [i, a] of parts.entries()) {
      for (const b of parts.slice(i + 1)) {
        const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (wide > 0.5 && high > 1) found.push(`${a.says} over ${b.says}`);
      }
    }
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [...found, 'the page scrolls sideways'] : found;
  });
}
