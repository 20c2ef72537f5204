import type { DiagnosisModel, Models } from '../wire/diagnoses.ts';

/** The models that channels name, as viewers know them, encoded once for all. */
export class ModelList {
  readonly #models = new Map<string, DiagnosisModel>();
  #text: Buffer | undefined;
  #isStale = false;

  /** The newest list that viewers were told; undefined while there is none. */
  get text(): Buffer | undefined {
    return this.#text;
  }

  find(name: string): DiagnosisModel | undefined {
    return this.#models.get(name);
  }

  set(model: DiagnosisModel): void {
    this.#models.set(model.name, model);
    this.#isStale = true;
  }

  /** Takes in what has changed; whether there is another list to tell. */
  refresh(): boolean {
    if (!this.#isStale) return false;
    this.#isStale = false;
    this.#text = Buffer.from(JSON.stringify({ type: 'models', models: [...this.#models.values()] } satisfies Models));
    return true;
  }
}
