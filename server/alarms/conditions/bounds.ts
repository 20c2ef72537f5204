import type { Verdict } from './condition.ts';

/**
 * Whether a value is outside its bounds, in its unit: above `high` or below
 * `low`. Outside, it must come back by `deadband`. Between, it is as it was;
 * where that is not known, nothing is said. NaN changes nothing.
 */
export class Bounds {
  readonly #low: number;
  readonly #high: number;
  readonly #lowReturn: number;
  readonly #highReturn: number;
  #side: 'low' | 'high' | 'inside' | undefined;

  constructor({
    below = -Infinity,
    above = Infinity,
    deadband,
  }: { readonly below?: number | undefined; readonly above?: number | undefined; readonly deadband: number }) {
    const back = Math.min(deadband, (above - below) / 2); // a band that is narrower could not be come back to
    this.#low = below;
    this.#high = above;
    this.#lowReturn = below + back;
    this.#highReturn = above - back;
  }

  /** The bound that was passed last. */
  get limit(): number {
    return this.#side === 'low' ? this.#low : this.#high;
  }

  put(value: number): Verdict {
    if (value > this.#high) this.#side = 'high';
    else if (value < this.#low) this.#side = 'low';
    else if (this.#isBack(value)) this.#side = 'inside';
    return this.#side === undefined ? undefined : this.#side !== 'inside';
  }

  #isBack(value: number): boolean {
    return (value <= this.#highReturn || this.#side === 'low') && (value >= this.#lowReturn || this.#side === 'high');
  }
}
