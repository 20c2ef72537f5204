/** Runs in a batch at most. */
export const BATCH_RUNS = 16;
/** The time box of a run alone, and what each further one of its batch adds, ms of the thread's own time. */
const RUN_MS = 100;
const FURTHER_RUN_MS = 10;

/** Opening a graph: reading, checking, folding of constants. */
export const OPEN_LIMIT_MS = 20_000;
/** The first batch on a thread, in which the runtime gets its memory and its code is compiled. */
export const FIRST_RUN_LIMIT_MS = 2000;
/** Any other batch while a model is tried: long enough to be measured where it is over its box. */
export const TRIAL_LIMIT_MS = 1000;

/** The time box of a batch, ms. */
export function boxMs(runs: number): number {
  return RUN_MS + FURTHER_RUN_MS * (runs - 1);
}

/** So often a model may be cut off before it is used no more, until somebody loads it anew. */
export const CUTS_LIMIT = 2;
