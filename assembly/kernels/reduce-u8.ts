import { foldBytes } from "./bytes";
import { finishIntegers } from "./integer-window";

/** Adds `samples` u8 samples at `src`, any address, to the open window of `state`. */
export function foldU8(state: usize, src: usize, samples: usize): void {
  foldBytes<u8>(state, src, samples);
}

/** Closes the open window of `state` into its result and opens an empty one. */
export function finishU8(state: usize): void {
  finishIntegers(state);
}
