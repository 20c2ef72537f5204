import type {
  DiagnosisCount,
  DiagnosisFigures,
  DiagnosisHistory,
  DiagnosisKind,
  DiagnosisMixRequest,
  DiagnosisRequest,
  StoredDiagnosis,
} from '../trend/diagnosis-history.ts';
import { faultFromWords } from '../trend/model-fault.ts';
import { lackFromWords } from '../trend/run-lack.ts';
import type {
  DiagnosesReply,
  DiagnosisFiguresReply,
  DiagnosisKindReply,
  DiagnosisMixReply,
  RunDiagnosisReply,
} from '../wire/diagnosis-history.ts';
import { toMs } from './history-reply.ts';

/** A range of diagnoses as JSON has it. */
export function toDiagnosesReply(request: DiagnosisRequest, found: DiagnosisHistory): DiagnosesReply {
  const { channel, fromNs, toNs } = request;
  const kinds = new Map<string, { readonly place: number; readonly kind: DiagnosisKindReply }>();
  const placeOf = (one: DiagnosisKind): number => {
    const kind = kindReply(one);
    const key = JSON.stringify(kind);
    const { place } = kinds.get(key) ?? { place: kinds.size };
    kinds.set(key, { place, kind });
    return place;
  };
  const figures = (one: DiagnosisKind & DiagnosisFigures): DiagnosisFiguresReply => ({
    kind: placeOf(one),
    count: one.count,
    ...(one.lowest !== undefined && { lowest: one.lowest }),
    ...(one.highest !== undefined && { highest: one.highest }),
    ...(one.unknownScore !== undefined && { unknownScore: one.unknownScore }),
  });
  const content =
    found.form === 'spans'
      ? {
          form: found.form,
          spans: found.spans.map((span) => ({ fromMs: toMs(span.fromNs), toMs: toMs(span.toNs), ...figures(span) })),
        }
      : {
          form: found.form,
          stepMs: toMs(found.stepNs),
          buckets: found.buckets.map((bucket) => ({
            fromMs: toMs(bucket.fromNs),
            figures: bucket.kinds.map(figures),
          })),
        };
  const listed = [...kinds.values()].map(({ kind }) => kind);
  return { channel, fromMs: toMs(fromNs), toMs: toMs(toNs), kinds: listed, ...content };
}

/** One diagnosis with all that is kept of it. */
export function toRunDiagnosisReply(diagnosis: StoredDiagnosis): RunDiagnosisReply {
  const { channel, stream, first, points, timeNs, endNs, sinceNs, model, version, outcome, latencyMs } = diagnosis;
  const answer = 'label' in outcome ? outcome : undefined;
  const { label, classIndex } = answer ?? {};
  const lack = outcome.kind === 'incomplete' ? lackFromWords(outcome.reason) : undefined;
  const fault = outcome.kind === 'unavailable' ? faultFromWords(outcome.reason) : undefined;
  return {
    ...{ channel, stream, window: first, windows: points },
    ...{ timeMs: toMs(timeNs), endMs: toMs(endNs), sinceMs: toMs(sinceNs), latencyMs },
    ...kindReply({ model, version, outcome: outcome.kind, label, classIndex }),
    ...(answer && { probabilities: answer.probabilities }),
    ...(answer?.unknownScore !== undefined && { unknownScore: answer.unknownScore }),
    ...('reason' in outcome && { reason: outcome.reason }),
    ...(lack && { lack }),
    ...(fault && { fault }),
  };
}

export function toMixReply({ fromNs, toNs }: DiagnosisMixRequest, mix: readonly DiagnosisCount[]): DiagnosisMixReply {
  const counts = mix.map(({ channel, count, ...kind }) => ({ channel, ...kindReply(kind), count }));
  return { fromMs: toMs(fromNs), toMs: toMs(toNs), counts };
}

function kindReply({ model, version, outcome, label, classIndex }: DiagnosisKind): DiagnosisKindReply {
  return {
    ...{ model, version, outcome },
    ...(label !== undefined && { label }),
    ...(classIndex !== undefined && { classIndex }),
  };
}
