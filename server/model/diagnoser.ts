import { NewestTimes } from '../base/newest-times.ts';
import { type Diagnosis, OUTCOME_KINDS, type Outcome, type OutcomeKind } from '../trend/diagnosis.ts';
import type { TrendWindow } from '../trend/trend-window.ts';
import { joinFloats } from './join-floats.ts';
import type { ModelManifest } from './manifest.ts';
import { incompleteOutcome, toOutcome } from './outcome.ts';
import { isSameInput, RunCutter } from './run-cutter.ts';
import { type QueuedRun, RunQueue } from './run-queue.ts';
import type { Outputs } from './runnable-model.ts';
import { BATCH_RUNS } from './time-limits.ts';

/** A model as it is now. */
interface ModelNow {
  readonly name: string;
  readonly state: 'loading' | 'ready' | 'stopped' | 'quarantined' | 'unfit';
  readonly model?: { readonly manifest: ModelManifest };
}

/** What runs the models. */
export interface Runner {
  run(manifest: ModelManifest, values: Float32Array<ArrayBuffer>, runs: number): Promise<RunnerEnd>;
}
export type RunnerEnd =
  | { readonly kind: 'done'; readonly manifest: ModelManifest; readonly outputs: Outputs; readonly ms: number }
  | { readonly kind: 'failed'; readonly manifest: ModelManifest; readonly reason: string };

export interface DiagnoserOptions {
  /** ms since 1970 UTC, of the clock that tells when windows arrive. */
  readonly clock: { nowMs(): number };
  readonly runner: Runner;
  /** Name of the model of each channel that has one. */
  readonly modelOf: (channel: string) => string | undefined;
  readonly publish: (diagnosis: Diagnosis) => void;
  /** How long a run may wait for others before it is left out; without, for as long as there is room. */
  readonly waitingMs?: number;
}

/** Counts are since the start. */
export interface DiagnoserFigures {
  readonly outcomes: Readonly<Record<OutcomeKind, number>>;
  readonly waiting: number;
  readonly batches: number;
  /** Of the newest batches, in the thread that ran them. */
  readonly batchP50Ms: number;
  readonly batchP99Ms: number;
  /** Of the newest diagnoses, from the arrival of the last sample. */
  readonly latencyP50Ms: number;
  readonly latencyP99Ms: number;
}

/** Runs of one channel come at the same time as those of others that began with it: so long one waits for company. */
const COLLECT_MS = 10;
/** Runs that wait; of 972 points in three rows they take 12 MB. */
export const WAITING_RUNS = 1024;

/**
 * Cuts the windows of channels into runs and has them looked at, in batches.
 * Each run is answered once, and those of a channel in their order.
 */
export class Diagnoser {
  readonly #options: DiagnoserOptions;
  readonly #models = new Map<string, ModelManifest | undefined>();
  readonly #channels = new Map<string, Channel>();
  readonly #units = new Map<string, string>();
  readonly #queue: RunQueue;
  readonly #dropped: QueuedRun[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWorking = false;
  #isClosed = false;
  readonly #outcomes = Object.fromEntries(OUTCOME_KINDS.map((kind) => [kind, 0])) as Record<OutcomeKind, number>;
  #batches = 0;
  readonly #batchMs = new NewestTimes();
  readonly #latencyMs = new NewestTimes();

  constructor(options: DiagnoserOptions) {
    this.#options = options;
    this.#queue = new RunQueue(WAITING_RUNS, (queued) => this.#drop(queued));
  }

