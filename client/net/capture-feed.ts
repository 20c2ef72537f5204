import type { CapturesReply } from '../../server/wire/captures.ts';
import type { CaptureClient, CaptureQuery } from './captures.ts';

// New recordings appear within this time: often enough for who waits for one, calm for who does not.
const EVERY_MS = 3000;

export interface CaptureFeedOptions {
  readonly captures: CaptureClient;
  readonly receive: (reply: CapturesReply) => void;
  /** Why an answer did not come; the next is asked for all the same. */
  readonly miss: (error: unknown) => void;
}

/** Asks for a list of recordings again and again until `close`. Another query is asked for at once. */
export class CaptureFeed {
  readonly #options: CaptureFeedOptions;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CaptureFeedOptions) {
    this.#options = options;
  }

  ask(query: CaptureQuery): void {
    this.close();
    const abort = new AbortController();
    this.#abort = abort;
    void this.#run(query, abort.signal);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  async #run(query: CaptureQuery, signal: AbortSignal): Promise<void> {
    try {
      const reply = await this.#options.captures.list(query, signal);
      if (!signal.aborted) this.#options.receive(reply);
    } catch (error) {
      if (!signal.aborted) this.#options.miss(error);
    }
    if (!signal.aborted) this.#timer = setTimeout(() => void this.#run(query, signal), EVERY_MS);
  }
}
