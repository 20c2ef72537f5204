import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useDashboard } from '../support/dashboard.ts';

const dashboard = useDashboard();

it('freezes and goes live by the space bar', async () => {
  const page = await dashboard.open({ scene: 'normal' });

  await page.keyboard.press(' ');
  await page.getByRole('button', { name: 'Go live' }).waitFor();

  await page.keyboard.press(' ');
  await page.getByRole('button', { name: 'Freeze' }).waitFor();
});

it('chooses the time window by digits', async () => {
  const page = await dashboard.open({ scene: 'normal' });

  await page.keyboard.press('2');

  await expect.poll(() => page.getByRole('radio', { name: '10 s' }).isChecked()).toBe(true);
});

it('goes to the pages by two keys and puts the reader at the title', async () => {
  const page = await dashboard.open({ scene: 'normal' });

  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/system');
  await expect.poll(() => focused(page)).toBe('h1 System');

  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/');

  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect.poll(() => focused(page)).toBe('h1 System');
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect.poll(() => focused(page)).toBe('div No alarms');
});

it('moves among tiles by arrows, opens one by Enter and its neighbour by a bracket', async () => {
  const page = await dashboard.open({ scene: 'normal' });
  await page.locator('fen-channel-tile').first().locator('a').focus();

  await page.keyboard.press('ArrowRight');
  expect(await focused(page)).toBe('a Etch 1 · view B');
  await page.keyboard.press('ArrowDown');
  expect(await focused(page)).toBe('a Etch 3 · view A');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/channels/pmt-5');

  await page.keyboard.press(']');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/channels/pmt-6');
  await page.goBack();
  await expect.poll(() => page.locator('fen-channel-page h1').textContent()).toBe('Etch 3 · view A');
});

it('moves to the first and the last tile by Home and End', async () => {
  const page = await dashboard.open({ scene: 'normal' });
  await page.locator('fen-channel-tile').nth(2).locator('a').focus();

  await page.keyboard.press('End');
  expect(await focused(page)).toBe('a Etch 4 · view B');
  await page.keyboard.press('Home');
  expect(await focused(page)).toBe('a Etch 1 · view A');
});

it('comes back to the tile it left and as far down as it was', async () => {
  const page = await dashboard.open({ scene: 'many' });
  await page.locator('fen-channel-tile').nth(30).locator('a').focus();
  const before = await scrolled(page);
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('h1 Etch 16 · view A');

  await page.goBack();
  await expect.poll(() => focused(page)).toBe('a Etch 16 · view A');
  expect(before).toBeGreaterThan(0);
  expect(Math.abs((await scrolled(page)) - before)).toBeLessThanOrEqual(1); // pixels are rounded

  await page.goForward();
  await expect.poll(() => focused(page)).toBe('h1 Etch 16 · view A');
});

it('reaches the content first, by the skip link', async () => {
  const page = await dashboard.open({ scene: 'normal' });

  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('button Skip to content');
  await page.keyboard.press('Enter');

  expect(await focused(page)).toMatch(/^main/);
});

it('shows where the focus is on every control', async () => {
  const page = await dashboard.open({ scene: 'one' });
  const visited: string[] = [];
  const unseen: string[] = [];

  for (let i = 0; i < 16; i++) {
    await page.keyboard.press('Tab');
    visited.push(await focused(page));
    if (!(await isFocusSeen(page))) unseen.push(await focused(page));
  }

  expect(unseen).toEqual([]);
  expect(visited).toContain('a Etch 1 · view A');
  expect(visited).toContain('button Freeze');
  expect(visited).toContain('button Mute');
});

it('lists the keys, takes choices in the dialog and keeps them for the next visit', async () => {
  const page = await dashboard.open({ scene: 'normal' });

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Display and keys' }).getByRole('radio', { name: '한국어' }).check();
  await page.getByRole('dialog', { name: '화면 설정과 단축키' }).getByRole('radio', { name: '어둡게' }).check();
  await page.keyboard.press('Escape');
  await page.keyboard.press('1');
  await page.reload();

  await page.getByRole('link', { name: '제어실' }).waitFor();
  expect(await page.getAttribute('html', 'lang')).toBe('ko');
  expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
  expect(await page.getByRole('radio', { name: '5초' }).isChecked()).toBe(true);
});

it('leaves single keys alone when told so, and while the dialog is open', async () => {
  const page = await dashboard.open({ scene: 'normal' });

  await page.keyboard.press('?');
  await page.keyboard.press('3');
  await page.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('2');
  await page.waitForTimeout(300);

  expect(await page.getByRole('radio', { name: '1 min' }).isChecked()).toBe(true);
});

it('shows a calm page where there is none, and the way back', async () => {
  const page = await dashboard.open({ scene: 'normal', path: '/channels/nobody' });

  await expect.poll(() => page.locator('fen-missing-page h1').textContent()).toContain('Unknown channel');
  await page.getByRole('link', { name: 'To the control room' }).click();

  await page.locator('fen-channel-tile').first().waitFor();
});

/** How far down the tiles are scrolled, CSS pixels. */
function scrolled(page: Page): Promise<number> {
  return page.locator('.tiles').evaluate(({ scrollTop }) => scrollTop);
}

/** Tag and text of the element that has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return `${element?.localName} ${element?.textContent?.trim()}`;
  });
}

/** Whether the focused element, its label or what stretches it has an outline. */
function isFocusSeen(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element) return false;
    const label = element.closest('label') ?? element;
    const drawn = [getComputedStyle(element), getComputedStyle(element, '::after'), getComputedStyle(label)];
    return drawn.some(
      ({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    );
  });
}
