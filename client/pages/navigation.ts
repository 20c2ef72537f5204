import { Listeners, type Store } from '../store/store.ts';
import { parseRoute, type Route } from './route.ts';

/** Where the reader is, kept in the browser's address and history. */
export class Navigation implements Store<Route> {
  readonly #listeners = new Listeners();
  readonly #onPop = () => this.#listeners.announce();

  get value(): Route {
    return parseRoute(location.pathname);
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

  /** Goes to a path of this program. The query, which holds choices for this screen, stays. */
  go(path: string): void {
    if (path !== location.pathname) history.pushState(undefined, '', path + location.search);
    this.#listeners.announce();
  }

  /** Takes a click on a link to this program away from the browser; any other click is left to it. */
  takeClick(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!link || link.origin !== location.origin || link.target !== '') return;
    event.preventDefault();
    this.go(link.pathname);
  }
}
