import type {
  ClassAnswer,
  DiagnosisClass,
  DiagnosisModel,
  DiagnosisOutcome,
  ToldDiagnosis,
} from '../../server/wire/diagnoses.ts';
import { Listeners, type Store } from './store.ts';

/** The newest diagnosis of a channel; times are ms since 1970 UTC by the sample clock. */
export interface Diagnosis {
  readonly outcome: DiagnosisOutcome;
  /** Of its most probable class, by the version of the model that said it; undefined where that is not known. */
  readonly ofClass: DiagnosisClass | undefined;
  /** The class is less probable than what its model is believed. */
  readonly isUnsure: boolean;
  readonly fromMs: number;
  readonly toMs: number;
  /** Since when every run has come to the same. */
  readonly sinceMs: number;
}

export interface DiagnosisState {
  /** Undefined until the server has told of it. */
  readonly model: DiagnosisModel | undefined;
  readonly newest: Diagnosis | undefined;
}

/** A stretch of time for which one outcome speaks. */
export interface DiagnosisSpan extends Pick<Diagnosis, 'ofClass' | 'isUnsure'> {
  readonly kind: DiagnosisOutcome['kind'];
  /** Of its class as the model names it; undefined where it is none. */
  readonly label: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Where a lane gets what it shows. */
export interface DiagnosisSource {
  /** Another number whenever a span has come or changed. */
  readonly version: number;
  /** Those that lie in a range at least in part, in order, none over another. Of what lies in none nothing is known. */
  spansIn(fromMs: number, toMs: number): readonly DiagnosisSpan[];
}

/** Spans of a channel; of more, the oldest are left to the history. */
export const SPANS_KEPT = 2000;

/** What this page heard of the diagnoses of one channel: the newest, and for which time each spoke. */
export class DiagnosisStore implements Store<DiagnosisState>, DiagnosisSource {
  readonly #listeners = new Listeners();
  #state: DiagnosisState = { model: undefined, newest: undefined };
  #spans: DiagnosisSpan[] = [];
  #version = 0;
  #frozen:
    | { readonly state: DiagnosisState; readonly spans: readonly DiagnosisSpan[]; readonly version: number }
    | undefined;

  get value(): DiagnosisState {
    return this.#frozen?.state ?? this.#state;
  }

  get version(): number {
    return this.#frozen?.version ?? this.#version;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  spansIn(fromMs: number, toMs: number): readonly DiagnosisSpan[] {
    const spans = this.#frozen?.spans ?? this.#spans;
    return spans.filter((span) => span.toMs > fromMs && span.fromMs < toMs);
  }

  setModel(model: DiagnosisModel | undefined): void {
    this.#state = { ...this.#state, model };
    this.#changed();
  }

  /** Takes in the newest diagnosis. One that was told before changes nothing. */
  add(told: ToldDiagnosis): void {
    const diagnosis = this.#read(told);
    const before = this.#state.newest;
    if (before !== undefined && diagnosis.fromMs < before.fromMs) this.#spans = []; // its clock was set back
    this.#state = { ...this.#state, newest: diagnosis };
    this.#append(diagnosis);
    this.#changed();
  }

  /** Another life of the server, which has looked at nothing yet; what is known of the past stays. */
  restart(): void {
    this.#state = { ...this.#state, newest: undefined };
    this.#changed();
  }

  freeze(): void {
    this.#frozen = { state: this.#state, spans: [...this.#spans], version: this.#version };
  }

  goLive(): void {
    this.#frozen = undefined;
    this.#changed();
  }

  #read({ model, version, outcome, fromNs, toNs, sinceNs }: ToldDiagnosis): Diagnosis {
    const known = this.#state.model?.name === model ? this.#state.model.about : undefined;
    const answer = answerOf(outcome);
    const classes = known?.classes ?? [];
    // Another version may name its classes otherwise, or order them so.
    const ofClass = answer && classes.find(({ label }) => label === answer.label);
    const { confidence = 0 } = known?.version === version ? known.thresholds : {};
    const isUnsure = outcome.kind === 'class' && outcome.confidence < confidence;
    return { outcome, ofClass, isUnsure, fromMs: msOf(fromNs), toMs: msOf(toNs), sinceMs: msOf(sinceNs) };
  }

  /** A run speaks for what none before it has covered; where runs slide, also for those before that came to the same. */
  #append({ outcome, ofClass, isUnsure, ...times }: Diagnosis): void {
    const last = this.#spans.at(-1);
    const isSliding = this.#state.model?.about?.hop !== undefined;
    const fromMs = Math.max(isSliding ? times.sinceMs : times.fromMs, last?.toMs ?? -Infinity);
    const { toMs } = times;
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

function isSame(a: DiagnosisSpan, b: DiagnosisSpan): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind !== 'class' || (a.label === b.label && a.isUnsure === b.isUnsure && a.ofClass === b.ofClass);
}

function msOf(ns: string): number {
  return Number(BigInt(ns) / 1000n) / 1000;
}
