/**
 * The time between two lives of the hub, counted in windows of one channel.
 *
 * What devices sent in it was kept by nobody, and what this page had not got
 * of the former life cannot be asked for any more. Both lie between the newest
 * row of the one life and the oldest of the next, on the sample clock.
 */
export class Outages {
  #formerMs: number | undefined;
  #firstMs = Infinity;
  #windowMs = 0;
  #earlier = 0;

  /** Points gone so far, all outages together; without the newest one while that is open. */
  get points(): number {
    if (this.#formerMs === undefined || this.isOpen) return this.#earlier;
    return this.#earlier + Math.max(0, Math.round((this.#firstMs - this.#formerMs) / this.#windowMs));
  }

  /** Whether nothing has come since the hub began another life, so that nobody knows how much is gone. */
  get isOpen(): boolean {
    return this.#formerMs !== undefined && this.#firstMs === Infinity;
  }

  /** The hub has begun another life; the rows held end at `newestMs`, undefined where there are none. */
  begin(newestMs: number | undefined): void {
    this.#earlier = this.points;
    this.#formerMs = newestMs;
    this.#firstMs = Infinity;
  }

  /** Takes in a block of this life. Older ones that a refill brings take back what was counted. */
  observe(startMs: number, windowMs: number): void {
    this.#firstMs = Math.min(this.#firstMs, startMs);
    this.#windowMs = windowMs;
  }
}
