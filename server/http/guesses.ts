import type { Clock } from '../base/clock.ts';
import { addressBytes } from '../base/ip-address.ts';

const PERIOD_MS = 15 * 60_000;
/**
 * Wrong guesses in that time, from one address and of all together; past it one is looked at in each pause, ms.
 * From one address these are ten in any such time: five at once, and five in the pauses after them.
 */
const ADDRESS = { limit: 5, pauseMs: 150_000 };
const ALL = { limit: 100, pauseMs: 10_000 };
/** Networks that the right secret came from. */
const KNOWN = 100;
const PREFIX_BYTES = 8;

/**
 * Remembers who guessed wrongly of late. Past the limits guesses are slow, and
 * nobody is locked out: from where the right secret came before, guesses of
 * other addresses do not count. Bounded, as guesses are.
 */
export class Guesses {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #wrong: readonly { readonly from: string; readonly atMs: number }[] = [];
  #known: readonly string[] = [];

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** How long nobody at `address` may guess, ms: 0 where they may. */
  waitMs(address: string): number {
    const nowMs = this.#clock.monotonicMs();
    this.#wrong = this.#wrong.filter(({ atMs }) => nowMs - atMs < PERIOD_MS);
    const network = networkOf(address);
    const own = this.#wrong.filter(({ from }) => from === network);
    const ofAll = this.#known.includes(network) ? 0 : endOf(this.#wrong, ALL);
    return Math.max(0, endOf(own, ADDRESS) - nowMs, ofAll - nowMs);
  }

  countWrong(address: string): void {
    this.#wrong = [...this.#wrong, { from: networkOf(address), atMs: this.#clock.monotonicMs() }];
  }

  countRight(address: string): void {
    const network = networkOf(address);
    this.#known = [...this.#known.filter((known) => known !== network), network].slice(-KNOWN);
  }
}

// When so many are fewer than the limit again, or the pause after the last one is over.
function endOf(wrong: readonly { readonly atMs: number }[], { limit, pauseMs }: typeof ADDRESS): number {
  const blocking = wrong.at(-limit);
  return blocking === undefined ? 0 : Math.min(blocking.atMs + PERIOD_MS, wrong.at(-1)!.atMs + pauseMs);
}

/** An IPv4 address, or the first 64 bits of an IPv6 one: what a host may choose freely says nothing of it. */
function networkOf(address: string): string {
  return Buffer.from(addressBytes(address)?.subarray(0, PREFIX_BYTES) ?? []).toString('hex');
}
