import type { Summary } from './summary.ts';

/** What is known to be wrong with a window. The low four are the device's own words (the frame's flags). */
export const WindowFlag = {
  OverRange: 1,
  SampleLoss: 2,
  Invalid: 4,
  TimeUncalibrated: 8,
  /** Samples of the window never arrived; `count + nonfinite` is what did. */
  Gap: 16,
  /** The device ended its stream inside the window. */
  Partial: 32,
} as const;

/**
 * The waist: one reduced window of one channel. Everything before it makes
 * these, everything after it consumes them.
 *
 * Keyed by (channel, stream, index), never by time. Figures are in the
 * channel's unit.
 */
export interface TrendWindow {
  readonly channel: string;
  readonly stream: string;
  /** Window k holds samples k*size .. (k+1)*size-1 of its stream. */
  readonly index: number;
  /** Samples a whole window holds. */
  readonly size: number;
  readonly rateHz: number;
  /** Time of the window's first sample, ns since 1970 UTC, by the sample clock. */
  readonly timeNs: bigint;
  /** When its last sample was read from the socket, server clock, ms since 1970 UTC. */
  readonly arrivedMs: number;
  readonly summary: Summary;
  /** Bits of `WindowFlag`. */
  readonly flags: number;
}

/** How long one window lasts, in nanoseconds of the sample clock. */
export function windowNs(window: Pick<TrendWindow, 'size' | 'rateHz'>): number {
  return (window.size / window.rateHz) * 1e9;
}
