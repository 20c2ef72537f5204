// What REST answers about diagnoses. Times are ms since 1970 UTC of the sample
// clock with fractions of a ms.

import type { RunLack } from './diagnoses.ts';
import type { ModelFault } from './model-fault.ts';

/** What many diagnoses came to alike. */
export interface DiagnosisKindReply {
  readonly model: string;
  readonly version: string;
  readonly outcome: 'class' | 'unknown' | 'incomplete' | 'unavailable' | 'dropped';
  /** Of the class that is told, where the outcome is `class` or `unknown`. */
  readonly label?: string;
  readonly classIndex?: number;
}

export interface DiagnosisFiguresReply {
  /** Place in `kinds`. */
  readonly kind: number;
  readonly count: number;
  /** Probability of the class, where there is one. */
  readonly lowest?: number;
  readonly highest?: number;
  /** The highest, where the model has one. */
  readonly unknownScore?: number;
}

/** Diagnoses that follow each other and are of one kind. */
export interface DiagnosisSpanReply extends DiagnosisFiguresReply {
  /** Where the stretch begins that the first of them speaks for. */
  readonly fromMs: number;
  /** End of the last run. */
  readonly toMs: number;
}

/** Of the runs that ended within `stepMs`, each kind once. */
export interface DiagnosisBucketReply {
  readonly fromMs: number;
  readonly figures: readonly DiagnosisFiguresReply[];
}

/**
 * `GET /api/channels/:channel/diagnoses?from&to&columns`
 *
 * At most `columns` spans, 1 … `DIAGNOSIS_COLUMNS`; where there are more, at
 * most so many buckets, those without a diagnosis left out.
 */
export type DiagnosesReply = {
  readonly channel: string;
  /** As asked. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly kinds: readonly DiagnosisKindReply[];
} & (
  | { readonly form: 'spans'; readonly spans: readonly DiagnosisSpanReply[] }
  | { readonly form: 'buckets'; readonly stepMs: number; readonly buckets: readonly DiagnosisBucketReply[] }
);

/** `GET /api/channels/:channel/diagnoses/at?time`: the diagnosis that speaks for a moment. */
export interface RunDiagnosisReply extends DiagnosisKindReply {
  readonly channel: string;
  readonly stream: string;
  /** Index of the run's first window, and how many it has. */
  readonly window: number;
  readonly windows: number;
  readonly timeMs: number;
  readonly endMs: number;
  /** Where the stretch begins that it newly covers. */
  readonly sinceMs: number;
  /** Of each class, in the order of the model's manifest. */
  readonly probabilities?: readonly number[];
  readonly unknownScore?: number;
  /** Why there is no answer, in words. */
  readonly reason?: string;
  /** Of an incomplete run. */
  readonly lack?: RunLack;
  /** Of one that no model could look at; left out where the words are the runtime's. */
  readonly fault?: ModelFault;
  /** From the arrival of its last sample to the diagnosis. */
  readonly latencyMs: number;
}

/** `GET /api/diagnoses/mix?from&to[&model]`: what the runs of all channels came to that ended in a range, widened to whole five minutes. */
export interface DiagnosisMixReply {
  /** As asked. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly counts: readonly (DiagnosisKindReply & { readonly channel: string; readonly count: number })[];
}

/** The most spans or buckets one request gets. */
export const DIAGNOSIS_COLUMNS = 2000;
