/**
 * Bits of the `flags` column: what is known to be wrong with a row. The same
 * bits as `WindowFlag` of the trends; a test holds the two together.
 */
export const RowFlag = {
  OverRange: 1,
  SampleLoss: 2,
  Invalid: 4,
  TimeUncalibrated: 8,
  /** Samples of the row never arrived. */
  Gap: 16,
  /** The device ended its stream inside the row. */
  Partial: 32,
} as const;
