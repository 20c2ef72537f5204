import type { Clock } from '../base/clock.ts';
import { addressBytes } from '../base/ip-address.ts';

const PERIOD_MS = 15 * 60_000;
/** Wrong guesses in that time: from one address, and of all together. */
const ADDRESS_LIMIT = 10;
const LIMIT = 100;
const PREFIX_BYTES = 8;

/** Remembers who guessed wrongly of late: at most `LIMIT` of them, as past it nobody may guess. */
export class Guesses {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #wrong: readonly { readonly from: string; readonly atMs: number }[] = [];

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** How long nobody at `address` may guess, ms: 0 where they may. */
  waitMs(address: string): number {
    const nowMs = this.#clock.monotonicMs();
    this.#wrong = this.#wrong.filter(({ atMs }) => nowMs - atMs < PERIOD_MS);
    const own = this.#wrong.filter(({ from }) => from === networkOf(address));
    return Math.max(0, ...[endOf(own, ADDRESS_LIMIT), endOf(this.#wrong, LIMIT)].map((endMs) => endMs - nowMs));
  }

  countWrong(address: string): void {
    this.#wrong = [...this.#wrong, { from: networkOf(address), atMs: this.#clock.monotonicMs() }];
  }
}

// When so many are fewer than the limit again.
function endOf(wrong: readonly { readonly atMs: number }[], limit: number): number {
  const blocking = wrong.at(-limit);
  return blocking === undefined ? 0 : blocking.atMs + PERIOD_MS;
}

/** An IPv4 address, or the first 64 bits of an IPv6 one: what a host may choose freely says nothing of it. */
function networkOf(address: string): string {
  return Buffer.from(addressBytes(address)?.subarray(0, PREFIX_BYTES) ?? []).toString('hex');
}
