import { heldNs } from './time-range.ts';

const NS = 1_000_000_000;

/** A sample whose time is known exactly: the others' are reckoned from it, by the sample rate. */
export interface SampleAnchor {
  readonly index: number;
  /** ns since 1970 UTC. */
  readonly timeNs: bigint;
}

/** Tells the times of a stream's samples. */
export interface SampleTimes {
  /** Time of sample `index`, ns since 1970 UTC. */
  timeOf(index: number): bigint;
  /** What it is reckoned from. */
  anchorOf(index: number): SampleAnchor;
}

/** How long `samples` last at `rateHz`, ns. Whole seconds apart from the rest, so that years of samples keep their ns. */
export function samplesNs(samples: number, rateHz: number): bigint {
  const rest = samples % rateHz;
  const seconds = Math.round((samples - rest) / rateHz);
  return BigInt(seconds) * BigInt(NS) + BigInt(Math.round((rest * NS) / rateHz));
}

/**
 * Time of sample `index`, ns since 1970 UTC, as `heldNs` has it. Rounded once:
 * only from the same anchor is it the same to the ns.
 */
export function timeFrom(anchor: SampleAnchor, index: number, rateHz: number): bigint {
  return heldNs(anchor.timeNs + samplesNs(index - anchor.index, rateHz));
}
