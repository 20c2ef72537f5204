// What a page that diagnoses by itself has compared with what the server made of the same runs.

/** Runs in one request at most. */
export const PARITY_RUNS = 64;

/** What a model on a page said of a run. */
export interface ParityRun {
  readonly channel: string;
  /** Index of the run's first window in its stream. */
  readonly first: number;
  /** Its beginning by the sample clock, ns since 1970 UTC, decimal: tells streams apart, so that it need not be exact. */
  readonly fromNs: string;
  /** What it came to; `unavailable` where the model gave no answer here. */
  readonly kind: 'class' | 'unknown' | 'unavailable';
  /** Of the class that is told; left out where it is unavailable. */
  readonly label?: string | undefined;
  /** Of each class; none where it is unavailable. */
  readonly probabilities: readonly number[];
  /** Left out where the model does not say. */
  readonly unknownScore?: number | undefined;
}

/** `POST /api/models/NAME/parity` */
export interface ParityRequest {
  readonly version: string;
  readonly runs: readonly ParityRun[];
}

/** Of runs that the server has not looked at, has forgotten or has by another version nothing is said. */
export interface ParityReply {
  /** Runs that both have looked at. */
  readonly compared: number;
  /** Those that came to something else, or differ by more than 1e-5. */
  readonly different: number;
  /** Largest difference of a probability, or of the unknown score in units of the larger one's magnitude where that is above 1; of runs with an answer on both sides. */
  readonly greatest: number;
}

/** All that pages had compared of the version in use, since the first. A run counts once, by however many pages it was sent. */
export interface ParityTotals {
  readonly runs: number;
  /** Those of which any page said something else. */
  readonly different: number;
  readonly greatest: number;
  /** ms since 1970 UTC, server clock. */
  readonly sinceMs: number;
}
