import type { DiagnosisModel, DiagnosisOutcome, RunDiagnosis, ToldDiagnosis } from '../../server/wire/diagnoses.ts';

const WINDOW_NS = 5_000_000;
/** Points of a run, and from one to the next, of the model here. */
export const RUN_POINTS = 972;
export const HOP = 100;

/** A model of two classes that looks at runs which slide. */
export function diagnosisModel(fields: Partial<DiagnosisModel> = {}): DiagnosisModel {
  return {
    name: 'plasma',
    state: 'ready',
    about: {
      version: '1',
      points: RUN_POINTS,
      pointsPerSecond: 200,
      unit: 'V',
      hop: HOP,
      classes: [
        { label: '0', name: { en: 'Normal', ko: '정상' }, severity: 'normal', symbol: 'circle' },
        { label: '1', name: { en: 'Micro-arcing', ko: '미세 아크' }, severity: 'critical', symbol: 'bolt' },
      ],
      thresholds: { unknown: 2, confidence: 0.5 },
    },
    ...fields,
  };
}

/** Run `turn` of a channel, which begins `turn` hops after its stream. */
export function runDiagnosis(
  channel: string,
  turn: number,
  outcome: DiagnosisOutcome = classOutcome(0),
  fields: Partial<RunDiagnosis> = {},
): RunDiagnosis {
  return {
    channel,
    stream: 'run-1',
    first: turn * HOP,
    points: RUN_POINTS,
    fromNs: String(BigInt(turn * HOP * WINDOW_NS)),
    toNs: String(BigInt((turn * HOP + RUN_POINTS) * WINDOW_NS)),
    model: 'plasma',
    version: '1',
    outcome,
    latencyMs: 12.5,
    ...fields,
  };
}

/** One of the two classes, told with `confidence`. */
export function classOutcome(index: 0 | 1, confidence = 0.98): DiagnosisOutcome {
  const other = 1 - confidence;
  return {
    kind: 'class',
    index,
    label: String(index),
    confidence,
    probabilities: index === 0 ? [confidence, other] : [other, confidence],
    unknownScore: 0.5,
  };
}

/** The newest run of each stretch of a channel whose runs slide, the last of which ends at `endMs`. */
export function toldDiagnoses(
  channel: {
    readonly name: string;
    readonly diagnoses?: readonly { readonly outcome: DiagnosisOutcome; readonly ms: number }[];
  },
  endMs: number,
): ToldDiagnosis[] {
  const { name, diagnoses = [] } = channel;
  const ns = (ms: number) => String(BigInt(Math.round(ms)) * 1_000_000n);
  const sum = diagnoses.reduce((whole, { ms }) => whole + ms, 0);
  let sinceMs = endMs - sum;
  return diagnoses.map(({ outcome, ms }) => {
    const toMs = sinceMs + ms;
    const told = {
      ...runDiagnosis(name, 0, outcome),
      fromNs: ns(toMs - (RUN_POINTS * WINDOW_NS) / 1e6),
      toNs: ns(toMs),
      sinceNs: ns(sinceMs),
    };
    sinceMs = toMs;
    return told;
  });
}
