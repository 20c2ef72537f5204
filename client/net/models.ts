import type { DiagnosisMixReply } from '../../server/wire/diagnosis-history.ts';
import type {
  CardLanguage,
  ModelExamplesReply,
  ModelManifestReply,
  ModelReportReply,
  ModelSwap,
  ModelsReply,
} from '../../server/wire/models.ts';
import type { ParityReply, ParityRequest } from '../../server/wire/parity.ts';
import { type Fetch, request, requestBytes, requestJson } from './request.ts';

const PATH = '/api/models';
// A model is tried before it is used.
const CHANGE_MS = 60_000;

/** What is known of the version of a model that is in use. */
export interface ModelPapers {
  readonly manifest: ModelManifestReply;
  readonly report: ModelReportReply | undefined;
  /** Markdown, in the language asked for where there is such a card. */
  readonly card: string | undefined;
}

/** Whose runs are counted that ended in a range, ms since 1970 UTC. */
export interface MixQuery {
  readonly model: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** REST of the models. All reject as `requestJson`. */
export class ModelClient {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  list(signal?: AbortSignal): Promise<ModelsReply> {
    return requestJson(this.#fetch, PATH, { signal });
  }

  async papers(name: string, language: CardLanguage, signal?: AbortSignal): Promise<ModelPapers> {
    const path = modelPath(name);
    const [manifest, report, card] = await Promise.all([
      this.manifest(name, signal),
      request(this.#fetch, `${path}/report`, { signal }),
      request(this.#fetch, `${path}/card?${new URLSearchParams({ language })}`, { signal }),
    ]);
    return {
      manifest,
      report: report === '' ? undefined : (JSON.parse(report) as ModelReportReply),
      card: card === '' ? undefined : card,
    };
  }

  /** What the runs of its channels came to. */
  mix({ model, fromMs, toMs }: MixQuery, signal?: AbortSignal): Promise<DiagnosisMixReply> {
    const query = new URLSearchParams({ model, from: String(fromMs), to: String(toMs) });
    return requestJson(this.#fetch, `/api/diagnoses/mix?${query}`, { signal });
  }

  manifest(name: string, signal?: AbortSignal): Promise<ModelManifestReply> {
    return requestJson(this.#fetch, modelPath(name), { signal });
  }

  /** Runs that show what each class looks like; undefined where the model has none. */
  async examples(name: string, signal?: AbortSignal): Promise<ModelExamplesReply | undefined> {
    const examples = await request(this.#fetch, `${modelPath(name)}/examples`, { signal });
    return examples === '' ? undefined : (JSON.parse(examples) as ModelExamplesReply);
  }

  /** `model.onnx` of the version in use. */
  graph(name: string): Promise<Uint8Array> {
    return requestBytes(this.#fetch, `${modelPath(name)}/onnx`);
  }

  /** Has what this page's model said of runs compared with what the server's did. */
  compare(name: string, runs: ParityRequest): Promise<ParityReply> {
    return this.#post(name, 'parity', runs);
  }

  /** Uses what lies in another folder from the next run on. */
  swap(name: string, folder: string): Promise<ModelsReply> {
    return this.#change(name, 'swap', { folder });
  }

  /** Uses the version of before again. */
  rollBack(name: string): Promise<ModelsReply> {
    return this.#change(name, 'roll-back', {});
  }

  #change(name: string, what: string, body: ModelSwap | Readonly<Record<string, never>>): Promise<ModelsReply> {
    return this.#post(name, what, body, CHANGE_MS);
  }

  #post<T>(name: string, what: string, body: object, silenceMs?: number): Promise<T> {
    return requestJson(this.#fetch, `${modelPath(name)}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      silenceMs,
    });
  }
}

function modelPath(name: string): string {
  return `${PATH}/${encodeURIComponent(name)}`;
}
