import type {
  CardLanguage,
  ModelExamplesReply,
  ModelManifestReply,
  ModelReportReply,
  ModelsReply,
} from '../wire/models.ts';
import type { ParityReply, ParityRequest } from '../wire/parity.ts';

/** What the routes ask of the models. All but the list reject with `MODEL_UNKNOWN` for a name that they do not know. */
export interface ModelSource {
  list(): Promise<ModelsReply>;
  manifest(name: string): Promise<ModelManifestReply>;
  /** Undefined where the version in use has none; as are the next two. */
  report(name: string): Promise<ModelReportReply | undefined>;
  /** In the language, where there is one; else in English. */
  card(name: string, language: CardLanguage): Promise<string | undefined>;
  examples(name: string): Promise<ModelExamplesReply | undefined>;
  /** Rejects with `MODEL_UNFIT` where the file is not as the manifest says. */
  graph(name: string): Promise<{ readonly bytes: Uint8Array; readonly sha256: string }>;
  /** Checks what is in a folder of the models' directory and uses it from the next run on. Rejects with `MODEL_UNFIT`, and all stays as it was. */
  swap(name: string, folder: string): Promise<void>;
  /** Compares what a model on a page said of runs with what the one here did. */
  compare(name: string, request: ParityRequest): ParityReply;
  /** Uses the version of before. Rejects with `MODEL_UNFIT` where there is none. */
  rollBack(name: string): Promise<void>;
}
