import { finishIntegers } from "./integer-window";
import { foldWords } from "./words";

/** Adds `samples` i16 samples at `src`, any address of even alignment, to the open window of `state`. */
export function foldI16(state: usize, src: usize, samples: usize): void {
  foldWords<i16>(state, src, samples);
}

/** Closes the open window of `state` into its result and opens an empty one. */
export function finishI16(state: usize): void {
  finishIntegers(state);
}
