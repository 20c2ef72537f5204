import type { Runner, RunnerEnd } from '../../server/model/diagnoser.ts';
import type { ModelManifest } from '../../server/model/manifest.ts';
import { isSameInput } from '../../server/model/run-cutter.ts';
import { CUTS_LIMIT, OPEN_LIMIT_MS } from '../../server/model/time-limits.ts';
import { faultInWords } from '../../server/trend/model-fault.ts';
import type { FromModelWorker, ToModelWorker } from './messages.ts';

/** The part of a `Worker` that is used. */
export interface HostedWorker {
  onmessage: ((event: MessageEvent<FromModelWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: ToModelWorker, transfer: Transferable[]): void;
  terminate(): void;
}

/** How a model does on this page. */
export interface HostedModel {
  readonly manifest: ModelManifest;
  readonly bytes: Uint8Array;
  state: 'ready' | 'quarantined';
  /** Times that the worker was ended for it. */
  cuts: number;
  /** Why it was cut off last, in words. */
  reason?: string;
}

/** How long an answer may take, and what is said where it takes longer. */
interface Limit {
  readonly limitMs: number;
  readonly over: string;
}

type Answer = FromModelWorker | { readonly kind: 'cut'; readonly reason: string };

/**
 * A batch may take so long. A page only knows the time that went by, on a
 * machine with other things to do: what it catches is a graph that hangs.
 */
const BATCH_LIMIT_MS = 3000;
/** The runtime is 14 MB, over whatever line there is. */
const RUNTIME_LIMIT_MS = 600_000;
// Time is counted in steps, so that hours of sleep of the machine or the page are no more than one.
const STEP_MS = 250;

/**
 * Runs models in a web worker, which starts with the first one and is ended
 * where a model hangs. The next batch starts another; a model that was cut off
 * twice is used no more until another version of it comes.
 */
export class ModelHost implements Runner {
  readonly #createWorker: () => HostedWorker;
  readonly #onModel: (model: HostedModel) => void;
  readonly #models = new Map<string, HostedModel>();
  #worker: HostedWorker | undefined;
  /** Those that are open in this worker. */
  readonly #opened = new Set<HostedModel>();
  #turn: Promise<unknown> = Promise.resolve();
  #settle: ((answer: Answer) => void) | undefined;
  #isClosed = false;

  constructor(options: { createWorker: () => HostedWorker; onModel: (model: HostedModel) => void }) {
    this.#createWorker = options.createWorker;
    this.#onModel = options.onModel;
  }

  find(name: string): HostedModel | undefined {
    return this.#models.get(name);
  }

  /**
   * Opens a version of a model. The one before is used until then, and on where
   * this one is unfit: says why, in words. Rejects where no worker begins.
   */
  async open(manifest: ModelManifest, bytes: Uint8Array): Promise<string | undefined> {
    const model: HostedModel = { manifest, bytes, state: 'ready', cuts: 0 };
    const reason = await this.#inTurn(async () => {
      const missing = await this.#ensureWorker();
      if (missing !== undefined) throw new Error(missing);
      const unfit = await this.#ensure(model);
      if (unfit === undefined) this.#models.set(manifest.name, model);
      return unfit;
    });
    if (reason === undefined && !this.#isClosed) this.#onModel(model);
    return reason;
  }

  run(manifest: ModelManifest, values: Float32Array<ArrayBuffer>, runs: number): Promise<RunnerEnd> {
    return this.#inTurn(() => this.#run(manifest, values, runs));
  }

  /** Ends the worker. Nothing is told any more. */
  close(): void {
    this.#isClosed = true;
    this.#cut('the page diagnoses no more');
  }

