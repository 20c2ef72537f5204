import { joinFloats } from '../../server/model/join-floats.ts';
import type { Runs } from './learners/learner.ts';

/** 256 runs of 10,000 features are 10 MB, and 20 MB more while what is left of them is summed. */
export const RUNS_AT_ONCE = 256;

/**
 * Scores runs in blocks, so that features of many need not all be in memory, and joins what is made of each block under
 * its name. The same as of all at once, to the last bit, where what is made of a run depends on no other.
 */
export function scoreBlocks<Name extends string>(
  { values, runs, rows, length }: Runs,
  score: (block: Runs) => Readonly<Record<Name, Float32Array>>,
): Record<Name, Float32Array> {
  const width = rows * length;
  const blocks: Readonly<Record<Name, Float32Array>>[] = [];
  let from = 0;
  do {
    const end = Math.min(runs, from + RUNS_AT_ONCE);
    blocks.push(score({ values: values.subarray(from * width, end * width), runs: end - from, rows, length }));
    from = end;
  } while (from < runs);
  const names = Object.keys(blocks[0]!) as Name[];
  return Object.fromEntries(names.map((name) => [name, joinFloats(blocks.map((block) => block[name]))])) as Record<
    Name,
    Float32Array
  >;
}
