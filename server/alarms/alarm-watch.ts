import type { Diagnosis } from '../trend/diagnosis.ts';
import type { LedgerEntry } from '../trend/ledger.ts';
import type { TrendWindow } from '../trend/trend-window.ts';
import type { WholeDefinition } from '../wire/alarm-definitions.ts';
import type { AlarmFinding, SystemFigure } from '../wire/alarms.ts';
import type { Condition, Verdict } from './conditions/condition.ts';
import { Delay } from './delay.ts';

/** Where a condition began, by the sample clock, ns since 1970 UTC, and what was found there. */
interface Beginning {
  readonly beganNs?: bigint | undefined;
  readonly finding: AlarmFinding;
}

/**
 * What has become of one alarm's condition. Times are of the sample clock, ns
 * since 1970 UTC, and undefined where no sample tells them.
 */
export type WatchStep =
  /** It is present and has not lasted for its delay: `raise`, `ended` or `clear` follows. Left out where there is no delay. */
  | ({ readonly event: 'began' } & Beginning)
  /** It is over before it had lasted. */
  | { readonly event: 'ended' }
  | ({ readonly event: 'raise'; readonly atNs?: bigint | undefined } & Beginning)
  | { readonly event: 'clear'; readonly atNs?: bigint | undefined };

/**
 * Watches for one alarm: its condition with its delays. Fed with the same it
 * gives the same steps. It begins undecided, so its first step may raise or
 * clear what is so already.
 *
 * While nothing changes, it makes no object.
 */
export class AlarmWatch {
  readonly #condition: Condition;
  readonly #delay: Delay;
  #beginning: Beginning | undefined;

  constructor(condition: Condition, delays: Pick<WholeDefinition, 'onDelaySeconds' | 'offDelaySeconds'>) {
    this.#condition = condition;
    this.#delay = new Delay(delays);
  }

  /** What it is to be fed with, besides ticks: `silence` wants windows. */
  get input(): Condition['input'] {
    return this.#condition.input;
  }

  /** Of which figure of the server it is, if of any. */
  get figure(): SystemFigure | undefined {
    return this.#condition.input === 'figure' ? this.#condition.figure : undefined;
  }

  takeWindow(window: TrendWindow): WatchStep | undefined {
    const condition = this.#condition;
    if (condition.input !== 'window' && condition.input !== 'silence') return undefined;
    return this.#sample(condition.take(window), window.timeNs);
  }

  takeDiagnosis(diagnosis: Diagnosis): WatchStep | undefined {
    const condition = this.#condition;
    if (condition.input !== 'diagnosis') return undefined;
    return this.#sample(condition.take(diagnosis), diagnosis.endNs);
  }

  /** Takes the account of its channel; `nowMs` as of `tick`. */
  takeLedger(entry: LedgerEntry, nowMs: number): WatchStep | undefined {
    const condition = this.#condition;
    if (condition.input !== 'ledger') return undefined;
    return this.#tick(condition.take(entry, nowMs), nowMs);
  }

  /** Takes the figure of the server that it is of; `nowMs` as of `tick`. */
  takeFigure(value: number, nowMs: number): WatchStep | undefined {
    const condition = this.#condition;
    if (condition.input !== 'figure') return undefined;
    return this.#tick(condition.take(value), nowMs);
  }

  /** Time goes on: ms that the server has listened, as `ListenedTime` has them. To be told some times a second. */
  tick(nowMs: number): WatchStep | undefined {
    const condition = this.#condition;
    return this.#tick(condition.input === 'silence' ? condition.tick(nowMs) : undefined, nowMs);
  }

  #sample(verdict: Verdict, timeNs: bigint): WatchStep | undefined {
    if (this.#delay.isIdle(verdict)) return undefined;
    return this.#step(this.#delay.sample(verdict, timeNs), timeNs);
  }

  #tick(verdict: Verdict, nowMs: number): WatchStep | undefined {
    if (this.#delay.isIdle(verdict)) return undefined;
    return this.#step(this.#delay.tick(verdict, nowMs), undefined);
  }

  #step(lasting: Verdict, atNs: bigint | undefined): WatchStep | undefined {
    const beginning = this.#beginning;
    if (lasting === undefined && this.#delay.awaited) {
      if (beginning !== undefined) return undefined;
      this.#beginning = this.#find();
      return { event: 'began', ...this.#beginning };
    }
    this.#beginning = undefined;
    if (lasting === true) return { event: 'raise', atNs, ...(beginning ?? this.#find()) };
    if (lasting === false) return { event: 'clear', atNs };
    return beginning && { event: 'ended' };
  }

  #find(): Beginning {
    const { beganNs, finding } = this.#condition;
    return { beganNs, finding };
  }
}
