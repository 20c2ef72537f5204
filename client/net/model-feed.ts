import type { ModelsReply } from '../../server/wire/models.ts';
import type { ModelClient } from './models.ts';

// A swap by somebody else appears within this time.
const EVERY_MS = 3000;

export interface ModelFeedOptions {
  readonly models: Pick<ModelClient, 'list'>;
  readonly receive: (reply: ModelsReply) => void;
  /** Why an answer did not come; the next is asked for all the same. */
  readonly miss: (error: unknown) => void;
}

/** Asks for the list of models again and again, from `start` until `close`. */
export class ModelFeed {
  readonly #options: ModelFeedOptions;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ModelFeedOptions) {
    this.#options = options;
  }

  start(): void {
    this.close();
    const abort = new AbortController();
    this.#abort = abort;
    void this.#run(abort.signal);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      const reply = await this.#options.models.list(signal);
      if (!signal.aborted) this.#options.receive(reply);
    } catch (error) {
      if (!signal.aborted) this.#options.miss(error);
    }
    if (!signal.aborted) this.#timer = setTimeout(() => void this.#run(signal), EVERY_MS);
  }
}
