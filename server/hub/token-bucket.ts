/** Lets through `rate` a second on average, and as many at once after a pause. */
export class TokenBucket {
  readonly #rate: number;
  #tokens: number;
  #filledMs: number;

  constructor(rate: number, monotonicMs: number) {
    this.#rate = rate;
    this.#tokens = Math.max(1, rate);
    this.#filledMs = monotonicMs;
  }

  /** Takes one; false where none is left. */
  take(monotonicMs: number): boolean {
    const earned = ((monotonicMs - this.#filledMs) / 1000) * this.#rate;
    this.#tokens = Math.min(Math.max(1, this.#rate), this.#tokens + earned);
    this.#filledMs = monotonicMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
