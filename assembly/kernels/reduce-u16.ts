import { finishIntegers } from "./integer-window";
import { foldWords } from "./words";

/** Adds `samples` u16 samples at `src`, any address of even alignment, to the open window of `state`. */
export function foldU16(state: usize, src: usize, samples: usize): void {
  foldWords<u16>(state, src, samples);
}

/** Closes the open window of `state` into its result and opens an empty one. */
export function finishU16(state: usize): void {
  finishIntegers(state);
}
