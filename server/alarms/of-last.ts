import type { Verdict } from './conditions/condition.ts';

/** How many of how many. */
export interface OfLastRule {
  readonly n: number;
  readonly m: number;
}

const ONE_OF_ONE: OfLastRule = { n: 1, m: 1 };

/**
 * Whether something held in `n` of the last `m` windows, or runs, of a channel.
 *
 * What it remembers goes on with the channel's next stream: a device that
 * connects anew every few windows would else never be seen to hold `n` times.
 * As long as it has seen fewer than `m` it says only what the others could not
 * change.
 */
export class OfLast {
  readonly #n: number;
  readonly #held: Uint8Array;
  readonly #times: BigInt64Array;
  #newestNs: bigint | undefined;
  #at = -1;
  #seen = 0;
  #count = 0;

  constructor({ n, m }: OfLastRule = ONE_OF_ONE) {
    this.#n = n;
    this.#held = new Uint8Array(m);
    this.#times = new BigInt64Array(m);
  }

  /** Takes the next one; one of the same sample time is the same again, such as a partial window that came whole. */
  put(isHeld: boolean, timeNs: bigint): Verdict {
    const held = this.#held;
    const { length: m } = held;
    if (timeNs !== this.#newestNs) {
      this.#at = this.#at + 1 === m ? 0 : this.#at + 1;
      this.#newestNs = timeNs;
      this.#times[this.#at] = timeNs;
      if (this.#seen < m) this.#seen++;
    }
    const now = isHeld ? 1 : 0;
    this.#count += now - held[this.#at];
    held[this.#at] = now;
    if (this.#count >= this.#n) return true;
    return this.#seen - this.#count > m - this.#n ? false : undefined;
  }

  /** Sample time of the oldest that is remembered to have held, ns since 1970 UTC. */
  get beganNs(): bigint | undefined {
    const { length: m } = this.#held;
    for (let i = 1; i <= m; i++) {
      const slot = (this.#at + i) % m;
      if (this.#held[slot] === 1) return this.#times[slot];
    }
    return undefined;
  }
}
