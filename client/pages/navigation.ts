import { parseRoute, type Route } from '../components/route.ts';
import { Listeners, type Store } from '../store/store.ts';
import { addressOf } from './address.ts';
import type { Place } from './place.ts';

// As many entries as browsers keep; the place of an older one is forgotten.
const PLACES_KEPT = 50;

/** Where the reader is, kept in the browser's address and history; and where they were on the pages they left. */
export class Navigation implements Store<Route> {
  readonly #listeners = new Listeners();
  readonly #leave: () => Place;
  readonly #places = new Map<number, Place>();
  readonly #onPop = () => this.#follow();
  #entry = entryNumber();

  /** `leave` is asked where the reader is on the page, before it is left. */
  constructor(leave: () => Place) {
    this.#leave = leave;
  }

  get value(): Route {
    return parseRoute(location.pathname);
  }

  /** Where the reader was when this entry of the history was left; undefined on one that is new. */
  get place(): Place | undefined {
    return this.#places.get(this.#entry);
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Follows the browser's back and forward until `close`. */
  start(): void {
    addEventListener('popstate', this.#onPop);
  }

  close(): void {
    removeEventListener('popstate', this.#onPop);
  }

  /** Goes to a path of this program, which may have a query, and there to what `focus` stands for. What the query here holds of choices for this screen stays. */
  go(path: string, focus?: string): void {
    const address = addressOf(path, location.search);
    if (address === location.pathname + location.search) return;
    this.#places.set(this.#entry, this.#leave());
    this.#entry++;
    for (const entry of this.#places.keys()) {
      if (entry >= this.#entry || entry < this.#entry - PLACES_KEPT) this.#places.delete(entry);
    }
    if (focus !== undefined) this.#places.set(this.#entry, { focus, scrollPx: [] });
    history.pushState({ entry: this.#entry }, '', address);
    this.#listeners.announce();
  }

  /** Takes a click on a link to this program away from the browser; any other click is left to it. */
  takeClick(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!link || link.origin !== location.origin || link.target !== '' || link.hasAttribute('download')) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }

  #follow(): void {
    this.#places.set(this.#entry, this.#leave());
    this.#entry = entryNumber();
    this.#listeners.announce();
  }
}

/** The number this program gave the entry of the history; 0 for the one it was opened with. */
function entryNumber(): number {
  const { entry } = (history.state ?? {}) as { entry?: unknown };
  return typeof entry === 'number' ? entry : 0;
}
