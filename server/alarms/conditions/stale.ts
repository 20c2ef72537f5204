import { type TrendWindow, windowNs } from '../../trend/trend-window.ts';
import type { AlarmCondition } from '../../wire/alarm-definitions.ts';
import type { AlarmFinding } from '../../wire/alarms.ts';
import { STOPPED_MS, type Verdict } from './condition.ts';

type Stale = Extract<AlarmCondition, { kind: 'stale' }>;

/** Of how many windows the silence is longer where the definition does not say. */
const STOPPED_WINDOWS = 3;

/**
 * No window has come for so long, whatever is in them. A channel of which none
 * has come yet is silent since the first tick.
 *
 * Silence is counted from the first tick after a window, so it is told at most
 * one tick too late, and never too early.
 */
export class StaleCondition {
  readonly input = 'silence';
  readonly #limitMs: number | undefined;
  #last: TrendWindow | undefined;
  #isHeard = true;
  #silentSinceMs = 0;
  #silentMs = 0;

  constructor({ seconds }: Stale) {
    this.#limitMs = seconds === undefined ? undefined : seconds * 1000;
  }

  /** In seconds. */
  get finding(): AlarmFinding {
    return { value: this.#silentMs / 1000, limit: this.#limit() / 1000 };
  }

  /** The end of the last window. */
  get beganNs(): bigint | undefined {
    const last = this.#last;
    return last && last.timeNs + BigInt(Math.round(windowNs(last)));
  }

  take(window: TrendWindow): Verdict {
    this.#last = window;
    this.#isHeard = true;
    return false;
  }

  tick(nowMs: number): Verdict {
    if (this.#isHeard) this.#silentSinceMs = nowMs;
    this.#isHeard = false;
    this.#silentMs = nowMs - this.#silentSinceMs;
    return this.#silentMs > this.#limit() ? true : undefined;
  }

  #limit(): number {
    if (this.#limitMs !== undefined) return this.#limitMs;
    const windowMs = this.#last === undefined ? 0 : windowNs(this.#last) / 1e6;
    return Math.max(STOPPED_MS, STOPPED_WINDOWS * windowMs);
  }
}
