import type { DiagnosisModel, ToldDiagnosis } from '../server/wire/diagnoses.ts';
import type { Channel } from '../server/wire/events.ts';
import type { TrendBlock } from '../server/wire/trend-frame.ts';
import type { BrowserDiagnosis, BrowserDiagnosisOptions } from './inference/browser-diagnosis.ts';
import type { ParityState } from './inference/parity.ts';
import type { Diagnoses } from './store/diagnoses.ts';
import { Listeners, type Store } from './store/store.ts';

/** Gets the script that diagnoses here, and nothing before it is called. */
export type OpenDiagnosis = (
  hooks: Omit<BrowserDiagnosisOptions, 'models' | 'createWorker'>,
) => Promise<BrowserDiagnosis>;

/** Who makes the diagnoses that this page shows. A new object after every change. */
export interface DiagnosingState {
  readonly isHere: boolean;
  /** The models that channels name, as they do where the diagnoses are made. */
  readonly models: readonly DiagnosisModel[];
  /** Why nothing is diagnosed here though it should be, in words. */
  readonly problem: string | undefined;
  /** Runs that were left out here, because this browser was too slow for them. */
  readonly dropped: number;
  /** How far this page agrees with the server, by model; empty while the server diagnoses. */
  readonly parity: ReadonlyMap<string, ParityState>;
}

export interface DiagnosingOptions {
  readonly clock: BrowserDiagnosisOptions['clock'];
  /** Where they are shown from. */
  readonly diagnoses: Diagnoses;
  readonly after: (delayMs: number, run: () => void) => () => void;
}

const AGAIN_MS = 5000;

/** Has the diagnoses of the server shown, or makes them on this page and has those shown. */
export class Diagnosing implements Store<DiagnosingState> {
  readonly #options: DiagnosingOptions;
  readonly #listeners = new Listeners();
  /** The server's newest of each channel, for when it is asked again. */
  readonly #told = new Map<string, ToldDiagnosis>();
  #models: readonly DiagnosisModel[] = [];
  #channels: readonly Channel[] = [];
  #open: OpenDiagnosis | undefined;
  #here: BrowserDiagnosis | undefined;
  #problem: string | undefined;
  #cancel: (() => void) | undefined;

  constructor(options: DiagnosingOptions) {
    this.#options = options;
  }

  get value(): DiagnosingState {
    return {
      isHere: this.#open !== undefined,
      models: this.#shownModels,
      problem: this.#problem,
      dropped: this.#here?.dropped ?? 0,
      parity: this.#here?.parity ?? new Map(),
    };
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Has the page diagnose by what `open` gets, or the server where that is undefined. */
  choose(open: OpenDiagnosis | undefined): void {
    if (open === this.#open) return;
    const { diagnoses } = this.#options;
    this.#open = open;
    this.#end();
    diagnoses.setPlace(open !== undefined);
    diagnoses.restart();
    if (open !== undefined) void this.#begin(open);
    else diagnoses.add([...this.#told.values()]);
    this.#show();
  }

  setModels(models: readonly DiagnosisModel[]): void {
    this.#models = models;
    this.#here?.setModels(models);
    this.#show();
  }

  /** Takes the whole list of channels. */
  setChannels(channels: readonly Channel[]): void {
    this.#channels = channels;
    this.#here?.setChannels(channels);
    const names = new Set(channels.map(({ name }) => name));
    for (const name of this.#told.keys()) if (!names.has(name)) this.#told.delete(name);
  }

  /** Takes what the server has found. */
  add(told: readonly ToldDiagnosis[]): void {
    for (const diagnosis of told) this.#told.set(diagnosis.channel, diagnosis);
    if (this.#open === undefined) this.#options.diagnoses.add(told);
  }

  take(name: string, block: TrendBlock): void {
    this.#here?.take(name, block);
  }

  /** Another life of the server. */
  restart(): void {
    this.#told.clear();
    this.#here?.restart();
  }

  close(): void {
    this.#open = undefined;
    this.#end();
  }

  async #begin(open: OpenDiagnosis): Promise<void> {
    const { clock, diagnoses } = this.#options;
    const isWanted = () => this.#open === open;
    try {
      const here = await open({
        clock,
        told: (channel) => this.#told.get(channel),
        publish: (found) => isWanted() && diagnoses.add(found),
        onModel: () => isWanted() && this.#show(),
        onParity: () => isWanted() && this.#listeners.announce(),
      });
      if (!isWanted() || this.#here !== undefined) return here.close();
      this.#here = here;
      this.#problem = undefined;
      here.setChannels(this.#channels);
      here.setModels(this.#models);
    } catch (error) {
      if (!isWanted()) return;
      this.#problem = error instanceof Error ? error.message : String(error);
      this.#cancel = this.#options.after(AGAIN_MS, () => void this.#begin(open));
    }
    this.#show();
  }

  #end(): void {
    this.#cancel?.();
    this.#here?.close();
    this.#here = undefined;
    this.#problem = undefined;
  }

  /** Those of the server, or as they do here; before its script has come nothing is there. */
  get #shownModels(): readonly DiagnosisModel[] {
    if (this.#open === undefined) return this.#models;
    if (this.#here !== undefined) return this.#here.models;
    const reason = this.#problem;
    return this.#models.map(({ reason: _, fault: __, ...model }) => ({
      ...model,
      state: 'loading',
      ...(reason !== undefined && { reason }),
    }));
  }

  #show(): void {
    this.#options.diagnoses.setModels(this.#shownModels);
    this.#listeners.announce();
  }
}
