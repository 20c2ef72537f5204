import { HUB_PATH } from '../server/wire/events.ts';
import { Loader } from './net/loader.ts';
import { Renewal } from './net/renewal.ts';
import { systemTimers } from './net/system-timers.ts';

/** What every page begins with: its server, the parts of it that come later, and the way to a newer build. */
export class StartUp {
  readonly #renewal: Renewal;

  /** `page` is its path, `script` the address of the module that starts it. */
  constructor({ page, script }: { readonly page: string; readonly script: string }) {
    this.#renewal = new Renewal({
      page,
      script: new URL(script).pathname,
      fetch: (path, options) => fetch(path, options),
      storage: () => sessionStorage,
      wallMs: () => Date.now(),
      reload: () => location.reload(),
    });
  }

  /** What the page says until it stands. */
  get notice(): Element | null {
    return document.querySelector('.notice');
  }

  /** Connects to the hub. */
  readonly open = (): WebSocket => {
    const url = new URL(HUB_PATH, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return new WebSocket(url);
  };

  /** Loads the page anew if the server has another build of it. */
  readonly renew = (): void => void this.#renewal.renew();

  /** A part that is had when it is first needed. */
  readonly part = <T>(attempt: () => Promise<T>): Loader<T> =>
    new Loader({ attempt, timers: systemTimers, onFailure: (failures) => void this.#renewal.repair(failures) });

  /** The page stands. */
  show(page: HTMLElement): void {
    this.notice?.remove();
    document.body.append(page);
  }
}
