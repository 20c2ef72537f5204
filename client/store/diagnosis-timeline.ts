import type { ChannelPast } from './channel-past.ts';
import { PRESENT_MS } from './channel-time.ts';
import type { Diagnoses } from './diagnoses.ts';
import { cutOut, type DiagnosisNeed, type DiagnosisSource, type DiagnosisSpan } from './diagnosis-span.ts';
import type { PastDiagnoses } from './past-diagnoses.ts';
import type { TimeRange } from './time-view.ts';

/** The diagnoses of one channel on a page that looks back; times by its sample clock. */
export interface DiagnosisTimelineParts {
  readonly name: string;
  readonly diagnoses: Pick<Diagnoses, 'find' | 'model' | 'modelsVersion'>;
  readonly past: ChannelPast<PastDiagnoses>;
  /** Where its history begins, the present, and where there is nothing more; undefined where that is not known. */
  readonly firstMs: () => number | undefined;
  readonly nowMs: () => number | undefined;
  readonly aheadMs: () => number | undefined;
  /** Times that the clock was set back. */
  readonly stepped: () => number;
}

/**
 * What the page heard itself and what the history has as one lane. Drawing it
 * is what asks the history, for just what is drawn and was not heard.
 */
export class DiagnosisTimeline implements DiagnosisSource {
  readonly #parts: DiagnosisTimelineParts;
  #hasAny = false;
  /** The present when the page began to wait for the next. */
  #waitingMs: number | undefined;

  constructor(parts: DiagnosisTimelineParts) {
    this.#parts = parts;
  }

  get version(): number {
    const { name, diagnoses, past } = this.#parts;
    return (diagnoses.find(name)?.version ?? 0) + past.version + diagnoses.modelsVersion;
  }

  get hasAny(): boolean {
    return this.#hasAny || this.#parts.diagnoses.find(this.#parts.name) !== undefined;
  }

  /** It is not drawn any more: gives up what is under way. What came stays. */
  close(): void {
    this.#parts.past.close();
  }

  spansIn(need: DiagnosisNeed): readonly DiagnosisSpan[] {
    const { name, diagnoses } = this.#parts;
    const live = diagnoses.find(name);
    const heard = live?.heard;
    this.#waitingMs = heard ? undefined : (this.#waitingMs ?? this.#parts.nowMs());
    const past = cutOut(this.#pastIn(need, heard?.fromMs ?? this.#waitingMs ?? need.toMs), heard ? [heard] : []);
    const all = live?.spansIn(need) ?? [];
    // What was heard before the line was lost stands where the history has nothing.
    const found = [...past, ...cutOut(all, past)].sort((a, b) => a.fromMs - b.fromMs);
    if (found.length > 0) this.#hasAny = true;
    return found;
  }

  #pastIn(need: DiagnosisNeed, heldMs: number): DiagnosisSpan[] {
    const { past, diagnoses, stepped } = this.#parts;
    const nowMs = this.#parts.nowMs() ?? need.toMs;
    const lastMs = Math.max(nowMs, this.#parts.aheadMs() ?? -Infinity);
    const firstMs = this.#parts.firstMs() ?? -Infinity;
    // Beyond the present, where the clock was set back, the history is all there is.
    const toMs = Math.min(need.toMs, need.toMs > nowMs + PRESENT_MS ? lastMs : Math.min(lastMs, heldMs));
    const wanted = { ...need, fromMs: Math.max(need.fromMs, firstMs), toMs };
    if (wanted.toMs <= wanted.fromMs) return [];
    past.want(wanted, { firstMs, lastMs, nowMs, heldMs, stepped: stepped() });

    const found: DiagnosisSpan[] = [];
    let open: TimeRange[] = [{ fromMs: wanted.fromMs, toMs: wanted.toMs }];
    for (const read of past.best(wanted)) {
      const spans = read.spans((model) => diagnoses.model(model), diagnoses.modelsVersion);
      for (const range of open) found.push(...within(spans, range, read.need));
      open = cutOut(open, [read.need]);
    }
    return found.sort((a, b) => a.fromMs - b.fromMs);
  }
}

function within(spans: readonly DiagnosisSpan[], a: TimeRange, b: TimeRange): DiagnosisSpan[] {
  const [fromMs, toMs] = [Math.max(a.fromMs, b.fromMs), Math.min(a.toMs, b.toMs)];
  return spans
    .filter((span) => span.toMs > fromMs && span.fromMs < toMs)
    .map((span) => ({ ...span, fromMs: Math.max(span.fromMs, fromMs), toMs: Math.min(span.toMs, toMs) }));
}
