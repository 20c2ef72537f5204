import type { Diagnosis, Outcome } from '../../server/trend/diagnosis.ts';
import type {
  DiagnosisBucket,
  DiagnosisHistory,
  DiagnosisKind,
  DiagnosisRequest,
  DiagnosisSpan,
  StoredDiagnosis,
} from '../../server/trend/diagnosis-history.ts';
import { seededRandom } from './seeded-random.ts';

const HOP_NS = 500_000_000n;
const RUN_NS = 4_860_000_000n;
const GAP_NS = 1_000_000_000n;
/** Back, still overlapping, as long as a span bears, longer by the least, and long. */
const PAUSES_NS = [-4_000_000_000n, 3_000_000_000n, 5_360_000_000n, 5_360_000_001n, 40n * GAP_NS, 1300n * GAP_NS];
export const LABELS = ['normal', 'micro-arcing', 'flicker'];

/** A diagnosis that runs from `timeNs`. */
export function diagnosis(of: Partial<Diagnosis> & { readonly first: number; readonly timeNs: bigint }): Diagnosis {
  return {
    ...{ channel: 'lamp', stream: 'stream-1', points: 972, endNs: of.timeNs + RUN_NS, model: 'plasma', version: '1' },
    ...{ outcome: answered('class', 0, 0.9), latencyMs: 12.5 },
    ...of,
  };
}

/** Probabilities are of `Float32Array`, as models give them. */
export function answered(kind: 'class' | 'unknown', classIndex: number, confidence: number): Outcome {
  const probabilities = LABELS.map((_, at) => Math.fround(at === classIndex ? confidence : (1 - confidence) / 2));
  return { kind, classIndex, label: LABELS[classIndex]!, probabilities, unknownScore: confidence / 3 };
}

export interface DiagnosedPast {
  readonly seed: number;
  readonly runs: number;
  /** How likely the next run is of another kind, is late, begins after a pause, or is of another stream or model. */
  readonly change: number;
  readonly odd: number;
}

/** Runs of a channel in the order they came, with where their stretches begin. */
export function makeDiagnoses({ seed, runs, change, odd }: DiagnosedPast, startNs: bigint): StoredDiagnosis[] {
  const random = seededRandom(seed);
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  const outcomes = (): Outcome[] => [
    ...LABELS.map((_, at) => answered('class', at, 0.4 + random() / 2)),
    answered('unknown', 1, 0.3 + random() / 2),
    { kind: 'incomplete', reason: '3 points are missing' },
    { kind: 'unavailable', reason: 'no model' },
    { kind: 'dropped' },
  ];
  let [kind, stream, version, timeNs, beforeNs] = [0, 'stream-1', '1', startNs, startNs];
  return Array.from({ length: runs }, (_, first): StoredDiagnosis => {
    if (random() < change) kind = Math.floor(random() * 7);
    if (random() < odd) stream = pick(['stream-1', 'stream-2']);
    if (random() < odd) version = pick(['1', '2']);
    if (random() < odd) timeNs += pick(PAUSES_NS);
    timeNs += HOP_NS;
    const one = diagnosis({ first, stream, version, timeNs, outcome: outcomes()[kind]! });
    const sinceNs = timeNs < beforeNs && beforeNs <= one.endNs ? beforeNs : timeNs;
    beforeNs = one.endNs;
    return { ...one, sinceNs };
  });
}

/** The slow twin of a range: every diagnosis is looked at, one after the other. */
export function diagnosedRange(
  all: readonly StoredDiagnosis[],
  request: DiagnosisRequest,
  stepNs: bigint | undefined,
): DiagnosisHistory {
  const { fromNs, toNs, columns } = request;
  const inOrder = [...all].sort(byEnd);
  const spans: DiagnosisSpan[] = [];
  for (const one of inOrder.filter(({ sinceNs, endNs }) => endNs > fromNs && sinceNs < toNs)) {
    const last = spans.at(-1);
    const follows = last !== undefined && one.sinceNs <= last.toNs + GAP_NS && isAlike(last, kindOf(one));
    const alone = { fromNs: one.sinceNs, toNs: one.endNs, ...kindOf(one), ...figuresOf(one) };
    if (!follows) spans.push(alone);
    else spans[spans.length - 1] = joined(last, alone);
  }
  if (spans.length <= columns) return { form: 'spans', spans };
  if (stepNs === undefined) throw new Error(`${spans.length} spans, and ${columns} columns`);
  const floor = (ns: bigint) => ns - (((ns % stepNs) + stepNs) % stepNs);
  const buckets = new Map<bigint, Map<string, DiagnosisSpan>>();
  for (const one of inOrder) {
    const at = floor(one.endNs - 1n);
    if (at < floor(fromNs) || at > floor(toNs - 1n)) continue;
    const kinds = buckets.get(at) ?? new Map<string, DiagnosisSpan>();
    buckets.set(at, kinds);
    const alone = { fromNs: one.sinceNs, toNs: one.endNs, ...kindOf(one), ...figuresOf(one) };
    const key = JSON.stringify(Object.values(kindOf(one)));
    const known = kinds.get(key);
    kinds.set(key, known === undefined ? alone : joined(known, alone));
  }
  return {
    form: 'buckets',
    stepNs,
    buckets: [...buckets]
      .sort(([a], [b]) => Number(a - b))
      .map(
        ([fromNs, kinds]): DiagnosisBucket => ({
          fromNs,
          kinds: [...kinds.values()].map(({ fromNs: _, toNs: __, ...rest }) => rest),
        }),
      ),
  };
}

export function kindOf({ model, version, outcome }: Diagnosis): DiagnosisKind {
  const answer = 'label' in outcome ? outcome : undefined;
  return { model, version, outcome: outcome.kind, label: answer?.label, classIndex: answer?.classIndex };
}

function figuresOf({ outcome }: Diagnosis) {
  const answer = 'label' in outcome ? outcome : undefined;
  const confidence = answer?.probabilities[answer.classIndex];
  return { count: 1, lowest: confidence, highest: confidence, unknownScore: answer?.unknownScore };
}

function joined(a: DiagnosisSpan, b: DiagnosisSpan): DiagnosisSpan {
  const least = (x: number | undefined, y: number | undefined) => (x === undefined ? y : Math.min(x, y!));
  const most = (x: number | undefined, y: number | undefined) => (x === undefined ? y : Math.max(x, y!));
  return {
    ...a,
    fromNs: a.fromNs < b.fromNs ? a.fromNs : b.fromNs,
    toNs: b.toNs,
    count: a.count + b.count,
    lowest: least(a.lowest, b.lowest),
    highest: most(a.highest, b.highest),
    unknownScore: most(a.unknownScore, b.unknownScore),
  };
}

function isAlike(a: DiagnosisKind, b: DiagnosisKind): boolean {
  return a.model === b.model && a.version === b.version && a.outcome === b.outcome && a.label === b.label;
}

function byEnd(a: StoredDiagnosis, b: StoredDiagnosis): number {
  const keys = (one: StoredDiagnosis) => [one.endNs, one.stream, one.first, one.model, one.version];
  const [x, y] = [keys(a), keys(b)];
  const at = x.findIndex((value, place) => value !== y[place]);
  return at < 0 ? 0 : x[at]! < y[at]! ? -1 : 1;
}
