/**
 * The time between two lives of the hub, counted in windows of one channel.
 *
 * What devices sent in it, and what this page had not got of the former life,
 * the hub cannot give any more; the history may. Both lie between the newest
 * row of the one life and the oldest of the next, on the sample clock.
 */
export class Outages {
  #formerMs: number | undefined;
  #firstMs = Infinity;
  #windowMs = 0;
  #earlier = 0;
  #recovered = 0;

  /** Points gone so far, all outages together; without the newest one while that is open. */
  get points(): number {
    return this.#earlier + Math.max(0, this.#newest - this.#recovered);
  }

  /** The time that the newest one took, on the sample clock; undefined while it is open, and where there was none. */
  get newest(): { readonly fromMs: number; readonly toMs: number } | undefined {
    if (this.#newest <= 0) return undefined;
    return { fromMs: this.#formerMs ?? NaN, toMs: this.#firstMs };
  }

  /** So many points of the newest one came by another way. */
  recover(points: number): void {
    this.#recovered += points;
  }

  /** Points between the lives, whoever has them. */
  get #newest(): number {
    if (this.#formerMs === undefined || this.isOpen) return 0;
    return Math.round((this.#firstMs - this.#formerMs) / this.#windowMs);
  }

  /** Whether nothing has come since the hub began another life, so that nobody knows how much is gone. */
  get isOpen(): boolean {
    return this.#formerMs !== undefined && this.#firstMs === Infinity;
  }

  /** The hub has begun another life; the rows held end at `newestMs`, undefined where there are none. */
  begin(newestMs: number | undefined): void {
    this.#earlier = this.points;
    this.#recovered = 0;
    this.#formerMs = newestMs;
    this.#firstMs = Infinity;
  }

  /** Takes in a block of this life. Older ones that a refill brings take back what was counted. */
  observe(startMs: number, windowMs: number): void {
    this.#firstMs = Math.min(this.#firstMs, startMs);
    this.#windowMs = windowMs;
  }
}
