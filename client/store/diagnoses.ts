import type { DiagnosisModel, ToldDiagnosis } from '../../server/wire/diagnoses.ts';
import type { Channel } from '../../server/wire/events.ts';
import { DiagnosisStore } from './diagnosis-store.ts';

/** What is known of the diagnoses of each channel that a model looks at. */
export class Diagnoses {
  readonly #stores = new Map<string, DiagnosisStore>();
  readonly #modelOf = new Map<string, string>();
  #models: readonly DiagnosisModel[] = [];
  #isFrozen = false;
  #isHere = false;
  #modelsVersion = 0;

  /** Another number whenever another is known of a model. */
  get modelsVersion(): number {
    return this.#modelsVersion;
  }

  /** What is known of a model that channels name. */
  model(name: string): DiagnosisModel | undefined {
    return this.#models.find((model) => model.name === name);
  }

  /** Undefined where no model looks at the channel. */
  find(channel: string): DiagnosisStore | undefined {
    return this.#stores.get(channel);
  }

  setModels(models: readonly DiagnosisModel[]): void {
    this.#models = models;
    this.#modelsVersion++;
    for (const name of this.#stores.keys()) this.#setModel(name);
  }

  /** Takes the whole list of channels. */
  setChannels(channels: readonly Channel[]): void {
    const names = new Set<string>();
    for (const { name, model } of channels) {
      if (model === undefined) continue;
      names.add(name);
      const isOther = this.#modelOf.get(name) !== model;
      this.#modelOf.set(name, model);
      if (!this.#stores.has(name)) {
        const store = new DiagnosisStore();
        store.setPlace(this.#isHere);
        if (this.#isFrozen) store.freeze();
        this.#stores.set(name, store);
      }
      if (isOther) this.#setModel(name);
    }
    for (const name of this.#stores.keys()) {
      if (names.has(name)) continue;
      this.#stores.delete(name);
      this.#modelOf.delete(name);
    }
  }

  /** Whether this page makes them, or the server. */
  setPlace(isHere: boolean): void {
    this.#isHere = isHere;
    for (const store of this.#stores.values()) store.setPlace(isHere);
  }

  add(diagnoses: readonly ToldDiagnosis[]): void {
    for (const diagnosis of diagnoses) this.#stores.get(diagnosis.channel)?.add(diagnosis);
  }

  /** The line was lost. */
  interrupt(): void {
    for (const store of this.#stores.values()) store.interrupt();
  }

  restart(): void {
    for (const store of this.#stores.values()) store.restart();
  }

  freeze(): void {
    this.#isFrozen = true;
    for (const store of this.#stores.values()) store.freeze();
  }

  goLive(): void {
    this.#isFrozen = false;
    for (const store of this.#stores.values()) store.goLive();
  }

  #setModel(channel: string): void {
    const name = this.#modelOf.get(channel);
    this.#stores.get(channel)?.setModel(name === undefined ? undefined : this.model(name));
  }
}
