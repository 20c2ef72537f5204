import type { ModelInput, RowFigure } from '../model/manifest.ts';

/** A batch of runs that a model is tried on. */
export interface TrialRuns {
  readonly name: string;
  /** runs × rows × length. */
  readonly values: Float32Array;
}

// Of the plausible run, in parts of its length and of its level.
const LIT = 0.02;
const SETTLED = 0.1;
const OVERSHOOT = 0.3;
const RIPPLE = 0.02;
// The light of the channels that a model is for is not known; a volt is what detectors give.
const LEVEL = 1;

/** Nothing but zeros. */
export function zeroRun(input: ModelInput): TrialRuns {
  return { name: 'a run of zeros', values: new Float32Array(input.rows.length * input.length) };
}

/** Dark, then lit with an overshoot that dies away, then level with a ripple. */
export function plausibleRun(input: ModelInput): TrialRuns {
  const means = Float64Array.from({ length: input.length }, (_, i) => {
    const at = i / input.length;
    if (at < LIT) return RIPPLE * LEVEL;
    return LEVEL * (1 + OVERSHOOT * Math.exp(-(at - LIT) / SETTLED) + RIPPLE * Math.sin(i / 3));
  });
  return { name: 'a plausible run', values: toRows(input, means, () => RIPPLE * LEVEL) };
}

/** Of noise about levels of their own, the same ones each time. */
export function randomRuns(input: ModelInput, runs: number): TrialRuns {
  const next = randomFrom(1);
  const values = new Float32Array(runs * input.rows.length * input.length);
  for (let run = 0; run < runs; run++) {
    const level = next() * 2 * LEVEL;
    const means = Float64Array.from({ length: input.length }, () => level + (next() - 0.5) * LEVEL);
    values.set(
      toRows(input, means, () => next() * LEVEL),
      run * input.rows.length * input.length,
    );
  }
  return { name: runs === 1 ? 'a random run' : `${runs} random runs`, values };
}

function toRows({ rows, length }: ModelInput, means: Float64Array, half: () => number): Float32Array {
  const values = new Float32Array(rows.length * length);
  const sign: Readonly<Record<RowFigure, number>> = { min: -1, mean: 0, max: 1 };
  for (const [row, figure] of rows.entries()) {
    for (let i = 0; i < length; i++) values[row * length + i] = means[i] + sign[figure] * half();
  }
  return values;
}

/** 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
