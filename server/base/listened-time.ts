/** Between two looks at most so much counts; a pass of a busy event loop takes less. */
const PASS_MS = 250;

/**
 * Time as far as a stage was there to listen. It goes with its looks at the
 * clock, and leaves out what an event loop that stands still misses: what
 * others sent meanwhile waits unread, so their silence must not be measured
 * by a clock that went on. Under constant overload it is slow and never stops.
 */
export class ListenedTime {
  #ms = 0;
  #lookedMs: number;

  constructor(monotonicMs: number) {
    this.#lookedMs = monotonicMs;
  }

  /** Milliseconds since the start. */
  get ms(): number {
    return this.#ms;
  }

  /** To be called with every pass, as often as is convenient. */
  look(monotonicMs: number): void {
    this.#ms += Math.min(monotonicMs - this.#lookedMs, PASS_MS);
    this.#lookedMs = monotonicMs;
  }
}
