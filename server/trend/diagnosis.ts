/** What a model made of a run. */
export interface Answer {
  /** Of the class that is told, also where it is not believed. */
  readonly classIndex: number;
  readonly label: string;
  /** Of each class, in the manifest's order. */
  readonly probabilities: readonly number[];
  /** Undefined where the model has none. */
  readonly unknownScore: number | undefined;
}

/** What a run has not got of what it needs: at least one of these. */
export interface RunLack {
  /** Points that never came. */
  readonly missing: number;
  /** Points with a flag that spoils them. */
  readonly flagged: number;
  /** Points without a finite sample. */
  readonly empty: number;
  /** The stream ended inside the run. */
  readonly isEnded: boolean;
}

export type Outcome =
  | ({ readonly kind: 'class' } & Answer)
  /** The run is none of the classes, as far as its score tells. */
  | ({ readonly kind: 'unknown' } & Answer)
  /** Points are missing or flagged, so nobody guesses. What it lacks is told in figures too; only the words are kept. */
  | { readonly kind: 'incomplete'; readonly reason: string; readonly lack?: RunLack }
  /** No model could look at it. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** So many runs waited that this one, the oldest, was left out. */
  | { readonly kind: 'dropped' };

export type OutcomeKind = Outcome['kind'];
export const OUTCOME_KINDS = [
  'class',
  'unknown',
  'incomplete',
  'unavailable',
  'dropped',
] as const satisfies readonly OutcomeKind[];

/** One run of one channel, and what it came to. */
export interface Diagnosis {
  readonly channel: string;
  readonly stream: string;
  /** Index of the run's first window. */
  readonly first: number;
  /** Windows of the run. */
  readonly points: number;
  /** Sample clock, ns since 1970 UTC. */
  readonly timeNs: bigint;
  readonly endNs: bigint;
  readonly model: string;
  readonly version: string;
  readonly outcome: Outcome;
  /** From the arrival of its last sample to the answer, ms of the server clock. */
  readonly latencyMs: number;
}
