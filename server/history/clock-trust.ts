import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Catalogue } from './catalogue.ts';

export interface ClockTrustOptions {
  readonly catalogue: Pick<Catalogue, 'trustedMs' | 'setTrusted'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A server that was off for longer than this may just as well have a clock that is ahead. */
const OFF_MS = DAY_MS;
/** A clock that steps by more, or is so far behind what is stored, may be wrong. */
const STEP_MS = HOUR_MS;
/** A doubt ends when the server has run for so long without another: time for a person to see it. */
const DOUBT_MS = DAY_MS;

/**
 * Whether the server's clock can say how old the history is. One that is
 * wrong by years would take all of it at once. It is compared with itself
 * while the server runs, and at the start with the newest time that the
 * catalogue knows as trusted, which stays as it was while there is a doubt:
 * so a restart ends none.
 */
export class ClockTrust {
  readonly #options: ClockTrustOptions;
  #aheadMs: number; // of the monotonic clock
  #trustedMs: number | undefined; // as the catalogue has it; undefined before the first check
  #doubt: string | undefined;
  #doubtedUntilMs = 0;

  constructor(options: ClockTrustOptions) {
    this.#options = options;
    this.#aheadMs = options.clock.nowMs() - options.clock.monotonicMs();
  }

  /** Why the clock is not believed, in words; undefined while it is. As of the last check. */
  get doubt(): string | undefined {
    return this.#doubt;
  }

  /** To be called every minute. */
  async check(): Promise<void> {
    const { catalogue, clock } = this.#options;
    const nowMs = clock.nowMs();
    const monotonicMs = clock.monotonicMs();
    const stepMs = nowMs - monotonicMs - this.#aheadMs;
    this.#aheadMs += stepMs;
    if (Math.abs(stepMs) > STEP_MS) this.#begin(`was set by ${inWords(Math.abs(stepMs))}`);
    if (this.#trustedMs === undefined) {
      const trustedMs = await catalogue.trustedMs();
      this.#trustedMs = trustedMs ?? 0; // the next one is written
      const offMs = trustedMs === undefined ? 0 : nowMs - trustedMs;
      if (offMs > OFF_MS) this.#begin(`is ${inWords(offMs)} ahead of what is stored`);
      if (offMs < -STEP_MS) this.#begin(`is ${inWords(-offMs)} behind what is stored`);
    }
    if (monotonicMs >= this.#doubtedUntilMs) this.#doubt = undefined;
    if (this.#doubt !== undefined || Math.abs(nowMs - this.#trustedMs) < HOUR_MS) return;
    await catalogue.setTrusted(nowMs);
    this.#trustedMs = nowMs;
  }

  #begin(what: string): void {
    const { clock, log } = this.#options;
    this.#doubt = `the clock of the server ${what}`;
    this.#doubtedUntilMs = clock.monotonicMs() + DOUBT_MS;
    log.warn(
      { nowMs: clock.nowMs() },
      `${this.#doubt}: nothing is removed for its age until the server has run for a day`,
    );
  }
}

function inWords(ms: number): string {
  return ms < 2 * DAY_MS ? `${Math.round(ms / HOUR_MS)} hours` : `${Math.round(ms / DAY_MS)} days`;
}
