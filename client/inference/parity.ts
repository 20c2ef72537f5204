import type { Diagnosis } from '../../server/trend/diagnosis.ts';
import type { ParityReply, ParityRequest, ParityRun } from '../../server/wire/parity.ts';
import { PARITY_RUNS } from '../../server/wire/parity.ts';

/** How far this page and the server agree on the runs of one version of a model. */
export interface ParityState {
  readonly version: string;
  /** Runs that both looked at. */
  readonly runs: number;
  /** Those that they differ on by more than the tolerance. */
  readonly different: number;
  /** Largest difference of a probability, or of the unknown score in units of its magnitude where that is above 1. */
  readonly greatest: number;
  /** When the first was compared, ms since 1970 UTC by this page's clock. */
  readonly sinceMs: number | undefined;
  /** Why the newest could not be compared, in words. */
  readonly problem: string | undefined;
}

export interface ParityOptions {
  /** Asks the server to compare runs with its own. */
  readonly compare: (model: string, request: ParityRequest) => Promise<ParityReply>;
  readonly onChange: () => void;
}

const EVERY_MS = 2000;
/** A run is sent after so long: the server, too, has looked at it by then. */
const SETTLE_MS = 1500;

interface Kept {
  readonly run: ParityRun;
  readonly keptMs: number;
}

/**
 * Sends what the models here said to the server, which compares it with what
 * its own said of the same runs. Of more than `PARITY_RUNS` of a model within
 * two seconds the newest are sent.
 */
export class Parity {
  readonly #options: ParityOptions;
  readonly #states = new Map<string, ParityState>();
  readonly #kept = new Map<string, Kept[]>();
  readonly #timer: ReturnType<typeof setInterval>;
  #isAsking = false;
  #isClosed = false;

  constructor(options: ParityOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#send(), EVERY_MS);
  }

  get states(): ReadonlyMap<string, ParityState> {
    return this.#states;
  }

  /** Another version is another comparison. */
  setModel(name: string, version: string): void {
    if (this.#states.get(name)?.version === version) return;
    this.#kept.delete(name);
    this.#states.set(name, {
      version,
      runs: 0,
      different: 0,
      greatest: 0,
      sinceMs: undefined,
      problem: undefined,
    });
  }

  keep({ channel, first, timeNs, model, version, outcome }: Diagnosis): void {
    if (outcome.kind !== 'class' && outcome.kind !== 'unknown') return;
    if (this.#states.get(model)?.version !== version) return;
    const { probabilities, unknownScore } = outcome;
    const run = { channel, first, fromNs: String(timeNs), probabilities, unknownScore };
    const kept = this.#kept.get(model) ?? [];
    kept.push({ run, keptMs: performance.now() });
    if (kept.length > PARITY_RUNS) kept.shift();
    this.#kept.set(model, kept);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  async #send(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const settledMs = performance.now() - SETTLE_MS;
    for (const [model, kept] of [...this.#kept]) {
      const runs = kept.filter(({ keptMs }) => keptMs <= settledMs).map(({ run }) => run);
      if (runs.length === 0) continue;
      this.#kept.set(model, kept.slice(runs.length));
      await this.#compare(model, runs);
    }
    this.#isAsking = false;
  }

  async #compare(model: string, runs: readonly ParityRun[]): Promise<void> {
    const { version } = this.#states.get(model) as ParityState;
    let found: Partial<ParityReply> & { problem?: string };
    try {
      found = await this.#options.compare(model, { version, runs });
    } catch (error) {
      found = { problem: error instanceof Error ? error.message : String(error) };
    }
    const state = this.#states.get(model);
    if (this.#isClosed || state === undefined || state.version !== version) return;
    const { compared = 0, different = 0, greatest = 0, problem } = found;
    this.#states.set(model, {
      version,
      runs: state.runs + compared,
      different: state.different + different,
      greatest: Math.max(state.greatest, greatest),
      sinceMs: state.sinceMs ?? (compared > 0 ? Date.now() : undefined),
      problem,
    });
    this.#options.onChange();
  }
}
