import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { ProtocolError } from './protocol.ts';

const GUESSES = 10;
const GUESS_MS = 60_000;
const PAIR_LIMIT = 10_000;

/**
 * Checks the tokens of channels, and slows who guesses: ten wrong ones for a
 * channel from one address, then one a minute. Past that even the right one is
 * refused from there, and counted; other addresses are not touched.
 *
 * Remembers 10,000 pairs of address and channel; past it the one that guessed
 * longest ago is forgotten.
 */
export class TokenGuard {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #paidMs = new Map<string, number>(); // when the last guess is forgiven; the newest guess last
  #refused = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Tokens that were not looked at, because there were too many wrong ones before. */
  get refused(): number {
    return this.#refused;
  }

  /** Throws `TOKEN_INVALID` unless `given` is `secret`. */
  check(secret: string, given: string | undefined, channel: string, address: string): void {
    if (given === undefined) throw new ProtocolError('TOKEN_INVALID', 'the channel asks for a token');
    const pair = `${address} ${channel}`;
    const nowMs = this.#clock.monotonicMs();
    const paidMs = Math.max(nowMs, this.#paidMs.get(pair) ?? nowMs);
    if (paidMs - nowMs > (GUESSES - 1) * GUESS_MS) {
      this.#refused++;
      throw new ProtocolError('TOKEN_INVALID', 'too many wrong tokens from this address: wait a minute');
    }
    if (isEqual(secret, given)) return;
    this.#paidMs.delete(pair);
    this.#paidMs.set(pair, paidMs + GUESS_MS);
    for (const oldest of this.#paidMs.keys()) {
      if (this.#paidMs.size <= PAIR_LIMIT) break;
      this.#paidMs.delete(oldest);
    }
    throw new ProtocolError('TOKEN_INVALID', 'wrong token');
  }
}

// Compares as many bytes whatever was given, so that its time tells nothing of the secret.
function isEqual(secret: string, given: string): boolean {
  const expected = Buffer.from(secret);
  const found = Buffer.from(given);
  const isSame = timingSafeEqual(expected, found.length === expected.length ? found : Buffer.alloc(expected.length));
  return isSame && found.length === expected.length;
}
