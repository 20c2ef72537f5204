import { finishBlocks, foldBlocks } from "./block-window";

/** Adds `samples` f32 samples at `src`, any sample-aligned address, to the open window of `state`. */
export function foldF32(state: usize, src: usize, samples: usize): void {
  foldBlocks<f32>(state, src, samples);
}

/** Closes the open window of `state` into its result and opens an empty one. */
export function finishF32(state: usize): void {
  finishBlocks<f32>(state);
}
