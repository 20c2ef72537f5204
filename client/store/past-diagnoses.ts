import type { DiagnosisModel } from '../../server/wire/diagnoses.ts';
import type {
  DiagnosesReply,
  DiagnosisBucketReply,
  DiagnosisFiguresReply,
  DiagnosisKindReply,
} from '../../server/wire/diagnosis-history.ts';
import type { PastRead } from './channel-past.ts';
import {
  classOf,
  type DiagnosisLook,
  type DiagnosisPart,
  type DiagnosisSpan,
  gravity,
  leastConfidence,
} from './diagnosis-span.ts';
import type { PastNeed } from './past-rows.ts';

/** What a model of that name is known to be. */
export type FindModel = (name: string) => DiagnosisModel | undefined;

/** One answer of the history about the diagnoses of a channel, for good. */
export class PastDiagnoses implements PastRead {
  readonly need: PastNeed;
  readonly rowMs: number;
  readonly isWhole: boolean;
  readonly #reply: DiagnosesReply;
  #read: { readonly modelsVersion: number; readonly spans: readonly DiagnosisSpan[] } | undefined;

  constructor(reply: DiagnosesReply, need: PastNeed) {
    this.need = need;
    this.rowMs = reply.form === 'buckets' ? reply.stepMs : 0;
    this.isWhole = reply.form === 'spans';
    this.#reply = reply;
  }

  /** All it has, in order. Read again where another version of what is known of models is named. */
  spans(find: FindModel, modelsVersion: number): readonly DiagnosisSpan[] {
    if (this.#read?.modelsVersion !== modelsVersion) {
      this.#read = { modelsVersion, spans: inOrder(this.#toSpans(find)) };
    }
    return this.#read.spans;
  }

  #toSpans(find: FindModel): DiagnosisSpan[] {
    const reply = this.#reply;
    const lookOf = (figures: DiagnosisFiguresReply) => toLook(reply.kinds[figures.kind], figures, find);
    if (reply.form === 'buckets') return reply.buckets.map((bucket) => toSpan(bucket, reply.stepMs, lookOf));
    return reply.spans.map((span) => ({ ...lookOf(span), fromMs: span.fromMs, toMs: span.toMs }));
  }
}

/** What runs of a kind came to: unsure where none of them was sure. Which of them were is not stored, but for the least and the most probable. */
export function toLook(
  { outcome, model: name, version, label }: DiagnosisKindReply,
  { highest = 0, lowest = highest }: DiagnosisFiguresReply,
  find: FindModel,
): DiagnosisLook {
  const model = find(name);
  const least = outcome === 'class' ? leastConfidence(model, version) : 0;
  return {
    ...{ kind: outcome, label, ofClass: classOf(model, label) },
    ...{ isUnsure: highest < least, isMixed: lowest < least && highest >= least },
  };
}

function toSpan(
  { fromMs, figures }: DiagnosisBucketReply,
  stepMs: number,
  lookOf: (figures: DiagnosisFiguresReply) => DiagnosisLook,
): DiagnosisSpan {
  const runs = figures.reduce((sum, { count }) => sum + count, 0);
  const parts: DiagnosisPart[] = figures.map((each) => ({ ...lookOf(each), share: each.count / runs }));
  parts.sort((a, b) => gravity(b) - gravity(a) || b.share - a.share);
  const [{ share: _, ...speaks }] = parts; // among those that are not grave, the most frequent
  return { ...speaks, fromMs, toMs: fromMs + stepMs, parts };
}

/** Where the clock was set back, a later stretch begins where the one before it ends. */
function inOrder(spans: readonly DiagnosisSpan[]): DiagnosisSpan[] {
  const found: DiagnosisSpan[] = [];
  for (const span of spans) {
    const fromMs = Math.max(span.fromMs, found.at(-1)?.toMs ?? -Infinity);
    if (fromMs < span.toMs) found.push({ ...span, fromMs });
  }
  return found;
}
