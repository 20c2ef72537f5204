import type { Channel } from '../../server/wire/events.ts';

/** The longest time that is shown, and what is kept of each channel at full rate, ms. */
export const KEPT_MS = 600_000;

/** A row, its deviation and how far it reaches. */
export const ROW_BYTES = 48;

// Rows of one channel, and of all together. 120,000 rows are ten minutes at
// 200/s and take 5.8 MB; 586 MB hold 100 such channels.
const ROW_LIMIT = 120_000;
const ALL_ROWS_LIMIT = Math.floor(586e6 / ROW_BYTES);
// Rows that gap marks may take besides.
const MARK_ROWS = 1000;

/** What a channel has that finds no more room: past the bound, each takes 88 kB. */
export const LEAST_ROWS = 2000;

/** How many rows to make room for, of a channel beside others that have `otherRows` together. */
export function roomFor({ rateHz, window }: Channel, otherRows: number): number {
  const wanted = Math.ceil(((rateHz / window) * KEPT_MS) / 1000);
  return Math.max(LEAST_ROWS, Math.min(Math.min(wanted, ROW_LIMIT) + MARK_ROWS, ALL_ROWS_LIMIT - otherRows));
}
