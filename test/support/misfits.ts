import type { Page } from 'playwright-core';

/**
 * What does not fit: scrollbars, text outside the screen, text of less than half the essential size, trends too low to
 * be read, and, unless it may be, what is cut of what is wrong, of names and of values.
 */
export function misfits(page: Page, mayCut: boolean): Promise<string[]> {
  return page.evaluate((mayCut) => {
    const found: string[] = [];
    const { scrollWidth, scrollHeight } = document.documentElement;
    if (scrollWidth > innerWidth || scrollHeight > innerHeight) found.push(`scrolls ${scrollWidth}×${scrollHeight}`);
    const essential = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--essential'));
    const look = (root: ParentNode) => {
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        if (element.shadowRoot) look(element.shadowRoot);
        const { clientHeight, clientWidth, scrollHeight, scrollWidth } = element;
        const lines = element.closest('.trends') ? 2 : 0.8;
        if (element.localName === 'fen-trend-chart' && clientHeight > 0 && clientHeight < lines * essential)
          found.push(`low trend of ${clientHeight} px`);
        const lineless = 0.4 * Number.parseFloat(getComputedStyle(element).fontSize); // letters reach out of their line
        const isCut = scrollHeight > clientHeight + lineless || scrollWidth > clientWidth + 2;
        if (!mayCut && clientWidth > 0 && isCut && element.matches('h2, .what, .value, .which, .clock, .how, main b'))
          found.push(`cut ${element.textContent?.trim()}`);
        const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
        if (!isText || element instanceof SVGElement || element.localName === 'style' || element.closest('.unseen'))
          continue;
        const box = element.getBoundingClientRect();
        if (box.width === 0 || box.height === 0) continue;
        const { fontSize, overflowX } = getComputedStyle(element);
        const words = `${element.localName}.${element.className} ${element.textContent?.trim().slice(0, 30)}`;
        if (Number.parseFloat(fontSize) < essential / 2 - 0.1) found.push(`small ${fontSize} ${words}`);
        const isOut = box.left < 0 || box.top < 0 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
        if (isOut && overflowX === 'visible' && element.closest('fen-diagnosis, bdi') === null)
          found.push(`out ${words}`);
        if (['auto', 'scroll'].includes(overflowX)) found.push(`scrolls ${words}`);
      }
    };
    look(document);
    return found;
  }, mayCut);
}
