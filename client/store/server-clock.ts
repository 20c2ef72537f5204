/** Silence after which nothing on the screen can be trusted, ms. The hub speaks every second. */
export const SILENCE_MS = 3000;

// A round trip bounds the error of an estimate by half its length. The best of
// the last few is kept; one that contradicts it by more than this and both
// bounds means that the server's clock was set.
const STEP_MS = 250;
const KEPT_ROUND_TRIPS = 8;

interface Estimate {
  /** Server clock minus monotonic clock. */
  readonly offsetMs: number;
  /** How far the estimate may be off. */
  readonly errorMs: number;
}

/**
 * What time it is at the server, told by the browser's monotonic clock.
 *
 * The wall clock of the browser is never read: it may be a day off without
 * anything on the screen being wrong.
 */
export class ServerClock {
  readonly #monotonicMs: () => number;
  #estimates: Estimate[] = [];
  #offsetMs: number | undefined;
  #heardMs: number;

  /** Silence is measured from now on, until the server first speaks. */
  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#heardMs = monotonicMs();
  }

  /** Clock of this page, which only ever goes forward, ms. */
  get monotonicMs(): number {
    return this.#monotonicMs();
  }

  /** Server clock, ms since 1970 UTC; undefined before the server first spoke. */
  get nowMs(): number | undefined {
    return this.#offsetMs === undefined ? undefined : this.#monotonicMs() + this.#offsetMs;
  }

  /** The same, but standing still once the server is silent, so that a stale picture stays where it was. */
  get viewMs(): number | undefined {
    if (this.#offsetMs === undefined) return undefined;
    return Math.min(this.#monotonicMs(), this.#heardMs + SILENCE_MS) + this.#offsetMs;
  }

  /** Time since anything was heard of the server, or since the page began if nothing ever was. */
  get silentMs(): number {
    return this.#monotonicMs() - this.#heardMs;
  }

  get isSilent(): boolean {
    return this.silentMs > SILENCE_MS;
  }

  /** Notes that the server spoke. */
  hear(): void {
    this.#heardMs = this.#monotonicMs();
  }

  /** Takes in a time the server sent, `delayMs` ago at least and `delayMs + errorMs` at most. */
  observe(serverMs: number, { delayMs, errorMs }: { delayMs: number; errorMs: number }): void {
    const estimate = { offsetMs: serverMs + delayMs - this.#monotonicMs(), errorMs };
    const best = this.#best();
    if (best && Math.abs(best.offsetMs - estimate.offsetMs) > STEP_MS + best.errorMs + errorMs) this.#estimates = [];
    this.#estimates.push(estimate);
    if (this.#estimates.length > KEPT_ROUND_TRIPS) this.#estimates.shift();
    this.#offsetMs = this.#best()?.offsetMs;
  }

  #best(): Estimate | undefined {
    let best: Estimate | undefined;
    for (const estimate of this.#estimates) if (!best || estimate.errorMs <= best.errorMs) best = estimate;
    return best;
  }
}
