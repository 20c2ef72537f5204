import type { LitElement } from 'lit';

/** Where a reader was on a page. */
export interface Place {
  /** What had the focus, in the page's own words; undefined where that says nothing. */
  readonly focus: string | undefined;
  readonly scrollPx: readonly number[];
}

/** A page that can be found again as it was left. What it does not say of itself is its title and its main scroller. */
export interface Placed extends LitElement {
  /** What has the focus. */
  readonly focusKey?: string | undefined;
  /** What scrolls besides the element around the page. */
  readonly scroller?: HTMLElement | null;
  /** Moves the focus to what the key stands for. Returns whether there is such a thing. */
  focusOn?(key: string): Promise<boolean>;
}

// A page whose content comes from the server is given this long to be as tall as it was.
const PATIENCE_MS = 1000;

/** Where the reader is on a page that is about to be left. */
export function placeOn(page: Placed): Place {
  return { focus: page.focusKey, scrollPx: scrollers(page).map(({ scrollTop }) => scrollTop) };
}

/** Puts the reader where they were on a page that was just shown; on one that is new to them, at its title. */
export async function enter(page: Placed, place: Place | undefined): Promise<void> {
  await page.updateComplete;
  const isFound = place?.focus !== undefined && (await page.focusOn?.(place.focus));
  if (!isFound) page.shadowRoot?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  if (!place) {
    scroll(page, []);
    return;
  }
  const observer = new ResizeObserver(() => {
    if (!page.isConnected || scroll(page, place.scrollPx)) observer.disconnect();
  });
  observer.observe(page);
  setTimeout(() => observer.disconnect(), PATIENCE_MS);
}

function scrollers(page: Placed): Element[] {
  return [page.parentElement, page.scroller].filter((element) => element instanceof Element);
}

/** Scrolls as far as asked and returns whether the page was tall enough for that. */
function scroll(page: Placed, scrollPx: readonly number[]): boolean {
  return scrollers(page).every((scroller, i) => {
    const wantedPx = scrollPx[i] ?? 0;
    scroller.scrollTop = wantedPx;
    return scroller.scrollTop >= wantedPx - 1;
  });
}
