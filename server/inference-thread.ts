import { AppError } from './base/errors.ts';
import type { Logger } from './base/log.ts';
import { BackOff } from './inference/back-off.ts';
import { type Finding, unfit, unfitness } from './inference/finding.ts';
import { ModelEntries } from './inference/model-entries.ts';
import { type Model, readModelFolder } from './inference/model-folder.ts';
import type { ModelEntry } from './inference/model-state.ts';
import { type BatchEnd, blame, ModelThread } from './inference/model-thread.ts';
import type { ModelManifest } from './model/manifest.ts';
import { isSameInput } from './model/run-cutter.ts';
import { faultInWords } from './trend/model-fault.ts';

export interface InferenceThreadOptions {
  /** The built `inference-worker.js`. */
  readonly worker: URL;
  /** The folder of each model, by its name. */
  readonly folders: ReadonlyMap<string, string>;
  readonly log: Logger;
  /** A model is known, or is another one from now on, or is not used any more. */
  readonly onModel: (entry: ModelEntry) => void;
}

/** How a batch ended, and which model it was given to. */
export type Inference =
  | (Extract<BatchEnd, { kind: 'done' }> & { readonly manifest: ModelManifest })
  | { readonly kind: 'failed'; readonly reason: string; readonly manifest: ModelManifest };

export interface ThreadFigures {
  readonly isActive: boolean;
  readonly hasSpare: boolean;
  readonly started: number;
  readonly cut: number;
  /** Why no thread can be started for now, in words. */
  readonly problem: string | undefined;
}

/**
 * Runs models in one thread, beside which a spare stands that has all of them
 * open. A batch over its time box ends the thread; the spare takes over, and
 * another is started. A model's new version is loaded into a thread of its own,
 * which becomes the active one between two batches.
 */
export class InferenceThread {
  readonly #options: InferenceThreadOptions;
  readonly #entries: ModelEntries;
  #active: ModelThread | undefined;
  #spare: ModelThread | undefined;
  #starting: ModelThread | undefined;
  readonly #backOff = new BackOff();
  #changes: Promise<unknown> = Promise.resolve();
  readonly #waiting: (() => void)[] = [];
  #figures = { started: 0, cut: 0 };
  #problem: string | undefined;
  #isClosed = false;

  constructor(options: InferenceThreadOptions) {
    this.#options = options;
    this.#entries = new ModelEntries(options.folders.keys(), options);
  }

  /** Resolves when every model is loaded or refused, or no thread can be started for now; what is wrong is told in the entries. */
  start(): Promise<void> {
    return this.#change(async () => {
      await Promise.all([...this.#options.folders].map(([name, folder]) => this.#read(name, folder)));
      await this.#tryRead();
    });
  }

  get entries(): readonly ModelEntry[] {
    return this.#entries.all;
  }

  figures(): ThreadFigures {
    const { started, cut } = this.#figures;
    return { isActive: isAlive(this.#active), hasSpare: isAlive(this.#spare), started, cut, problem: this.#problem };
  }

  /**
   * Runs a batch that was cut for `manifest`; waits while no thread is there.
   * One batch at a time. Never rejects. `values` are given away.
   */
  async run(manifest: ModelManifest, values: Float32Array<ArrayBuffer>, runs: number): Promise<Inference> {
    const { name, version: found } = manifest;
    for (;;) {
      const entry = this.#entries.find(name);
      if (entry?.state === 'quarantined' || entry?.state === 'unfit' || this.#isClosed) {
        return { kind: 'failed', reason: entry?.reason ?? faultInWords({ code: 'SERVER_STOPPING' }), manifest };
      }
      const thread = this.#take();
      if (thread === undefined) {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        continue;
      }
      const model = thread.models.find((held) => held.manifest.name === name);
      if (model === undefined || !isSameInput(model.manifest, manifest)) {
        return { kind: 'failed', reason: faultInWords({ code: 'VERSION_REPLACED', found }), manifest };
      }
      const end = await thread.run(name, values, runs);
      if (end.kind === 'cut') this.#countCut(model, end.reason);
      return end.kind === 'done'
        ? { ...end, manifest: model.manifest }
        : { kind: 'failed', reason: end.reason, manifest: model.manifest };
    }
  }

  /**
   * Checks another version of a model and uses it from the next batch on. The one
   * that was used stays for `rollBack`. Rejects with `MODEL_UNFIT`, and all stays as it was.
   */
  swap(name: string, folder: string): Promise<readonly Finding[]> {
    return this.#change(async () => {
      const { findings, model } = await readModelFolder(folder);
      if (model === undefined) throw unfit(name, unfitness(findings), findings);
      const found = model.manifest.name;
      if (found !== name) throw unfit(name, `its manifest says it is ${found}; expected ${name}`, findings);
      const trial = await this.#replace(model, [name]);
      return [...findings, ...trial];
    });
  }

