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

/** Columns of figures in a CSV file of rows, in their order; what names a row stands before them. */
export const FIGURE_COLUMNS = ['min', 'max', 'mean', 'std', 'count', 'clipped', 'nonfinite', 'flags'] as const;

const FLAG_WORDS: readonly (readonly [bit: number, word: string])[] = [
  [RowFlag.OverRange, 'over-range'],
  [RowFlag.SampleLoss, 'sample-loss'],
  [RowFlag.Invalid, 'invalid'],
  [RowFlag.TimeUncalibrated, 'time-uncalibrated'],
  [RowFlag.Gap, 'gap'],
  [RowFlag.Partial, 'partial'],
];

/** The flags as words, joined by `|`; empty when nothing is known to be wrong. */
export function flagWords(flags: number): string {
  return FLAG_WORDS.filter(([bit]) => flags & bit)
    .map(([, word]) => word)
    .join('|');
}

/** The bits of flags that `flagWords` wrote; words it does not write count for nothing. */
export function flagBits(words: string): number {
  const known = new Map(FLAG_WORDS.map(([bit, word]) => [word, bit]));
  return words.split('|').reduce((bits, word) => bits | (known.get(word) ?? 0), 0);
}
