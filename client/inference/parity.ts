import type { ModelManifest } from '../../server/model/manifest.ts';
import type { Diagnosis } from '../../server/trend/diagnosis.ts';
import type { ParityReply, ParityRequest, ParityRun } from '../../server/wire/parity.ts';
import { PARITY_RUNS } from '../../server/wire/parity.ts';

/** How far this page and the server agree on the runs of one version of a model. */
export interface ParityState {
  /** Runs that were sent. */
  readonly sent: number;
  /** Those that both looked at. */
  readonly runs: number;
  /** Those that came to something else, or differ by more than the tolerance. */
  readonly different: number;
  /** Largest difference of a probability, or of the unknown score in units of its magnitude where that is above 1. */
  readonly greatest: number;
  /** When the first and the last were compared, ms since 1970 UTC, server clock. */
  readonly sinceMs: number | undefined;
  readonly lastMs: number | undefined;
  /** Runs have been sent for ten seconds, and the server knew none of them. */
  readonly isUnmatched: boolean;
  /** Why the newest could not be compared, in words. */
  readonly problem: string | undefined;
}

export interface ParityOptions {
  /** The server's, as far as this page knows it. */
  readonly clock: { readonly nowMs: number | undefined };
  /** Asks the server to compare runs with its own. */
  readonly compare: (model: string, request: ParityRequest) => Promise<ParityReply>;
  readonly onChange: () => void;
}

const EVERY_MS = 2000;
/** A run is sent after so long: the server, too, has looked at it by then. */
const SETTLE_MS = 1500;
/** Runs of a model that wait to be sent; of more, those that come first are kept. */
const KEPT_RUNS = 1024;
/** So long may what is sent come to nothing. */
const UNMATCHED_MS = 10_000;

const NOTHING: ParityState = {
  sent: 0,
  runs: 0,
  different: 0,
  greatest: 0,
  sinceMs: undefined,
  lastMs: undefined,
  isUnmatched: false,
  problem: undefined,
};

interface Account {
  readonly manifest: ModelManifest;
  state: ParityState;
  kept: { readonly run: ParityRun; readonly keptMs: number }[];
  /** When the first was sent since the server last knew one, by this page's clock. */
  unmatchedMs: number | undefined;
}

/**
 * Sends what the models here said to the server, which compares it with what
 * its own said of the same runs. Of more than `PARITY_RUNS` of a model within
 * two seconds so many are sent, evenly spread.
 */
export class Parity {
  readonly #options: ParityOptions;
  readonly #accounts = new Map<string, Account>();
  readonly #timer: ReturnType<typeof setInterval>;
  #isAsking = false;
  #isClosed = false;

  constructor(options: ParityOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#send(), EVERY_MS);
  }

  get states(): ReadonlyMap<string, ParityState> {
    return new Map([...this.#accounts].map(([name, { state }]) => [name, state]));
  }

  /** Another manifest is another comparison. */
  setModel(manifest: ModelManifest): void {
    if (this.#accounts.get(manifest.name)?.manifest !== manifest) this.#begin(manifest);
  }

  /** Another life of the server: all begins anew. */
  restart(): void {
    for (const { manifest } of [...this.#accounts.values()]) this.#begin(manifest);
  }

  keep({ channel, first, timeNs, model, version, outcome }: Diagnosis): void {
    const account = this.#accounts.get(model);
    if (account?.manifest.version !== version || account.kept.length >= KEPT_RUNS) return;
    const { kind } = outcome;
    if (kind === 'incomplete' || kind === 'dropped') return;
    const answer =
      kind === 'unavailable'
        ? { kind, probabilities: [] }
        : { kind, label: outcome.label, probabilities: outcome.probabilities, unknownScore: outcome.unknownScore };
    account.kept.push({ run: { channel, first, fromNs: String(timeNs), ...answer }, keptMs: performance.now() });
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  #begin(manifest: ModelManifest): void {
    this.#accounts.set(manifest.name, { manifest, state: NOTHING, kept: [], unmatchedMs: undefined });
  }

  async #send(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const settledMs = performance.now() - SETTLE_MS;
    for (const account of [...this.#accounts.values()]) {
      const settled = account.kept.filter(({ keptMs }) => keptMs <= settledMs);
      if (settled.length === 0) continue;
      account.kept = account.kept.slice(settled.length);
      await this.#compare(
        account,
        evenly(settled, PARITY_RUNS).map(({ run }) => run),
      );
    }
    this.#isAsking = false;
  }

  async #compare(account: Account, runs: readonly ParityRun[]): Promise<void> {
    const { clock, compare, onChange } = this.#options;
    const { name, version } = account.manifest;
    account.unmatchedMs ??= performance.now();
    let found: Partial<ParityReply> & { problem?: string };
    try {
      found = await compare(name, { version, runs });
    } catch (error) {
      found = { problem: error instanceof Error ? error.message : String(error) };
    }
    if (this.#isClosed || this.#accounts.get(name) !== account) return;
    const { compared = 0, different = 0, greatest = 0, problem } = found;
    if (compared > 0) account.unmatchedMs = undefined;
    const { state, unmatchedMs } = account;
    const matchedMs = compared > 0 ? clock.nowMs : undefined;
    account.state = {
      sent: state.sent + runs.length,
      runs: state.runs + compared,
      different: state.different + different,
      greatest: Math.max(state.greatest, greatest),
      sinceMs: state.sinceMs ?? matchedMs,
      lastMs: matchedMs ?? state.lastMs,
      isUnmatched: unmatchedMs !== undefined && performance.now() - unmatchedMs >= UNMATCHED_MS,
      problem,
    };
    onChange();
  }
}

/** At most `limit` of them, from the first on equally far apart. */
function evenly<T>(of: readonly T[], limit: number): T[] {
  const count = Math.min(of.length, limit);
  return Array.from({ length: count }, (_, i) => of[Math.floor((i * of.length) / count)]);
}
