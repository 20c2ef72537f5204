import type { Answer, Diagnosis } from '../trend/diagnosis.ts';

/** How far two may differ, as the trainer's own comparison has it. */
const PARITY_TOLERANCE = 1e-5;
/** Answers of all channels that are remembered, the newest: five seconds of 4,000 a second. */
export const PARITY_KEPT = 20_000;
// A run of another stream that begins with the same window began at another time.
const SAME_NS = 1_000_000n;

/** What a model elsewhere made of a run. */
export interface ForeignRun extends Pick<Answer, 'probabilities'> {
  readonly channel: string;
  readonly first: number;
  readonly timeNs: bigint;
  readonly kind: 'class' | 'unknown' | 'unavailable';
  /** Both left out where it does not say. */
  readonly label?: string | undefined;
  readonly unknownScore?: number | undefined;
}

export interface ParityFound {
  /** Runs that both have looked at. */
  readonly compared: number;
  /** Those that came to something else, or differ by more than the tolerance. */
  readonly different: number;
  /** Largest difference of a probability, or of the unknown score in units of the larger one's magnitude where that is above 1. */
  readonly greatest: number;
}

/** All of the version in use. A run counts once, however often and by however many pages it was sent. */
export interface ParityTotals {
  readonly runs: number;
  /** Those of which any page said something else. */
  readonly different: number;
  readonly greatest: number;
  /** When the first was compared, ms since 1970 UTC. */
  readonly sinceMs: number;
}

export interface ParityDeskOptions {
  readonly clock: { nowMs(): number };
  /** Of a model, the version that is in use. */
  readonly versionOf: (model: string) => string | undefined;
}

interface Kept extends Answer {
  readonly kind: 'class' | 'unknown';
  readonly timeNs: bigint;
  /** As what it is in an account of its model, which may be over. */
  counted?: { readonly account: Account; readonly as: 'same' | 'different' };
}

interface Account {
  readonly version: string;
  totals: ParityTotals;
}

interface Difference {
  readonly isOther: boolean;
  readonly most: number;
}

interface Compared extends Difference {
  readonly own: Kept;
}

/**
 * Compares what models in browsers say with what the server's said of the same
 * runs. Remembers the newest answers, and one account of each model, of the
 * version in use, which begins anew where another one had its account meanwhile.
 * That a run was counted is remembered with its answer: of one that is forgotten
 * nothing is compared, so that no account has a run twice.
 */
export class ParityDesk {
  readonly #options: ParityDeskOptions;
  /** By model, version, channel and first window, the oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #accounts = new Map<string, Account>();

  constructor(options: ParityDeskOptions) {
    this.#options = options;
  }

  /** Takes what the server said of a run. */
  keep({ channel, first, timeNs, model, version, outcome }: Diagnosis): void {
    if (outcome.kind !== 'class' && outcome.kind !== 'unknown') return;
    const key = keyOf(model, version, channel, first);
    this.#kept.delete(key);
    this.#kept.set(key, { ...outcome, timeNs });
    if (this.#kept.size <= PARITY_KEPT) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }

  /** Says nothing of runs that it does not know, or that another version looked at. */
  compare(model: string, version: string, runs: readonly ForeignRun[]): ParityFound {
    const compared = runs.flatMap((run): Compared[] => {
      const own = this.#kept.get(keyOf(model, version, run.channel, run.first));
      const isKnown = own !== undefined && magnitude(own.timeNs - run.timeNs) < SAME_NS;
      return isKnown ? [{ own, ...difference(own, run) }] : [];
    });
    if (compared.length > 0 && this.#options.versionOf(model) === version) this.#count(model, version, compared);
    return {
      compared: compared.length,
      different: compared.filter(isDifferent).length,
      greatest: greatestOf(compared),
    };
  }

  /** Undefined where nothing was compared of the version in use. */
  totals(model: string): ParityTotals | undefined {
    return this.#account(model)?.totals;
  }

  #account(model: string): Account | undefined {
    const account = this.#accounts.get(model);
    return account?.version === this.#options.versionOf(model) ? account : undefined;
  }

  #count(model: string, version: string, compared: readonly Compared[]): void {
    const none = { runs: 0, different: 0, greatest: 0, sinceMs: this.#options.clock.nowMs() };
    const account = this.#account(model) ?? { version, totals: none };
    let { runs, different } = account.totals;
    for (const one of compared) {
      const { own } = one;
      const before = own.counted?.account === account ? own.counted.as : undefined;
      if (before === undefined) runs++;
      if (isDifferent(one) && before !== 'different') different++;
      own.counted = { account, as: isDifferent(one) ? 'different' : (before ?? 'same') };
    }
    const greatest = Math.max(account.totals.greatest, greatestOf(compared));
    account.totals = { ...account.totals, runs, different, greatest };
    this.#accounts.set(model, account);
  }
}

function keyOf(...parts: readonly (string | number)[]): string {
  return parts.join(' ');
}

/** What one of two answers does not say counts as 0; a run without an answer has no figures to compare. */
function difference(own: Kept, run: ForeignRun): Difference {
  if (run.kind === 'unavailable') return { isOther: true, most: 0 };
  const [score = 0, other = 0] = [own.unknownScore, run.unknownScore];
  let most = Math.abs(score - other) / Math.max(1, Math.abs(score), Math.abs(other));
  for (let i = 0; i < Math.max(own.probabilities.length, run.probabilities.length); i++) {
    most = Math.max(most, Math.abs((own.probabilities[i] ?? 0) - (run.probabilities[i] ?? 0)));
  }
  return { isOther: run.kind !== own.kind || run.label !== own.label, most };
}

function isDifferent({ isOther, most }: Difference): boolean {
  return isOther || most > PARITY_TOLERANCE;
}

function greatestOf(differences: readonly Difference[]): number {
  return Math.max(0, ...differences.map(({ most }) => most));
}

function magnitude(ns: bigint): bigint {
  return ns < 0n ? -ns : ns;
}
