import type { SystemReply } from '../../server/wire/rest.ts';
import { type Fetch, requestJson } from './request.ts';

const PATH = '/api/system';
const EVERY_MS = 1000;
// A request of which nothing comes for so long is given up, so that the next one can start.
const SILENCE_MS = 2500;

/** What the feed needs of the outside. */
export interface SystemFeedOptions {
  readonly fetch: Fetch;
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
    const reply = await this.#read(abort.signal);
    if (abort.signal.aborted) return;
    if (reply) this.#options.receive(reply);
    this.#timer = setTimeout(() => void this.#ask(), EVERY_MS);
  }

  async #read(signal: AbortSignal): Promise<SystemReply | undefined> {
    try {
      return await requestJson(this.#options.fetch, PATH, { signal, silenceMs: SILENCE_MS });
    } catch {
      return undefined; // unreachable: the page shows how old its figures are
    }
  }
}
