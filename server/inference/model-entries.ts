import type { Logger } from '../base/log.ts';
import { CUTS_LIMIT } from '../model/time-limits.ts';
import type { Model } from './model-folder.ts';
import type { ModelEntry, ModelState } from './model-state.ts';

export interface ModelEntriesOptions {
  readonly log: Logger;
  /** A model is known, or is another one from now on, or is not used any more. */
  readonly onModel: (entry: ModelEntry) => void;
}

/** How each model does that channels ask for; whatever changes is told at once. */
export class ModelEntries {
  readonly #options: ModelEntriesOptions;
  readonly #entries = new Map<string, ModelEntry>();
  #stopped: string | undefined;

  constructor(names: Iterable<string>, options: ModelEntriesOptions) {
    this.#options = options;
    for (const name of names) this.#entries.set(name, { name, state: 'loading', cuts: 0 });
  }

  /** As they are told. */
  get all(): readonly ModelEntry[] {
    return [...this.#entries.values()].map((entry) => this.#told(entry));
  }

  find(name: string): ModelEntry | undefined {
    const entry = this.#entries.get(name);
    return entry && this.#told(entry);
  }

  /** Those that are fit to run, whether a thread is there or not. */
  get usable(): readonly Model[] {
    return this.#modelsOf('ready');
  }

  /** Those that were read, and are to be tried. */
  get untried(): readonly Model[] {
    return this.#modelsOf('loading');
  }

  /** A model was read, and is to be tried. */
  load(model: Model): void {
    this.#set({ name: model.manifest.name, state: 'loading', model, cuts: 0 });
  }

  use(model: Model, previous?: Model): void {
    const { name, version } = model.manifest;
    this.#set({ name, state: 'ready', model, cuts: 0, ...(previous && { previous }) });
    this.#options.log.info({ model: name, version }, 'a model is used');
  }

  refuse(name: string, reason: string): void {
    this.#set({ name, state: 'unfit', cuts: 0, reason });
    this.#options.log.error({ model: name, reason }, 'a model is unfit and not used');
  }

  /** A thread was ended for a model. What another version did, which was swapped meanwhile, is not held against the one in use. */
  countCut(model: Model, reason: string): void {
    const { name, version } = model.manifest;
    const entry = this.#entries.get(name) as ModelEntry;
    const isInUse = entry.model === model;
    const cuts = entry.cuts + (isInUse ? 1 : 0);
    const state = cuts >= CUTS_LIMIT ? 'quarantined' : entry.state;
    if (isInUse) this.#set({ ...entry, cuts, state, reason });
    this.#options.log.error(
      { model: name, version, reason, cuts },
      `a model was cut off${state === 'ready' ? '' : ' and is not used any more'}`,
    );
  }

  /** No thread runs the models, and why; undefined where one does. */
  stop(reason: string | undefined): void {
    if (reason === this.#stopped) return;
    this.#stopped = reason;
    for (const entry of this.#entries.values()) {
      if (wantsThread(entry)) this.#options.onModel(this.#told(entry));
    }
  }

  #set(entry: ModelEntry): void {
    this.#entries.set(entry.name, entry);
    this.#options.onModel(this.#told(entry));
  }

  #modelsOf(wanted: ModelState): readonly Model[] {
    return [...this.#entries.values()].flatMap(({ state, model }) =>
      state === wanted && model !== undefined ? [model] : [],
    );
  }

  #told(entry: ModelEntry): ModelEntry {
    if (!wantsThread(entry) || this.#stopped === undefined) return entry;
    return { ...entry, state: 'stopped', reason: this.#stopped };
  }
}

function wantsThread({ state, model }: ModelEntry): boolean {
  return state === 'ready' || (state === 'loading' && model !== undefined);
}
