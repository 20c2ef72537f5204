export interface RepeatedOptions<Query, Reply> {
  readonly ask: (query: Query, signal: AbortSignal) => Promise<Reply>;
  /** From an answer to the next question. */
  readonly everyMs: number;
  readonly receive: (reply: Reply) => void;
  /** Why an answer did not come; the next is asked for all the same. */
  readonly miss: (error: unknown) => void;
}

/** Asks the same again and again until `close`. Another query is asked for at once, and answers to the one before are not taken. */
export class Repeated<Query, Reply> {
  readonly #options: RepeatedOptions<Query, Reply>;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RepeatedOptions<Query, Reply>) {
    this.#options = options;
  }

  ask(query: Query): void {
    this.close();
    const abort = new AbortController();
    this.#abort = abort;
    void this.#run(query, abort.signal);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  async #run(query: Query, signal: AbortSignal): Promise<void> {
    const { ask, everyMs, receive, miss } = this.#options;
    try {
      const reply = await ask(query, signal);
      if (!signal.aborted) receive(reply);
    } catch (error) {
      if (!signal.aborted) miss(error);
    }
    if (!signal.aborted) this.#timer = setTimeout(() => void this.#run(query, signal), everyMs);
  }
}
