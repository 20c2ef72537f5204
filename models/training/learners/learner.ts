import type { Table } from '../projection.ts';

/** What a learner fits: runs × rows × length values, and the class of each run. */
export interface LabelledRuns {
  readonly values: Float32Array;
  readonly runs: number;
  readonly rows: number;
  readonly length: number;
  /** 0 … classes - 1. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Of each class: what an error of one of its runs weighs. 1 where classes are not to be balanced. */
  readonly weights: Float64Array;
}

/** Runs to be classified. */
export type Runs = Pick<LabelledRuns, 'values' | 'runs' | 'rows' | 'length'>;

/** What a fitted learner makes of runs. */
export interface Scored {
  /** runs × classes; the greatest of a run is its class. What they are in differs from learner to learner. */
  readonly scores: Float32Array;
  /** runs × featureWidth: where the learner looks at a run; near runs look alike to it. */
  readonly features: Float32Array;
  readonly featureWidth: number;
  /** What features condense: absent where they are all that there is. */
  readonly details?: Table;
}

/** The names in a graph of what `Scored` says. */
export interface ScoredNames {
  /** f32 [batch, classes]. */
  readonly scores: string;
  /** Adds f32 [batch, featureWidth]. */
  readonly features: () => string;
  /** f32 [batch, width]; absent as in `Scored`. */
  readonly details?: string;
}
