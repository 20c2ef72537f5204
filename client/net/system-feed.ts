import type { SystemReply } from '../../server/wire/rest.ts';
import { limited } from './request.ts';

const PATH = '/api/system';
const EVERY_MS = 1000;
// A request that takes longer is given up, so that the next one can start.
const LIMIT_MS = 2500;

/** What the feed needs of the outside. */
export interface SystemFeedOptions {
  readonly fetch: (path: string, options: { readonly signal: AbortSignal }) => Promise<Response>;
  readonly receive: (reply: SystemReply) => void;
}

/** Asks the server for its own state once a second while started. A failed request is followed by the next. */
export class SystemFeed {
  readonly #options: SystemFeedOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | undefined;

  constructor(options: SystemFeedOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#ask();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#abort?.abort();
    this.#abort = undefined;
  }

  async #ask(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const reply = await this.#fetch(limited(abort.signal, LIMIT_MS));
    if (abort.signal.aborted) return;
    if (reply) this.#options.receive(reply);
    this.#timer = setTimeout(() => void this.#ask(), EVERY_MS);
  }

  async #fetch(signal: AbortSignal): Promise<SystemReply | undefined> {
    try {
      const response = await this.#options.fetch(PATH, { signal });
      return response.ok ? ((await response.json()) as SystemReply) : undefined;
    } catch {
      return undefined; // unreachable: the page shows how old its figures are
    }
  }
}
