import type { Clock } from '../base/clock.ts';
import type { Diagnosis } from '../trend/diagnosis.ts';
import type { StoredDiagnosis } from '../trend/diagnosis-history.ts';
import { heldNs } from '../trend/time-range.ts';

/** What is stored of the stream and model of a diagnosis. */
export interface KnownDiagnoses {
  /** Whether this very one is. */
  readonly isStored: boolean;
  /** The greatest first window; undefined where there is none. */
  readonly newest: number | undefined;
}

export interface DiagnosisIntakeOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** How long diagnoses may wait while nothing can be written; then the oldest are given up. */
  readonly holdMs: number;
  /** Looks into the files. May reject; it is tried again. */
  readonly find: (diagnosis: Diagnosis) => Promise<KnownDiagnoses>;
}

/** Counts are since the start. */
export interface DiagnosisIntakeStatus {
  readonly stored: number;
  /** Not durable yet. */
  readonly waiting: number;
  /** Could not be written for too long, too many waited, or a figure is none that can be kept. */
  readonly givenUp: number;
  /** Came again. */
  readonly duplicates: number;
}

/** Past it the oldest are given up: a minute of a hundred channels with two a second, about 10 MB. */
export const DIAGNOSES_WAITING = 20_000;
/** Streams and models of which it is known how far they go; of others the files are asked. */
const KNOWN = 10_000;
const RETRY_MS = 500;
/** From one batch to the next: a table more costs a commit a millisecond. */
const BATCH_MS = 1000;
/** Characters of a reason that are kept. */
const REASON = 500;

interface Waiting {
  readonly diagnosis: StoredDiagnosis;
  readonly sinceMs: number;
}

/** Takes diagnoses in order, leaves out those that are there already, and keeps the rest until they are written. */
export class DiagnosisIntake {
  readonly #options: DiagnosisIntakeOptions;
  readonly #arrivals: Diagnosis[] = []; // of which it is not known whether they are new
  #pending: Waiting[] = [];
  #batch: readonly StoredDiagnosis[] = []; // being written
  #batchMs = Number.NEGATIVE_INFINITY;
  readonly #newest = new Map<string, number>(); // greatest first window by stream and model, the latest asked for last
  readonly #ends = new Map<string, bigint>(); // of the run that came last, by channel
  #isPumping = false;
  #pumping: Promise<void> | undefined;
  #isClosing = false;
  #stored = 0;
  #givenUp = 0;
  #duplicates = 0;

  constructor(options: DiagnosisIntakeOptions) {
    this.#options = options;
  }

