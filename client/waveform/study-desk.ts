import { Listeners, type Store } from '../store/store.ts';
import { AGAIN_MS } from './again.ts';
import type { SampleRange } from './capture-pieces.ts';
import type { SelectionFigures, SelectionStudy } from './selection-study.ts';
import type { Spectrum } from './spectrum.ts';
import type { Markers } from './wave-events.ts';

/** What is known of a selection. The last results stand until the next are there. */
export interface StudyState {
  readonly figures: SelectionFigures | undefined;
  readonly spectrum: Spectrum | undefined;
  /** Values at the markers. */
  readonly values: Markers;
  /** Whether the results are of an earlier selection. */
  readonly isStale: boolean;
  /** Why they could not be had; they are asked for again by themselves. */
  readonly failure: string | undefined;
}

type Study = Pick<SelectionStudy, 'valueAt' | 'figures' | 'spectrum'>;

// A selection is studied once it has stood so long.
const REST_MS = 200;

/** Studies what is selected once it stands still. One study at a time: a new selection ends it. */
export class StudyDesk implements Store<StudyState> {
  readonly #listeners = new Listeners();
  readonly #study: Study;
  #state: StudyState = { figures: undefined, spectrum: undefined, values: {}, isStale: true, failure: undefined };
  #range: SampleRange | undefined;
  #markers: Markers = {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort = new AbortController();

  constructor(study: Study) {
    this.#study = study;
  }

  get value(): StudyState {
    return this.#state;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Asks for a range and the values at the markers. The same ones again change nothing. */
  want(range: SampleRange, markers: Markers): void {
    const isSame = this.#range?.from === range.from && this.#range.to === range.to;
    if (isSame && this.#markers.a === markers.a && this.#markers.b === markers.b) return;
    this.#range = range;
    this.#markers = markers;
    this.close();
    this.#abort = new AbortController();
    this.#set({ isStale: true, failure: undefined });
    this.#runAfter(REST_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #runAfter(ms: number): void {
    this.#timer = setTimeout(() => void this.#run(this.#abort.signal), ms);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { a, b } = this.#markers;
    const range = this.#range;
    if (!range) return;
    try {
      const valueAt = (index: number | undefined) =>
        index === undefined ? undefined : this.#study.valueAt(index, signal);
      // What is here already comes without asking anybody who would notice the end.
      const take = (change: Partial<StudyState>) => {
        signal.throwIfAborted();
        this.#set(change);
      };
      take({ values: { a: await valueAt(a), b: await valueAt(b) } });
      take({ figures: await this.#study.figures(range, signal) });
      take({ spectrum: await this.#study.spectrum(range, signal), isStale: false, failure: undefined });
    } catch (error) {
      if (signal.aborted) return; // ended by another selection
      this.#set({ failure: error instanceof Error ? error.message : String(error) });
      this.#runAfter(AGAIN_MS);
    }
  }

  #set(change: Partial<StudyState>): void {
    this.#state = { ...this.#state, ...change };
    this.#listeners.announce();
  }
}
