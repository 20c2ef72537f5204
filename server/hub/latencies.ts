/** Two quantiles of the last second, in ms; 0 where nothing was sent in it. */
export interface LatencyQuantiles {
  readonly p50: number;
  readonly p99: number;
}

const LIMIT = 32_768;

/**
 * How long windows wait from the read of their last sample until they are
 * sent. Past the limit of one second further windows are left out.
 */
export class Latencies {
  /** Arrival times of windows that wait, from `#sent` on; before it, latencies. */
  readonly #values = new Float64Array(LIMIT);
  #sent = 0;
  #count = 0;
  #quantiles: LatencyQuantiles = { p50: 0, p99: 0 };

  get quantiles(): LatencyQuantiles {
    return this.#quantiles;
  }

  arrive(arrivedMs: number): void {
    if (this.#count < LIMIT) this.#values[this.#count++] = arrivedMs;
  }

  /** All that wait are sent now. None has waited less than nothing, even if the system's clock was set back. */
  send(nowMs: number): void {
    for (; this.#sent < this.#count; this.#sent++) {
      this.#values[this.#sent] = Math.max(0, nowMs - this.#values[this.#sent]);
    }
  }

  /** Ends the second. What waits goes into the next one. */
  roll(): void {
    const sent = this.#sent;
    const sorted = this.#values.slice(0, sent).sort();
    const at = (share: number) => sorted[Math.floor(share * sent)] ?? 0;
    this.#quantiles = { p50: at(0.5), p99: at(0.99) };

    this.#values.copyWithin(0, sent, this.#count);
    this.#count -= sent;
    this.#sent = 0;
  }
}
