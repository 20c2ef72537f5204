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
  | ({ readonly kind: 'kept'; readonly id: string; readonly isNew: boolean } & HeldPart)
  /** They are in the server's memory no more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly why: string };

/** What a recording holds of a run. */
export interface HeldPart {
  readonly heldMs: number;
  /** All of it. */
  readonly isWhole: boolean;
  /** What it holds is the end of the run. */
  readonly isEnd: boolean;
}

export interface SamplesSources {
  readonly list: (query: { channel: string; from: string; to: string }) => Promise<CapturesReply>;
  readonly record: (request: CaptureRequest) => Promise<CaptureReply>;
  /** A recording when it is under way no more. */
  readonly settled: (id: string) => Promise<CaptureReply>;
  /** How long raw samples of a channel stay in the server's memory, s; undefined where it has none. */
  readonly ringSeconds: (channel: string) => Promise<number | undefined>;
}

// Runs that slide overlap: another recording is worth it where the one that is there lacks more than this of what can be had.
const LACK = 0.2;

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
  keep(run: SampledRun, wish: { readonly nowMs: number | undefined; readonly diagnosis: string }): Promise<void> {
    return this.#begin(run, 'asking', async () => {
      const found = await this.#find(run, wish.nowMs);
      if (found.kind !== 'loose') return found;
      const { channel, timeMs: fromMs, endMs: toMs } = run;
      const begun = await this.#sources.record({ channel, fromMs, toMs, diagnosis: wish.diagnosis });
      const capture = begun.state === 'recording' ? await this.#sources.settled(begun.id) : begun;
      if (!isKept(capture)) return { kind: 'refused', why: capture.note ?? capture.state };
      return { kind: 'kept', id: capture.id, isNew: true, ...heldOf(capture, run) };
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

  async #find(run: SampledRun, nowMs: number | undefined): Promise<SamplesState> {
    const { channel, timeMs, endMs } = run;
    const { list, ringSeconds } = this.#sources;
    const [{ captures }, seconds] = await Promise.all([
      list({ channel, from: String(timeMs), to: String(endMs) }),
      ringSeconds(channel),
    ]);
    const keptFromMs = seconds === undefined || nowMs === undefined ? Infinity : nowMs - seconds * 1000;
    const hadMs = Math.max(0, endMs - Math.max(timeMs, keptFromMs));
    const [best] = captures
      .filter(isKept)
      .map(({ id, ...capture }) => ({ id, ...heldOf(capture, run) }))
      .sort((a, b) => b.heldMs - a.heldMs);
    const isEnough = best !== undefined && best.heldMs > 0 && best.heldMs >= (1 - LACK) * hadMs;
    if (isEnough) return { kind: 'kept', isNew: false, ...best };
    return { kind: hadMs > 0 ? 'loose' : 'gone' };
  }

  #set(value: SamplesState): void {
    this.#value = value;
    this.#listeners.announce();
  }
}

function isKept({ state }: CaptureReply): boolean {
  return state === 'recording' || state === 'ready';
}

/** Of one that is under way, what it was asked to hold. */
function heldOf(
  { state, segments, triggerMs, triggerSample, from, to, rateHz }: Omit<CaptureReply, 'id'>,
  { timeMs, endMs, windows }: SampledRun,
): HeldPart {
  const msOf = (sample: number) => triggerMs + ((sample - triggerSample) * 1000) / rateHz;
  const asked = { fromMs: msOf(from), toMs: msOf(to) };
  const there = segments.map((one) => ({ fromMs: one.timeMs, toMs: one.timeMs + (one.samples * 1000) / rateHz }));
  const held = (state === 'ready' ? there : [asked])
    .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, timeMs), toMs: Math.min(toMs, endMs) }))
    .filter(({ fromMs, toMs }) => toMs > fromMs);
  const heldMs = held.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const slackMs = (endMs - timeMs) / windows; // a point
  const isEnd = held.length === 1 && held[0].toMs >= endMs - slackMs;
  return { heldMs, isWhole: heldMs >= endMs - timeMs - 2 * slackMs, isEnd };
}
