import type { ClassSeverity, DiagnosisClass, DiagnosisModel, DiagnosisOutcome } from '../../server/wire/diagnoses.ts';
import type { TimeRange } from './time-view.ts';

/** What runs came to, as it is shown. */
export interface DiagnosisLook {
  readonly kind: DiagnosisOutcome['kind'];
  /** Of its class as the model names it; undefined where it is none. */
  readonly label: string | undefined;
  /** Undefined where it is none, and where no model here has it. */
  readonly ofClass: DiagnosisClass | undefined;
  /** The class is less probable than what its model is believed. */
  readonly isUnsure: boolean;
  /** Of runs that the history tells of together some were sure, some not. */
  readonly isMixed?: boolean;
}

/** Of the runs of a stretch, those that came to one and the same. */
export interface DiagnosisPart extends DiagnosisLook {
  /** 0 to 1, of all runs of the stretch. */
  readonly share: number;
}

/**
 * A stretch of time for which one outcome speaks. Where there are too many runs
 * to tell each, the gravest class of them all speaks, else what they came to most often.
 */
export interface DiagnosisSpan extends DiagnosisLook, TimeRange {
  /** Of many runs, all they came to: the gravest first. */
  readonly parts?: readonly DiagnosisPart[];
}

/** What is shown of the diagnoses of a channel. */
export interface DiagnosisNeed extends TimeRange {
  /** Nothing shorter is told apart. */
  readonly columnMs: number;
}

/** Where a lane gets what it shows. */
export interface DiagnosisSource {
  /** Another number whenever a span has come or changed. */
  readonly version: number;
  /** Whether a model looks at the channel, or is known to have. */
  readonly hasAny: boolean;
  /** Those that lie in a range at least in part, in order, none over another. Of what lies in none nothing is known. */
  spansIn(need: DiagnosisNeed): readonly DiagnosisSpan[];
}

const SUSPICION = 0.1;

/** How grave, from 0 for what is normal to 4. */
export const SEVERITY_LEVEL: Readonly<Record<ClassSeverity, number>> = {
  normal: 0,
  low: 1,
  medium: 2,
  high: 3,
  critical: 4,
};

/** How grave what runs came to is: 1 to 4, less than 1 where it is only suspected, 0 where it is normal, or nobody can say. */
export function gravity({ kind, ofClass, isUnsure }: DiagnosisLook): number {
  return kind === 'class' && ofClass !== undefined ? gravityOf(ofClass.severity, isUnsure) : 0;
}

/** That of a class: a suspicion is less grave than the least fault that is sure. */
export function gravityOf(severity: ClassSeverity, isUnsure: boolean): number {
  return isUnsure ? SEVERITY_LEVEL[severity] * SUSPICION : SEVERITY_LEVEL[severity];
}

/** What a model calls a class of that label, whatever its version: another may order its classes otherwise. */
export function classOf(model: DiagnosisModel | undefined, label: string | undefined): DiagnosisClass | undefined {
  return label === undefined ? undefined : model?.about?.classes.find((each) => each.label === label);
}

/** Less than this, a class of that version of a model is unsure; 0 where that is not known. */
export function leastConfidence(model: DiagnosisModel | undefined, version: string): number {
  return model?.about?.version === version ? model.about.thresholds.confidence : 0;
}

/** Whether two stretches came to the same. */
export function isSame(a: DiagnosisLook, b: DiagnosisLook): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind !== 'class' || (a.label === b.label && a.isUnsure === b.isUnsure && a.ofClass === b.ofClass);
}

/** What of some spans lies outside of stretches; both in order, and none over another of its kind. */
export function cutOut<Span extends TimeRange>(spans: readonly Span[], taken: readonly TimeRange[]): Span[] {
  const left: Span[] = [];
  let at = 0;
  for (const span of spans) {
    let { fromMs } = span;
    while (at < taken.length && taken[at].toMs <= fromMs) at++;
    for (let next = at; next < taken.length && taken[next].fromMs < span.toMs; next++) {
      if (taken[next].fromMs > fromMs) left.push({ ...span, fromMs, toMs: taken[next].fromMs });
      fromMs = Math.max(fromMs, taken[next].toMs);
    }
    if (fromMs < span.toMs) left.push(fromMs === span.fromMs ? span : { ...span, fromMs });
  }
  return left;
}