  async #run(asked: ModelManifest, values: Float32Array<ArrayBuffer>, runs: number): Promise<RunnerEnd> {
    const failed = (reason: string): RunnerEnd => ({ kind: 'failed', manifest: asked, reason });
    const model = this.#models.get(asked.name);
    if (model === undefined || !isSameInput(model.manifest, asked)) {
      return failed(faultInWords({ code: 'VERSION_REPLACED', found: asked.version }));
    }
    const { manifest } = model;
    if (model.state !== 'ready') return { kind: 'failed', manifest, reason: model.reason ?? model.state };
    const unopened = (await this.#ensureWorker()) ?? (await this.#ensure(model));
    if (unopened !== undefined) return failed(unopened);
    const over = faultInWords({ code: 'BATCH_OVER', found: String(runs), expected: String(BATCH_LIMIT_MS) });
    const limit = { limitMs: BATCH_LIMIT_MS, over };
    const answer = await this.#ask({ kind: 'run', model: manifest.name, values }, [values.buffer], limit);
    if (answer.kind === 'done') return { kind: 'done', manifest, outputs: answer.outputs, ms: answer.ms };
    const reason = reasonOf(answer);
    if (answer.kind === 'cut') this.#blame(model, reason);
    return { kind: 'failed', manifest, reason };
  }

  #blame(model: HostedModel, reason: string): void {
    if (this.#isClosed) return;
    model.cuts++;
    model.reason = reason;
    if (model.cuts >= CUTS_LIMIT) model.state = 'quarantined';
    this.#onModel(model);
  }

  /** Has a worker. Why there is none, in words; undefined where there is one. */
  async #ensureWorker(): Promise<string | undefined> {
    if (this.#isClosed) return 'the page diagnoses no more';
    if (this.#worker !== undefined) return undefined;
    const begun = await this.#begin();
    return begun.kind === 'ready' ? undefined : reasonOf(begun);
  }

  /** Has a model open in the worker. Why it is not, in words; undefined where it is. */
  async #ensure(model: HostedModel): Promise<string | undefined> {
    if (this.#opened.has(model)) return undefined;
    const { manifest, bytes } = model;
    const over = faultInWords({ code: 'OPENING_OVER', expected: String(OPEN_LIMIT_MS) });
    const answer = await this.#ask({ kind: 'open', manifest, bytes }, [], { limitMs: OPEN_LIMIT_MS, over });
    if (answer.kind !== 'opened') return reasonOf(answer);
    for (const other of this.#opened) if (other.manifest.name === manifest.name) this.#opened.delete(other);
    this.#opened.add(model);
    return undefined;
  }

  #begin(): Promise<Answer> {
    const worker = this.#createWorker();
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      if (data.kind === 'failed' && data.isBroken) this.#cut(data.reason);
      else this.#settle?.(data);
    };
    worker.onerror = ({ message }) => this.#cut(message || faultInWords({ code: 'WORKER_MISSING' }));
    const over = faultInWords({ code: 'RUNTIME_OVER', expected: String(RUNTIME_LIMIT_MS) });
    return this.#answer({ limitMs: RUNTIME_LIMIT_MS, over });
  }

  #ask(message: ToModelWorker, transfer: Transferable[], limit: Limit): Promise<Answer> {
    this.#worker?.postMessage(message, transfer);
    return this.#answer(limit);
  }

  /** The next thing that the worker says; where that takes too long it is ended. */
  #answer({ limitMs, over }: Limit): Promise<Answer> {
    return new Promise((resolve) => {
      let leftMs = limitMs;
      const timer = setInterval(() => {
        leftMs -= STEP_MS;
        if (leftMs <= 0) this.#cut(over);
      }, STEP_MS);
      this.#settle = (answer) => {
        clearInterval(timer);
        this.#settle = undefined;
        resolve(answer);
      };
    });
  }

  #cut(reason: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#opened.clear();
    this.#settle?.({ kind: 'cut', reason });
  }

  /** One after the other: the worker answers what it was told last. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(task);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function reasonOf(answer: Answer): string {
  return 'reason' in answer ? answer.reason : `the worker said ${answer.kind}`;
}
