import type { Diagnosis, OutcomeKind } from './diagnosis.ts';

/** Which part of a channel's diagnoses is wanted. */
export interface DiagnosisRequest {
  readonly channel: string;
  /** Sample clock, ns since 1970 UTC; `toNs` is not included. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** The most spans or buckets the answer may have. */
  readonly columns: number;
}

/** What many diagnoses came to alike. */
export interface DiagnosisKind {
  readonly model: string;
  readonly version: string;
  readonly outcome: OutcomeKind;
  /** Of the class that is told; undefined where the outcome has no answer. */
  readonly label: string | undefined;
  readonly classIndex: number | undefined;
}

/** How many diagnoses of a kind there are, and their extremes. */
export interface DiagnosisFigures {
  readonly count: number;
  /** Probability of the class; undefined where the outcome has no answer. */
  readonly lowest: number | undefined;
  readonly highest: number | undefined;
  /** The highest unknown score; undefined where the model has none. */
  readonly unknownScore: number | undefined;
}

/** Where nothing was diagnosed for longer, a span ends. */
export const SPAN_GAP_NS = 1_000_000_000n;

/** Diagnoses of a channel that follow each other and are of one kind. */
export interface DiagnosisSpan extends DiagnosisKind, DiagnosisFigures {
  /** Where the stretch begins that the first of them speaks for: see `server/history/README.md`. */
  readonly fromNs: bigint;
  /** End of the last run. */
  readonly toNs: bigint;
}

/** What the diagnoses whose runs ended within a stretch of time came to, each kind once. */
export interface DiagnosisBucket {
  readonly fromNs: bigint;
  readonly kinds: readonly (DiagnosisKind & DiagnosisFigures)[];
}

/**
 * A range of a channel's diagnoses, in the order of time: spans, or where
 * there are more of them than columns, buckets, of which those without any are
 * left out. A bucket begins at a multiple of `stepNs` since 1970 UTC, so that the
 * first and the last may go beyond the range.
 */
export type DiagnosisHistory =
  | { readonly form: 'spans'; readonly spans: readonly DiagnosisSpan[] }
  | { readonly form: 'buckets'; readonly stepNs: bigint; readonly buckets: readonly DiagnosisBucket[] };

/** Of all channels, what the runs that ended in a range came to. */
export interface DiagnosisMixRequest {
  /** Widened to whole five minutes. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** Undefined for all. */
  readonly model: string | undefined;
}

/** A kind of diagnosis on one channel, and how many there were. */
export type DiagnosisCount = DiagnosisKind & { readonly channel: string; readonly count: number };

/** A diagnosis as it is kept. */
export interface StoredDiagnosis extends Diagnosis {
  /** Where the stretch begins that it newly covers: the end of the one that came before it on its channel, if that lies in its run, else its own begin. */
  readonly sinceNs: bigint;
}

/** What tells a diagnosis from all others of its channel, in the order they are exported. */
export interface DiagnosisPlace {
  readonly timeNs: bigint;
  readonly stream: string;
  readonly window: number;
  readonly model: string;
  readonly version: string;
}

/** Where a page of the export of a channel begins. */
export interface DiagnosisPageStart {
  /** Of the beginnings of runs, ns since 1970 UTC. */
  readonly fromNs: bigint;
  /** The last that is not wanted; undefined for all from there on. */
  readonly after: DiagnosisPlace | undefined;
}

export interface DiagnosisPageRequest extends DiagnosisPageStart {
  readonly channel: string;
  /** Not included. */
  readonly toNs: bigint;
  /** The most of a page. */
  readonly rows: number;
}

/** Some of the diagnoses of a channel as lines of CSV, each with its end. */
export interface DiagnosisPage {
  /** The names of the columns, also without a row. */
  readonly header: string;
  readonly lines: string;
  /** Where the next page begins; undefined after the last. */
  readonly next: DiagnosisPageStart | undefined;
}
