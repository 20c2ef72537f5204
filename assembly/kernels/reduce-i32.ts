import { finishBlocks, foldBlocks } from "./block-window";

/** Adds `samples` i32 samples at `src`, any sample-aligned address, to the open window of `state`. */
export function foldI32(state: usize, src: usize, samples: usize): void {
  foldBlocks<i32>(state, src, samples);
}

/** Closes the open window of `state` into its result and opens an empty one. */
export function finishI32(state: usize): void {
  finishBlocks<i32>(state);
}