  take(diagnoses: readonly Diagnosis[]): void {
    for (const diagnosis of diagnoses) this.#arrivals.push(diagnosis);
    this.#giveUp(0);
    if (!this.#isPumping) this.#pumping = this.#pump();
  }

  status(): DiagnosisIntakeStatus {
    const waiting = this.#arrivals.length + this.#pending.length + this.#batch.length;
    return { stored: this.#stored, waiting, givenUp: this.#givenUp, duplicates: this.#duplicates };
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  /** What no segment is known to have, but for what is still looked for; of one channel where it is given. */
  unstored(channel?: string): StoredDiagnosis[] {
    const all = [...this.#batch, ...this.#pending.map(({ diagnosis }) => diagnosis)];
    return channel === undefined ? all : all.filter((one) => one.channel === channel);
  }

  /** All that is pending, to be written, where it is time or `when` says so: `setStored` says that it is. The batch before must be. */
  takeBatch(when: 'all' | 'when due'): readonly StoredDiagnosis[] {
    const nowMs = this.#options.clock.monotonicMs();
    if (when === 'when due' && nowMs - this.#batchMs < BATCH_MS) return this.#batch;
    this.#batchMs = nowMs;
    this.#batch = this.#pending.map(({ diagnosis }) => diagnosis);
    this.#pending = [];
    return this.#batch;
  }

  /** What the last batch had is durable. */
  setStored(): void {
    this.#stored += this.#batch.length;
    this.#batch = [];
  }

  /** Of those that cannot be written, what has waited for too long. */
  giveUpOldest(): void {
    const { clock, holdMs } = this.#options;
    const beforeMs = clock.monotonicMs() - holdMs;
    const inTime = this.#pending.findIndex(({ sinceMs }) => sinceMs >= beforeMs);
    this.#giveUp(inTime < 0 ? this.#pending.length : inTime);
  }

  /** Resolves when everything that came is taken, or cannot be. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#pumping;
  }

  // The oldest of what is pending, and more where too many wait.
  #giveUp(late: number): void {
    const over = Math.max(0, this.#arrivals.length + this.#pending.length - DIAGNOSES_WAITING);
    const gone = this.#pending.splice(0, Math.max(late, over)).length;
    const unasked = this.#arrivals.splice(0, Math.max(0, over - gone)).length;
    this.#givenUp += gone + unasked;
  }

  async #pump(): Promise<void> {
    this.#isPumping = true;
    for (let next = this.#arrivals[0]; next !== undefined; next = this.#arrivals[0]) {
      const isNew = isSound(next) ? await this.#isNew(next) : undefined;
      if (this.#arrivals[0] !== next) continue; // given up meanwhile
      this.#arrivals.shift();
      if (isNew === undefined) this.#givenUp++;
      else if (isNew) this.#add(next);
      else this.#duplicates++;
    }
    this.#isPumping = false;
  }

  // Runs of a stream come in order, so the files are asked only about the first one, and about one that is not after the last.
  async #isNew(diagnosis: Diagnosis): Promise<boolean | undefined> {
    const line = lineOf(diagnosis);
    const newest = this.#newest.get(line);
    if (newest !== undefined && diagnosis.first > newest) return true;
    if (this.unstored().some((one) => one.first === diagnosis.first && lineOf(one) === line)) return false;
    const known = await this.#find(diagnosis);
    if (known === undefined) return undefined;
    this.#remember(line, Math.max(newest ?? 0, known.newest ?? 0));
    return !known.isStored;
  }

  async #find(diagnosis: Diagnosis): Promise<KnownDiagnoses | undefined> {
    for (;;) {
      try {
        return await this.#options.find(diagnosis);
      } catch {
        if (this.#isClosing) return undefined;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS)); // the writer says what is wrong
        if (this.#arrivals[0] !== diagnosis) return undefined;
      }
    }
  }

  #add(diagnosis: Diagnosis): void {
    const { channel, first, outcome } = diagnosis;
    const [timeNs, endNs] = [heldNs(diagnosis.timeNs), heldNs(diagnosis.endNs)];
    const before = this.#ends.get(channel) ?? timeNs;
    const sinceNs = timeNs < before && before <= endNs ? before : timeNs;
    const kept: StoredDiagnosis = {
      ...{ ...diagnosis, timeNs, endNs, sinceNs },
      outcome: 'reason' in outcome ? { ...outcome, reason: outcome.reason.slice(0, REASON) } : outcome,
    };
    this.#pending.push({ diagnosis: kept, sinceMs: this.#options.clock.monotonicMs() });
    const line = lineOf(diagnosis);
    this.#remember(line, Math.max(this.#newest.get(line) ?? 0, first));
    this.#ends.delete(channel);
    this.#ends.set(channel, endNs);
    if (this.#ends.size > KNOWN) this.#ends.delete(this.#ends.keys().next().value!);
  }

  #remember(line: string, first: number): void {
    this.#newest.delete(line);
    this.#newest.set(line, first);
    if (this.#newest.size > KNOWN) this.#newest.delete(this.#newest.keys().next().value!);
  }
}

// One that the table does not take would keep windows from being written too.
function isSound({ first, points, timeNs, endNs, outcome }: Diagnosis): boolean {
  const isCount = (value: number, below: number) => Number.isInteger(value) && value >= 0 && value < below;
  const isAnswer = !('label' in outcome) || isCount(outcome.classIndex, 2 ** 16);
  return isCount(first, 2 ** 53) && isCount(points, 2 ** 32) && timeNs < endNs && isAnswer;
}

function lineOf({ channel, stream, model, version }: Diagnosis): string {
  return JSON.stringify([channel, stream, model, version]);
}
