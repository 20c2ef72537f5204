import type { Page } from 'playwright-core';

/** How far the page can be scrolled sideways, or the whole document in any direction, CSS pixels: only what is in it scrolls. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const main = document.querySelector('fen-app')?.shadowRoot?.querySelector('main');
    if (!main) throw new Error('no main');
    const root = document.documentElement;
    return Math.max(
      root.scrollWidth - root.clientWidth,
      root.scrollHeight - root.clientHeight,
      main.scrollWidth - main.clientWidth,
    );
  });
}
