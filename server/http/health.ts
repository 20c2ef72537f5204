import type { Clock } from '../base/clock.ts';
import { imbalances, type LedgerEntry } from '../trend/ledger.ts';
import { type WindowAccount, windowImbalances } from '../trend/window-account.ts';

/** The ingest thread accounts once a second; silent for longer than this, it hangs. */
const SILENCE_MS = 3000;
/** So long a loss of windows counts as a problem. */
const DROPPED_MS = 60_000;

export interface HealthOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** As of the newest ledger. */
  readonly windows: () => WindowAccount;
}

/** Why the server cannot do its work right now, from what the ingest thread says of itself. */
export class Health {
  readonly #options: HealthOptions;
  #failure: string | undefined;
  #heardMs: number;
  #dropped = 0;
  #droppedMs = Number.NEGATIVE_INFINITY;
  #unbalanced: string[] = [];

  constructor(options: HealthOptions) {
    this.#options = options;
    this.#heardMs = options.clock.monotonicMs();
  }

  /** The ingest thread has ended and does not come back. */
  fail(): void {
    this.#failure = 'the ingest thread has failed';
  }

  /** The ingest thread listens: it lives, however long the start took. */
  hear(): void {
    this.#heardMs = this.#options.clock.monotonicMs();
  }

  /** Takes in an account, which also says that the thread lives. */
  setLedger(entries: readonly LedgerEntry[]): void {
    this.hear();
    this.#unbalanced = entries.filter((entry) => imbalances(entry).length > 0).map(({ channel }) => channel);
    if (windowImbalances(this.#options.windows()).length > 0) this.#unbalanced.push('windows');
    this.#countDropped();
  }

  /** In words; empty while everything works. */
  problems(): readonly string[] {
    if (this.#failure !== undefined) return [this.#failure];
    this.#countDropped();
    const monotonicMs = this.#options.clock.monotonicMs();
    const problems: string[] = [];
    if (monotonicMs - this.#heardMs > SILENCE_MS) {
      problems.push(`the ingest thread has been silent for ${Math.floor((monotonicMs - this.#heardMs) / 1000)} s`);
    }
    if (monotonicMs - this.#droppedMs <= DROPPED_MS) problems.push('windows were dropped within the last minute');
    if (this.#unbalanced.length > 0) problems.push(`the ledger does not balance: ${this.#unbalanced.join(', ')}`);
    return problems;
  }

  #countDropped(): void {
    const { dropped } = this.#options.windows();
    if (dropped > this.#dropped) this.#droppedMs = this.#options.clock.monotonicMs();
    this.#dropped = dropped;
  }
}
