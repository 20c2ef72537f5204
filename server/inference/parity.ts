import type { Answer, Diagnosis } from '../trend/diagnosis.ts';

/** How far two may differ, as the trainer's own comparison has it. */
const PARITY_TOLERANCE = 1e-5;
/** Runs of a channel that are remembered: half a minute of two a second. */
export const PARITY_KEPT = 64;
// A run of another stream that begins with the same window began at another time.
const SAME_NS = 1_000_000n;

/** What a model elsewhere said of a run. */
export interface ForeignRun extends Pick<Answer, 'probabilities' | 'unknownScore'> {
  readonly channel: string;
  readonly first: number;
  readonly timeNs: bigint;
}

export interface ParityFound {
  /** Runs that both have looked at. */
  readonly compared: number;
  /** Those that differ by more than the tolerance. */
  readonly different: number;
  /** Largest difference of a probability, or of the unknown score in units of its magnitude where that is above 1. */
  readonly greatest: number;
}

/** All of one version of a model. */
export interface ParityTotals {
  readonly version: string;
  readonly runs: number;
  readonly different: number;
  readonly greatest: number;
  /** When the first was compared, ms since 1970 UTC. */
  readonly sinceMs: number;
}

interface Kept extends Pick<Diagnosis, 'first' | 'timeNs' | 'model' | 'version'> {
  readonly answer: Answer;
}

/**
 * Compares what models in browsers say with what the server's said of the same
 * runs. Remembers the newest answers of each channel, and one account of each
 * model, which begins anew with another version.
 */
export class ParityDesk {
  readonly #nowMs: () => number;
  readonly #kept = new Map<string, Kept[]>();
  readonly #totals = new Map<string, ParityTotals>();

  constructor(clock: { nowMs(): number }) {
    this.#nowMs = () => clock.nowMs();
  }

  /** Takes what the server said of a run. */
  keep({ channel, first, timeNs, model, version, outcome }: Diagnosis): void {
    if (outcome.kind !== 'class' && outcome.kind !== 'unknown') return;
    const kept = this.#kept.get(channel) ?? [];
    kept.push({ first, timeNs, model, version, answer: outcome });
    if (kept.length > PARITY_KEPT) kept.shift();
    this.#kept.set(channel, kept);
  }

  /** Says nothing of runs that it does not know, or that another version looked at. */
  compare(model: string, version: string, runs: readonly ForeignRun[]): ParityFound {
    const differences = runs.flatMap((run) => {
      const own = this.#find(model, version, run);
      return own === undefined ? [] : [difference(own, run)];
    });
    const found = {
      compared: differences.length,
      different: differences.filter((most) => most > PARITY_TOLERANCE).length,
      greatest: Math.max(0, ...differences),
    };
    if (found.compared > 0) this.#count(model, version, found);
    return found;
  }

  /** Undefined where nothing of its newest version was compared. */
  totals(model: string): ParityTotals | undefined {
    return this.#totals.get(model);
  }

  #find(model: string, version: string, { channel, first, timeNs }: ForeignRun): Answer | undefined {
    return this.#kept.get(channel)?.findLast((own) => {
      const isModel = own.model === model && own.version === version;
      return isModel && own.first === first && magnitude(own.timeNs - timeNs) < SAME_NS;
    })?.answer;
  }

  #count(model: string, version: string, { compared, different, greatest }: ParityFound): void {
    const before = this.#totals.get(model);
    const none = { version, runs: 0, different: 0, greatest: 0, sinceMs: this.#nowMs() };
    const totals = before?.version === version ? before : none;
    this.#totals.set(model, {
      ...totals,
      runs: totals.runs + compared,
      different: totals.different + different,
      greatest: Math.max(totals.greatest, greatest),
    });
  }
}

/** What one of them does not say counts as 0. */
function difference(own: Answer, run: Pick<Answer, 'probabilities' | 'unknownScore'>): number {
  const [score = 0, other = 0] = [own.unknownScore, run.unknownScore];
  let most = Math.abs(score - other) / Math.max(1, Math.abs(score));
  for (let i = 0; i < Math.max(own.probabilities.length, run.probabilities.length); i++) {
    most = Math.max(most, Math.abs((own.probabilities[i] ?? 0) - (run.probabilities[i] ?? 0)));
  }
  return most;
}

function magnitude(ns: bigint): bigint {
  return ns < 0n ? -ns : ns;
}
