import { finishBlocks, foldBlocks } from "./block-window";

/** Adds `samples` f64 samples at `src`, any sample-aligned address, to the open window of `state`. */
export function foldF64(state: usize, src: usize, samples: usize): void {
  foldBlocks<f64>(state, src, samples);
}

/** Closes the open window of `state` into its result and opens an empty one. */
export function finishF64(state: usize): void {
  finishBlocks<f64>(state);
}
