import type { ClassAnswer, DiagnosisModel, DiagnosisOutcome, ToldDiagnosis } from '../../server/wire/diagnoses.ts';
import { classOf, type DiagnosisLook, type DiagnosisSpan, isSame, leastConfidence } from './diagnosis-span.ts';
import { Listeners, type Store } from './store.ts';
import type { TimeRange } from './time-view.ts';

/** The newest diagnosis of a channel; times are ms since 1970 UTC by the sample clock. */
export interface Diagnosis extends Pick<DiagnosisLook, 'ofClass' | 'isUnsure'>, TimeRange {
  readonly outcome: DiagnosisOutcome;
  /** Since when every run has come to the same. */
  readonly sinceMs: number;
}

export interface DiagnosisState {
  /** Undefined until the server has told of it. */
  readonly model: DiagnosisModel | undefined;
  readonly newest: Diagnosis | undefined;
  /** This page made it, not the server. */
  readonly isHere: boolean;
}

/** Spans of a channel; of more, the oldest are left to the history. */
export const SPANS_KEPT = 2000;

/** What this page heard of the diagnoses of one channel: the newest, and for which time each spoke. */
export class DiagnosisStore implements Store<DiagnosisState> {
  readonly #listeners = new Listeners();
  #state: DiagnosisState = { model: undefined, newest: undefined, isHere: false };
  #spans: DiagnosisSpan[] = [];
  #version = 0;
  /** Since when nothing was missed; undefined where something may have been, until the next is heard. */
  #heardMs: number | undefined;
  #frozen:
    | (Pick<DiagnosisStore, 'value' | 'version' | 'heard'> & { readonly spans: readonly DiagnosisSpan[] })
    | undefined;

  get value(): DiagnosisState {
    return this.#frozen?.value ?? this.#state;
  }

  get version(): number {
    return this.#frozen?.version ?? this.#version;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** The newest stretch in which nothing was missed: of it the history has no more. */
  get heard(): TimeRange | undefined {
    if (this.#frozen) return this.#frozen.heard;
    const [first, last] = [this.#spans[0], this.#spans.at(-1)];
    if (this.#heardMs === undefined || !last) return undefined;
    return { fromMs: Math.max(this.#heardMs, first.fromMs), toMs: last.toMs };
  }

  spansIn({ fromMs, toMs }: TimeRange): readonly DiagnosisSpan[] {
    const spans = this.#frozen?.spans ?? this.#spans;
    return spans.filter((span) => span.toMs > fromMs && span.fromMs < toMs);
  }

  setModel(model: DiagnosisModel | undefined): void {
    this.#state = { ...this.#state, model };
    this.#changed();
  }

  setPlace(isHere: boolean): void {
    this.#state = { ...this.#state, isHere };
    this.#changed();
  }

  /** Takes in the newest diagnosis. One that was told before changes nothing. */
  add(told: ToldDiagnosis): void {
    const diagnosis = this.#read(told);
    const before = this.#state.newest;
    if (before !== undefined && diagnosis.fromMs < before.fromMs) {
      this.#spans = []; // its clock was set back
      this.#heardMs = undefined;
    }
    this.#state = { ...this.#state, newest: diagnosis };
    this.#append(diagnosis);
    this.#changed();
  }

  /** Another life of the server, or another place, which has looked at nothing yet; what is known of the past stays. */
  restart(): void {
    this.#state = { ...this.#state, newest: undefined };
    this.interrupt();
  }

  /** The line was lost: what came meanwhile is not heard. */
  interrupt(): void {
    this.#heardMs = undefined;
    this.#changed();
  }

  freeze(): void {
    const { value, version, heard } = this;
    this.#frozen = { value, version, heard, spans: [...this.#spans] };
  }

  goLive(): void {
    this.#frozen = undefined;
    this.#changed();
  }

  #read({ model, version, outcome, fromNs, toNs, sinceNs }: ToldDiagnosis): Diagnosis {
    const known = this.#state.model?.name === model ? this.#state.model : undefined;
    const ofClass = classOf(known, answerOf(outcome)?.label);
    const isUnsure = outcome.kind === 'class' && outcome.confidence < leastConfidence(known, version);
    return { outcome, ofClass, isUnsure, fromMs: msOf(fromNs), toMs: msOf(toNs), sinceMs: msOf(sinceNs) };
  }

  /** A run speaks for what none before it has covered; where runs slide, also for those before that came to the same. */
  #append({ outcome, ofClass, isUnsure, ...times }: Diagnosis): void {
    const last = this.#spans.at(-1);
    const isSliding = this.#state.model?.about?.hop !== undefined;
    const fromMs = Math.max(isSliding ? times.sinceMs : times.fromMs, last?.toMs ?? -Infinity);
    const { toMs } = times;
    // Where runs slide, one begins where the one before it ended, or something was missed between them.
    if (this.#heardMs === undefined || (isSliding && last !== undefined && fromMs > last.toMs)) this.#heardMs = fromMs;
    if (fromMs >= toMs || outcome.kind === 'dropped') return;
    const span = { kind: outcome.kind, label: answerOf(outcome)?.label, ofClass, isUnsure, fromMs, toMs };
    const isJoined = last !== undefined && last.toMs === fromMs && isSame(last, span);
    if (isJoined) this.#spans.pop();
    this.#spans.push(isJoined ? { ...span, fromMs: last.fromMs } : span);
    if (this.#spans.length > SPANS_KEPT) this.#spans.shift();
  }

  #changed(): void {
    this.#version++;
    this.#listeners.announce();
  }
}

function answerOf(outcome: DiagnosisOutcome): ClassAnswer | undefined {
  return outcome.kind === 'class' || outcome.kind === 'unknown' ? outcome : undefined;
}

function msOf(ns: string): number {
  return Number(BigInt(ns) / 1000n) / 1000;
}
