const FIRST_MS = 1000;
const MOST_MS = 60_000;

/** Has something that failed done again: after a second, then each time after twice as long, a minute at most. */
export class BackOff {
  #timer: NodeJS.Timeout | undefined;
  #delayMs = FIRST_MS;

  /** Calls `act` once, later, instead of what is still to be called. Returns in how many ms. */
  again(act: () => void): number {
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(MOST_MS, 2 * delayMs);
    this.stop();
    this.#timer = setTimeout(act, delayMs);
    return delayMs;
  }

  /** It did not fail: after the next failure it is a second again. */
  reset(): void {
    this.#delayMs = FIRST_MS;
  }

  /** Nothing is called any more. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
