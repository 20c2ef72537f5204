import type { CaptureReply, CaptureRequest, CapturesReply } from '../../server/wire/captures.ts';
import type { RunDiagnosisReply } from '../../server/wire/diagnosis-history.ts';
import { Listeners, type Store } from './store.ts';

/** What became of the raw samples of a run. */
export type SamplesState =
  /** Nobody has said yet. */
  | { readonly kind: 'unknown' }
  /** They may be had. */
  | { readonly kind: 'loose' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'kept'; readonly id: string; readonly isNew: boolean }
  /** They are in the server's memory no more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly why: string };

export interface SamplesSources {
  readonly list: (query: { channel: string; from: string; to: string }) => Promise<CapturesReply>;
  readonly record: (request: CaptureRequest) => Promise<CaptureReply>;
  /** How long raw samples of a channel stay in the server's memory, s; undefined where it has none. */
  readonly ringSeconds: (channel: string) => Promise<number | undefined>;
}

export type SampledRun = Pick<RunDiagnosisReply, 'channel' | 'timeMs' | 'endMs' | 'windows'>;

/** Finds the recording of a run's raw samples, and has one made where there is none. */
export class RunSamples implements Store<SamplesState> {
  readonly #sources: SamplesSources;
  readonly #listeners = new Listeners();
  #value: SamplesState = { kind: 'unknown' };
  #run: SampledRun | undefined;
  /** One after the other, so that the second finds what the first had made. */
  #last: Promise<void> = Promise.resolve();

  constructor(sources: SamplesSources) {
    this.#sources = sources;
  }

  get value(): SamplesState {
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Says what there is of a run; `nowMs` is the present of its channel. Never rejects. */
  look(run: SampledRun, nowMs: number | undefined): Promise<void> {
    return this.#begin(run, 'unknown', () => this.#find(run, nowMs));
  }

  /** Nothing is said until another run is looked at. */
  forget(): void {
    this.#run = undefined;
    this.#set({ kind: 'unknown' });
  }

  /** Has a run recorded that is not, as far as it can still be had. */
  keep(run: SampledRun, wish: { readonly nowMs: number | undefined; readonly comment: string }): Promise<void> {
    return this.#begin(run, 'asking', async () => {
      const found = await this.#find(run, wish.nowMs);
      if (found.kind !== 'loose') return found;
      const { channel, timeMs: fromMs, endMs: toMs } = run;
      const capture = await this.#sources.record({ channel, fromMs, toMs, comment: wish.comment });
      if (isKept(capture)) return { kind: 'kept', id: capture.id, isNew: true };
      return { kind: 'refused', why: capture.note ?? capture.state };
    });
  }

  #begin(run: SampledRun, meanwhile: 'unknown' | 'asking', find: () => Promise<SamplesState>): Promise<void> {
    this.#run = run;
    this.#set({ kind: meanwhile });
    this.#last = this.#last.then(async () => {
      const found = await find().catch(
        (error: unknown): SamplesState => ({
          kind: 'refused',
          why: error instanceof Error ? error.message : String(error),
        }),
      );
      if (this.#run === run) this.#set(found);
    });
    return this.#last;
  }

  async #find({ channel, timeMs, endMs, windows }: SampledRun, nowMs: number | undefined): Promise<SamplesState> {
    const { list, ringSeconds } = this.#sources;
    const [{ captures }, seconds] = await Promise.all([
      list({ channel, from: String(timeMs), to: String(endMs) }),
      ringSeconds(channel),
    ]);
    const pointMs = (endMs - timeMs) / windows;
    const kept = captures.find((capture) => isKept(capture) && covers(capture, { timeMs, endMs, slackMs: pointMs }));
    if (kept) return { kind: 'kept', id: kept.id, isNew: false };
    const isGone = seconds === undefined || nowMs === undefined || endMs <= nowMs - seconds * 1000;
    return { kind: isGone ? 'gone' : 'loose' };
  }

  #set(value: SamplesState): void {
    this.#value = value;
    this.#listeners.announce();
  }
}

function isKept({ state }: CaptureReply): boolean {
  return state === 'recording' || state === 'ready';
}

/** Whether it was asked to hold all of a run: what it lacks of that is gone. */
function covers(
  { triggerMs, triggerSample, from, to, rateHz }: CaptureReply,
  { timeMs, endMs, slackMs }: { readonly timeMs: number; readonly endMs: number; readonly slackMs: number },
): boolean {
  const msOf = (sample: number) => triggerMs + ((sample - triggerSample) * 1000) / rateHz;
  return msOf(from) <= timeMs + slackMs && msOf(to) >= endMs - slackMs;
}
