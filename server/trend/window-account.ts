import type { LedgerEntry } from './ledger.ts';

/**
 * The account of all windows at one instant, from the windowers to the bus.
 *
 * One identity holds: `made = taken + waiting + dropped`. `made` is counted by
 * the windowers, `taken` where the bus is fed, on another thread, so a window
 * lost on its way there shows.
 */
export interface WindowAccount {
  /** Handed out by the windowers, of all channels. */
  readonly made: number;
  /** Put on the bus. */
  readonly taken: number;
  /** In the outbox of the ingest thread. */
  readonly waiting: number;
  /** Dropped by the outbox, because the thread that serves people did not take them in time. */
  readonly dropped: number;
}

/** Windows of all channels since the start. */
export function countWindows(entries: readonly LedgerEntry[]): number {
  return entries.reduce((sum, { windows }) => sum + windows, 0);
}

/** The identity that does not hold, in words; empty when the books balance. */
export function windowImbalances({ made, taken, waiting, dropped }: WindowAccount): string[] {
  if (made === taken + waiting + dropped) return [];
  return [`windows made ${made} != taken ${taken} + waiting ${waiting} + dropped ${dropped}`];
}
