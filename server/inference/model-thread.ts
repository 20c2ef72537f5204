import { Worker } from 'node:worker_threads';
import type { Outputs } from '../model/runnable-model.ts';
import { boxMs } from '../model/time-limits.ts';
import { faultInWords } from '../trend/model-fault.ts';
import { type Finding, unfitness } from './finding.ts';
import type { FromInference, InferenceWorkerData, ToInference } from './messages.ts';
import type { Model } from './model-folder.ts';
import { StepWatch } from './step-watch.ts';

export interface ModelThreadOptions {
  /** The built `inference-worker.js`. */
  readonly worker: URL;
  readonly models: readonly Model[];
  /** Names of those to try before they are used. */
  readonly tried: readonly string[];
}

/** How the loading ended. */
export type LoadEnd =
  | { readonly kind: 'ready'; readonly findings: ReadonlyMap<string, readonly Finding[]> }
  /** The thread is ended; `model` is the one to blame. */
  | { readonly kind: 'cut'; readonly model: string | undefined; readonly reason: string };

/** How a batch ended. */
export type BatchEnd =
  | { readonly kind: 'done'; readonly outputs: Outputs; readonly ms: number }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The thread is ended. */
  | { readonly kind: 'cut'; readonly reason: string };

const ENDED = faultInWords({ code: 'THREAD_ENDED' });
// Figures of runs alone; what graphs take is WebAssembly's.
const LIMITS = { maxOldGenerationSizeMb: 128 };

/** One thread with all its models open, which takes one batch at a time. */
export class ModelThread {
  readonly models: readonly Model[];
  /** Never rejects. */
  readonly ready: Promise<LoadEnd>;
  /** Resolves when the thread is gone. */
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #steps = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #findings = new Map<string, readonly Finding[]>();
  #loading: string | undefined;
  #thread: number | undefined;
  #watch: StepWatch | undefined;
  #onReady!: (end: LoadEnd) => void;
  #onBatch: ((end: BatchEnd) => void) | undefined;
  #isEnded = false;
  #endsNext = false;

  constructor({ worker, models, tried }: ModelThreadOptions) {
    this.models = models;
    const { buffer: steps } = this.#steps;
    const workerData: InferenceWorkerData = { models, tried, steps };
    this.#worker = new Worker(worker, {
      workerData,
      name: 'models',
      resourceLimits: LIMITS,
      stdout: true,
      stderr: true,
    });
    this.#worker.stdout.resume(); // what the runtime prints of a graph comes with its failure, too
    this.#worker.stderr.resume();
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    this.ended = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.on('message', (message: FromInference) => this.#receive(message));
    this.#worker.on('error', (error) => this.#cut(faultInWords({ code: 'THREAD_FAILED', detail: error.message })));
    this.#worker.on('exit', () => this.#cut(ENDED));
  }

  /** Whether it can still be given batches. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Runs a batch once `ready` says so and no other one is under way. `values` become the thread's. Never rejects. */
  run(model: string, values: Float32Array<ArrayBuffer>, runs: number): Promise<BatchEnd> {
    if (this.#isEnded) return Promise.resolve({ kind: 'cut', reason: ENDED });
    if (this.#onBatch !== undefined) throw new Error('a batch is under way');
    return new Promise((resolve) => {
      this.#onBatch = resolve;
      this.#begin(Atomics.load(this.#steps, 0), boxMs(runs), `a batch of ${runs}`);
      this.#worker.postMessage({ kind: 'run', model, values } satisfies ToInference, [values.buffer]);
    });
  }

  /** Ends it at once, whatever it does. */
  async end(): Promise<void> {
    this.#cut('its thread was ended');
    await this.ended;
  }

  /** Ends it once the batch under way is done. */
  endWhenIdle(): void {
    this.#endsNext = true;
    if (this.#onBatch === undefined) void this.end();
  }

  #receive(message: FromInference): void {
    if (this.#isEnded) return;
    this.#watch?.stop();
    switch (message.kind) {
      case 'begun':
        this.#thread = message.thread;
        break;
      case 'step':
        this.#loading = message.model;
        this.#begin(message.number, message.limitMs, message.what);
        break;
      case 'loaded':
        this.#findings.set(message.model, message.findings);
        this.#loading = undefined;
        break;
      case 'ready':
        this.#onReady({ kind: 'ready', findings: this.#findings });
        break;
      case 'done':
        this.#settle(message);
        break;
      case 'failed':
        if (message.isBroken) this.#cut(message.reason);
        else this.#settle(message);
        break;
    }
  }

  #begin(number: number, limitMs: number, what: string): void {
    const step = { steps: this.#steps, thread: this.#thread, limitMs };
    this.#watch = new StepWatch(step, number, (reason) => this.#cut(`${what} ${reason} and was cut off`));
  }

  #cut(reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#watch?.stop();
    void this.#worker.terminate();
    this.#onReady({ kind: 'cut', model: this.#loading, reason });
    this.#settle({ kind: 'cut', reason });
  }

  #settle(end: BatchEnd): void {
    const settle = this.#onBatch;
    this.#onBatch = undefined;
    settle?.(end);
    if (this.#endsNext) void this.end();
  }
}

/** What a loading found wrong with which models; all of them where no single one is to blame. */
export function blame(
  end: LoadEnd,
  models: readonly Model[],
): { faults: ReadonlyMap<string, string>; isBlamed: boolean } {
  if (end.kind === 'cut') {
    const blamed = end.model === undefined ? models.map(({ manifest }) => manifest.name) : [end.model];
    return { faults: new Map(blamed.map((name) => [name, end.reason])), isBlamed: end.model !== undefined };
  }
  const faults = [...end.findings].map(([name, findings]) => [name, unfitness(findings)] as const);
  return { faults: new Map(faults.filter(([, fault]) => fault !== '')), isBlamed: true };
}
