import type { RunDiagnosisReply } from '../../server/wire/diagnosis-history.ts';
import type { HistoryReply } from '../../server/wire/history.ts';
import type { ModelExamplesReply, ModelManifestReply } from '../../server/wire/models.ts';
import type { PastQuery } from './channel-past.ts';
import { type NearExample, nearestExamples } from './nearest-examples.ts';
import { type RunPoints, runPoints } from './run-points.ts';
import { Listeners, type Store } from './store.ts';

/** Where a run and what it is held against come from. */
export interface RunSources {
  readonly diagnosis: (channel: string, timeMs: number, signal: AbortSignal) => Promise<RunDiagnosisReply>;
  readonly rows: (query: PastQuery, signal: AbortSignal) => Promise<HistoryReply>;
  /** Of the version that is in use; both undefined where no such model is there. */
  readonly manifest: (model: string, signal: AbortSignal) => Promise<ModelManifestReply | undefined>;
  readonly examples: (model: string, signal: AbortSignal) => Promise<ModelExamplesReply | undefined>;
}

export interface OpenedRunState {
  /** Undefined until it has come. */
  readonly diagnosis: RunDiagnosisReply | undefined;
  /** Undefined until they have come, and where the history keeps them no more as they were. */
  readonly points: RunPoints | undefined;
  readonly manifest: ModelManifestReply | undefined;
  /** Of each class, the nearest class first. */
  readonly near: readonly NearExample[];
  /** Why there is nothing to hold the run against, where there is not. */
  readonly lack: 'examples' | 'shape' | 'points' | undefined;
  readonly isLoading: boolean;
  /** Why the diagnosis or its points did not come. */
  readonly problem: unknown;
}

const NOTHING: OpenedRunState = {
  ...{ diagnosis: undefined, points: undefined, manifest: undefined, near: [], lack: undefined },
  ...{ isLoading: false, problem: undefined },
};
// Rows come on a grid of 1, 2 and 5 windows: so many a point, and they are the windows themselves.
const ROWS_A_POINT = 2.5;

/** One run of a channel with all that is known of it, and the examples that it is nearest to. */
export class OpenedRun implements Store<OpenedRunState> {
  readonly #sources: RunSources;
  readonly #listeners = new Listeners();
  #value = NOTHING;
  #abort: AbortController | undefined;

  constructor(sources: RunSources) {
    this.#sources = sources;
  }

  get value(): OpenedRunState {
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Shows the run that speaks for a moment; what was shown before stays until that is known. Settles with the last of it, and never rejects. */
  async open(channel: string, timeMs: number): Promise<void> {
    this.close();
    const abort = new AbortController();
    this.#abort = abort;
    this.#set({ isLoading: true, problem: undefined });
    let known = NOTHING;
    try {
      const { signal } = abort;
      const diagnosis = await this.#sources.diagnosis(channel, timeMs, signal);
      known = { ...NOTHING, diagnosis };
      if (!signal.aborted) this.#set({ ...known, isLoading: true });
      const rest = await this.#rest(diagnosis, signal);
      if (!signal.aborted) this.#set({ ...rest, isLoading: false });
    } catch (problem) {
      if (!abort.signal.aborted) this.#set({ ...known, problem });
    }
  }

  /** Gives up what is under way. */
  close(): void {
    this.#abort?.abort();
  }

  async #rest(diagnosis: RunDiagnosisReply, signal: AbortSignal): Promise<Partial<OpenedRunState>> {
    const { channel, timeMs, endMs, windows, model } = diagnosis;
    const query = { channel, fromMs: timeMs, toMs: endMs, columns: Math.ceil(windows * ROWS_A_POINT) };
    const [reply, manifest, examples] = await Promise.all([
      this.#sources.rows(query, signal),
      this.#sources.manifest(model, signal),
      this.#sources.examples(model, signal),
    ]);
    const points = runPoints(diagnosis, reply);
    if (!manifest || !examples) return { points, manifest, lack: 'examples' };
    if (!points || points.missing > 0) return { points, manifest, lack: 'points' };
    const { rows } = manifest.input;
    const near = nearestExamples(points, { ...examples, rows });
    return { points, manifest, near, lack: near.length === 0 ? 'shape' : undefined };
  }

  #set(change: Partial<OpenedRunState>): void {
    this.#value = { ...this.#value, ...change };
    this.#listeners.announce();
  }
}

/** Which two examples say most of why a run came to what it did: the nearest of its own kind, and of the other. */
export function tellingExamples(
  { outcome, label }: Pick<RunDiagnosisReply, 'outcome' | 'label'>,
  near: readonly NearExample[],
  normalLabel: string | undefined,
): readonly NearExample[] {
  const normal = near.find((each) => each.label === normalLabel);
  const fault = near.find((each) => each.label !== normalLabel);
  const own = outcome === 'class' ? near.find((each) => each.label === label) : near[0];
  const other = own === normal ? fault : normal;
  return [normal === own ? own : other, normal === own ? other : own].filter((each) => each !== undefined);
}
