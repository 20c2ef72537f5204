import { foldBytes } from "./bytes";
import { finishIntegers } from "./integer-window";

/** Adds `samples` i8 samples at `src`, any address, to the open window of `state`. */
export function foldI8(state: usize, src: usize, samples: usize): void {
  foldBytes<i8>(state, src, samples);
}

/** Closes the open window of `state` into its result and opens an empty one. */
export function finishI8(state: usize): void {
  finishIntegers(state);
}