  /** Uses the version of before again from the next batch on. Rejects with `MODEL_UNFIT` where there is none. */
  rollBack(name: string): Promise<void> {
    return this.#change(async () => {
      const previous = this.#entries.find(name)?.previous;
      if (previous === undefined) throw unfit(name, 'no version of before is kept', []);
      await this.#replace(previous, []);
    });
  }

  /** Ends all threads at once; a batch under way fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#backOff.stop();
    const threads = [this.#active, this.#spare, this.#starting].filter((thread) => thread !== undefined);
    this.#wake();
    await Promise.all(threads.map((thread) => thread.end()));
    await this.#changes;
  }

  /** One after the other. */
  #change<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(act);
    this.#changes = done.catch(() => undefined); // who asked is told
    return done;
  }

  async #read(name: string, folder: string): Promise<void> {
    const { findings, model } = await readModelFolder(folder);
    const found = model?.manifest.name;
    if (found === name) this.#entries.load(model as Model);
    else if (found === undefined) this.#refuse(name, unfitness(findings));
    else this.#refuse(name, `its manifest says it is ${found}; expected ${name}`);
  }

  /** Tries the models that were read and not tried yet, beside those in use. */
  async #tryRead(): Promise<void> {
    for (let read = this.#entries.untried; read.length > 0 && !this.#isClosed; read = this.#entries.untried) {
      const used = this.#entries.usable;
      const tried = read.map(({ manifest }) => manifest.name);
      const { thread, faults, isBlamed } = await this.#open([...used, ...read], tried);
      if (this.#isClosed) return thread.end();
      if (faults.size === 0) {
        for (const model of read) this.#entries.use(model);
        this.#switchTo(thread);
        return;
      }
      await thread.end();
      if (!isBlamed) return this.#tryLater(faults);
      this.#hold(faults, used);
    }
  }

  /** What is wrong with models is held against them: one that is not used yet is not used at all. */
  #hold(faults: ReadonlyMap<string, string>, used: readonly Model[]): void {
    for (const [name, reason] of faults) {
      const model = used.find(({ manifest }) => manifest.name === name);
      if (model === undefined) this.#refuse(name, reason);
      else this.#countCut(model, reason);
    }
  }

  /** No thread could be started, for no model's fault. */
  #tryLater([[, reason]]: Iterable<readonly [string, string]>): void {
    if (this.#isClosed) return;
    this.#problem = reason;
    const inMs = this.#backOff.again(() => {
      void this.#change(() => this.#tryRead());
      this.#refill();
    });
    this.#options.log.error({ reason, inMs }, 'no thread can be started for the models; it is tried again');
    this.#tell();
  }

  async #open(models: readonly Model[], tried: readonly string[]) {
    if (this.#isClosed) throw new AppError('MODEL_UNFIT', 'no model is opened any more: the server stops');
    this.#figures.started++;
    const thread = new ModelThread({ worker: this.#options.worker, models, tried });
    this.#starting = thread;
    void thread.ended.then(() => this.#miss(thread));
    const end = await thread.ready;
    this.#starting = undefined;
    const { faults, isBlamed } = blame(end, models);
    if (isBlamed) {
      this.#problem = undefined;
      this.#backOff.reset();
    }
    return { thread, findings: end.kind === 'ready' ? end.findings : undefined, faults, isBlamed };
  }

  async #replace(model: Model, tried: readonly string[]): Promise<readonly Finding[]> {
    const { name } = model.manifest;
    const others = this.#entries.usable.filter(({ manifest }) => manifest.name !== name);
    const { thread, faults, findings } = await this.#open([...others, model], tried);
    if (faults.size > 0 || this.#isClosed) {
      await thread.end();
      const reasons = [...faults].map(([of, reason]) => `${of}: ${reason}`);
      throw unfit(name, reasons.join('; '), findings?.get(name) ?? []);
    }
    this.#entries.use(model, this.#entries.find(name)?.model);
    this.#switchTo(thread);
    return findings?.get(name) ?? [];
  }

  #refuse(name: string, reason: string): void {
    this.#entries.refuse(name, reason);
    this.#wake();
  }

  #countCut(model: Model, reason: string): void {
    if (this.#isClosed) return;
    this.#figures.cut++;
    this.#entries.countCut(model, reason);
    this.#wake();
    this.#tell();
    this.#refill();
  }

  /** One has ended, maybe with nothing to do. */
  #miss(thread: ModelThread): void {
    if (this.#isClosed || (thread !== this.#active && thread !== this.#spare)) return;
    this.#tell();
    this.#refill();
  }

  /** Tells where no thread runs the models from now on, or one does again. */
  #tell(): void {
    const isRunning = isAlive(this.#active) || isAlive(this.#spare);
    this.#entries.stop(isRunning ? undefined : (this.#problem ?? faultInWords({ code: 'THREAD_RESTARTING' })));
  }

  /** The batch under way on the old thread is answered by it. */
  #switchTo(thread: ModelThread): void {
    this.#active?.endWhenIdle();
    this.#active = thread;
    void this.#spare?.end();
    this.#spare = undefined;
    this.#wake();
    this.#tell();
    this.#refill();
  }

  #take(): ModelThread | undefined {
    if (isAlive(this.#active)) return this.#active;
    this.#active = isAlive(this.#spare) ? this.#spare : undefined;
    this.#spare = undefined;
    this.#refill();
    return this.#active;
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Starts what is missing of the two threads, one at a time. */
  #refill(): void {
    if (isAlive(this.#active) && isAlive(this.#spare)) return;
    void this.#change(async () => {
      const models = this.#entries.usable;
      if (this.#isClosed || models.length === 0 || (isAlive(this.#active) && isAlive(this.#spare))) return;
      const { thread, faults, isBlamed } = await this.#open(models, []);
      if (this.#isClosed || faults.size > 0) {
        await thread.end();
        if (!isBlamed) this.#tryLater(faults);
        else this.#hold(faults, models);
        return;
      }
      if (isAlive(this.#active)) this.#spare = thread;
      else {
        this.#active = thread;
        this.#wake();
        this.#tell();
        this.#refill();
      }
    });
  }
}

function isAlive(thread: ModelThread | undefined): thread is ModelThread {
  return thread !== undefined && !thread.isEnded;
}
