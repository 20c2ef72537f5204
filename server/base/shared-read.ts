import type { Clock } from './clock.ts';

/**
 * Shares what is costly to read among all who ask: at most one read in
 * `intervalMs`, however many ask how often.
 *
 * Nobody gets an answer older than the question: who asks while a read is
 * under way or too soon after it waits for the next, together with the others.
 */
export class SharedRead<T> {
  readonly #read: () => Promise<T>;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #next: Promise<T> | undefined; // that nobody has begun yet
  #current: Promise<unknown> = Promise.resolve();
  #startedMs = -Infinity;

  constructor(read: () => Promise<T>, intervalMs: number, clock: Clock) {
    this.#read = read;
    this.#intervalMs = intervalMs;
    this.#clock = clock;
  }

  /** Rejects where the read does, and the next one tries again. */
  read(): Promise<T> {
    this.#next ??= this.#begin();
    return this.#next;
  }

  async #begin(): Promise<T> {
    const waitMs = this.#startedMs + this.#intervalMs - this.#clock.monotonicMs();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await this.#current;
    this.#startedMs = this.#clock.monotonicMs();
    this.#next = undefined;
    const reading = this.#read();
    this.#current = reading.catch(() => {}); // whoever asked is told
    return reading;
  }
}
