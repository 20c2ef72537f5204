// Readings that are closer say too little.
const SHORTEST_MS = 500;

/** How fast a count grows, from readings of it about once a second. */
export class Rate {
  #count: number | undefined;
  #atMs = 0;
  #perSecond = 0;

  /** Between the last two readings; 0 before there are two. */
  get perSecond(): number {
    return this.#perSecond;
  }

  take(count: number, monotonicMs: number): void {
    const ms = monotonicMs - this.#atMs;
    if (this.#count !== undefined) {
      if (ms < SHORTEST_MS) return;
      this.#perSecond = ((count - this.#count) / ms) * 1000;
    }
    this.#count = count;
    this.#atMs = monotonicMs;
  }
}
