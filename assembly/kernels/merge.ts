import { SUMMARY_BYTES } from "../abi";
import { mergeInto } from "./summary";

/** Merges `records` summary records at `src`, back to back, into the one at `dst`, in order. */
export function mergeSummaries(dst: usize, src: usize, records: i32): void {
  const end = src + <usize>records * SUMMARY_BYTES;
  for (let p = src; p < end; p += SUMMARY_BYTES) mergeInto(dst, p);
}
