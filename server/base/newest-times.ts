const NEWEST = 512;

/** How long the newest of something took. */
export class NewestTimes {
  readonly #ms = new Float64Array(NEWEST);
  #count = 0;

  add(ms: number): void {
    this.#ms[this.#count++ % NEWEST] = ms;
  }

  /** That part `share` of them were not longer; 0 before the first. */
  percentile(share: number): number {
    const sorted = this.#ms.slice(0, Math.min(this.#count, NEWEST)).sort();
    return sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}
