import type { WholeDefinition } from '../wire/alarm-definitions.ts';
import { STOPPED_MS, type Verdict } from './conditions/condition.ts';

/**
 * Holds back what a condition says until it has lasted: `onDelaySeconds` for
 * its presence, `offDelaySeconds` for its absence. What it says the other way
 * meanwhile ends the waiting.
 *
 * Time is told by the samples. When they have stopped the server's clock
 * carries it on, from the first tick after the last of them; where they come
 * again it is theirs that counts. A sample clock that steps back stands still
 * meanwhile.
 *
 * It begins undecided, so the first that lasts is told, be it presence or
 * absence: what was there before a restart is confirmed or cleared by data only.
 */
export class Delay {
  readonly #onNs: number;
  readonly #offNs: number;
  #told: Verdict;
  #awaited: Verdict;
  #lastedNs = 0; // by the samples
  #lastNs: bigint | undefined;
  #idleSinceMs: number | undefined;

  constructor({ onDelaySeconds, offDelaySeconds }: Pick<WholeDefinition, 'onDelaySeconds' | 'offDelaySeconds'>) {
    this.#onNs = onDelaySeconds * 1e9;
    this.#offNs = offDelaySeconds * 1e9;
  }

  /** What is there and has not lasted yet. */
  get awaited(): Verdict {
    return this.#awaited;
  }

  /** Whether there is nothing to do about `verdict`, whatever the time. */
  isIdle(verdict: Verdict): boolean {
    return this.#awaited === undefined && (verdict === undefined || verdict === this.#told);
  }

  /** Takes what the condition says at a time of the sample clock, ns since 1970 UTC. Gives what has lasted with that. */
  sample(verdict: Verdict, timeNs: bigint): Verdict {
    if (this.#turn(verdict)) this.#lastNs = timeNs;
    if (this.#awaited === undefined) return undefined;
    if (this.#lastNs !== undefined) this.#lastedNs += Math.max(Number(timeNs - this.#lastNs), 0);
    this.#lastNs = timeNs;
    this.#idleSinceMs = undefined;
    return this.#tell(this.#lastedNs);
  }

  /** Takes what the condition says, or that time goes on: ms that the server has listened. Gives what has lasted with that. */
  tick(verdict: Verdict, nowMs: number): Verdict {
    this.#turn(verdict);
    if (this.#awaited === undefined) return undefined;
    this.#idleSinceMs ??= nowMs;
    const idleMs = nowMs - this.#idleSinceMs;
    if (this.#lastNs !== undefined && idleMs < STOPPED_MS) return undefined; // their clock goes on
    return this.#tell(this.#lastedNs + idleMs * 1e6);
  }

  /** Whether something is awaited from here on. */
  #turn(verdict: Verdict): boolean {
    if (verdict === undefined || verdict === this.#awaited) return false;
    this.#awaited = verdict === this.#told ? undefined : verdict;
    this.#lastedNs = 0;
    this.#lastNs = undefined;
    this.#idleSinceMs = undefined;
    return this.#awaited !== undefined;
  }

  #tell(lastedNs: number): Verdict {
    if (lastedNs < (this.#awaited ? this.#onNs : this.#offNs)) return undefined;
    this.#told = this.#awaited;
    this.#awaited = undefined;
    return this.#told;
  }
}