  figures(): DiagnoserFigures {
    return {
      outcomes: { ...this.#outcomes },
      waiting: this.#queue.length,
      batches: this.#batches,
      batchP50Ms: this.#batchMs.percentile(0.5),
      batchP99Ms: this.#batchMs.percentile(0.99),
      latencyP50Ms: this.#latencyMs.percentile(0.5),
      latencyP99Ms: this.#latencyMs.percentile(0.99),
    };
  }

  /** The newest diagnosis of a channel. */
  newest(channel: string): { readonly outcome: Outcome; readonly ageMs: number } | undefined {
    const newest = this.#channels.get(channel)?.newest;
    return newest && { outcome: newest.outcome, ageMs: Math.max(0, this.#options.clock.nowMs() - newest.answeredMs) };
  }

  /** Why nothing of a channel is looked at though its model is there, in words: it is made for others. */
  mismatch(name: string): string | undefined {
    const channel = this.#channels.get(name);
    if (channel === undefined) return undefined;
    const { unit, pointsPerSecond } = channel.manifest.input;
    const found = channel.cutter.foreignPointsPerSecond;
    if (!this.#isUnit(name, unit)) return `its unit is ${this.#units.get(name)}; the model is for ${unit}`;
    return found === undefined ? undefined : `it has ${found} points a second; the model is for ${pointsPerSecond}`;
  }

  /** The unit of a channel's figures, before its first window. */
  setUnit(channel: string, unit: string): void {
    if (this.#options.modelOf(channel) !== undefined) this.#units.set(channel, unit);
  }

  /** A model is another one now. Runs are cut anew where it looks at others; without a manifest none is. */
  setModel({ name, state, model }: ModelNow): void {
    this.#models.set(name, state === 'unfit' ? undefined : model?.manifest);
  }

  take(window: TrendWindow): void {
    const name = this.#options.modelOf(window.channel);
    if (name === undefined) return;
    const manifest = this.#models.get(name);
    if (manifest === undefined) return;
    const { cutter } = this.#channelOf(window.channel, manifest);
    if (this.#isUnit(window.channel, manifest.input.unit)) cutter.add(window);
  }

  /** Nothing is published any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  // One that is not known, or that the model leaves open, is no other.
  #isUnit(channel: string, expected: string): boolean {
    const found = this.#units.get(channel) ?? '';
    return found === expected || found === '' || expected === '';
  }

  #channelOf(name: string, manifest: ModelManifest): Channel {
    const known = this.#channels.get(name);
    if (known?.manifest === manifest) return known;
    if (known !== undefined && isSameInput(known.manifest, manifest)) {
      known.manifest = manifest;
      return known;
    }
    const channel: Channel = {
      manifest,
      cutter: new RunCutter(manifest.input, (run) =>
        this.#due({ run, manifest: channel.manifest, sinceMs: this.#options.clock.nowMs() }),
      ),
      newest: known?.newest,
    };
    this.#channels.set(name, channel);
    return channel;
  }

  #due(queued: QueuedRun): void {
    if (this.#isClosed) return;
    this.#queue.push(queued);
    if (this.#isWorking) return;
    if (this.#queue.length >= BATCH_RUNS) void this.#work();
    else this.#timer ??= setTimeout(() => void this.#work(), COLLECT_MS);
  }

  /** Batch after batch, until no run waits. */
  async #work(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isWorking = true;
    const { clock, waitingMs = Number.POSITIVE_INFINITY } = this.#options;
    let batch = this.#takeBatch(Number.NEGATIVE_INFINITY); // nobody was busy: what waited did so for a timer
    while (batch.length > 0) {
      await this.#answer(batch);
      batch = this.#takeBatch(clock.nowMs() - waitingMs);
    }
    this.#isWorking = false;
  }

  /** What was dropped came before it. */
  #takeBatch(oldestMs: number): QueuedRun[] {
    const batch = this.#queue.takeBatch(oldestMs);
    for (const queued of this.#dropped.splice(0)) this.#publish(queued, { kind: 'dropped' });
    return batch;
  }

  async #answer(batch: readonly QueuedRun[]): Promise<void> {
    const values = joinFloats(batch.flatMap(({ run }) => (run.kind === 'complete' ? [run.values] : [])));
    const [{ manifest }] = batch;
    const runs = batch.filter(({ run }) => run.kind === 'complete').length;
    const end = runs === 0 ? undefined : await this.#options.runner.run(manifest, values, runs);
    if (end?.kind === 'done') {
      this.#batches++;
      this.#batchMs.add(end.ms);
    }
    let index = 0;
    for (const queued of batch) {
      const { run } = queued;
      if (run.kind === 'incomplete') this.#publish(queued, incompleteOutcome(run));
      else this.#publish(queued, outcomeOf(end as RunnerEnd, index++), end?.manifest);
    }
  }

  // What came before it is answered first.
  #drop(queued: QueuedRun): void {
    if (this.#dropped.length < WAITING_RUNS) this.#dropped.push(queued);
    else this.#outcomes.dropped++; // nobody can be told of them all
  }

  #publish({ run, manifest }: QueuedRun, outcome: Outcome, by: ModelManifest = manifest): void {
    if (this.#isClosed) return;
    const { channel, stream, first, timeNs, endNs, arrivedMs } = run;
    const answeredMs = this.#options.clock.nowMs();
    const diagnosis: Diagnosis = {
      channel,
      stream,
      first,
      points: by.input.length,
      timeNs,
      endNs,
      model: by.name,
      version: by.version,
      outcome,
      latencyMs: Math.max(0, answeredMs - arrivedMs),
    };
    this.#outcomes[outcome.kind]++;
    this.#latencyMs.add(diagnosis.latencyMs);
    const of = this.#channels.get(channel);
    if (of !== undefined) of.newest = { outcome, answeredMs };
    this.#options.publish(diagnosis);
  }
}

interface Channel {
  manifest: ModelManifest;
  readonly cutter: RunCutter;
  newest: { readonly outcome: Outcome; readonly answeredMs: number } | undefined;
}

function outcomeOf(end: RunnerEnd, index: number): Outcome {
  if (end.kind === 'failed') return { kind: 'unavailable', reason: end.reason };
  return toOutcome(end.manifest, end.outputs, index);
}
