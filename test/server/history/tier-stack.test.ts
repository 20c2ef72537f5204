import { describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../../server/history/row-block.ts';
import { TierStack } from '../../../server/history/tier-stack.ts';
import { mergeParts } from '../../../server/history/work-rows.ts';
import { EMPTY_SUMMARY, mergeSummaries, type Summary } from '../../../server/trend/summary.ts';
import { TIERS } from '../../../server/trend/tier.ts';

const WINDOW_NS = 5_000_000;
const ROWS_OF_7_HOURS = 5040; // of tier 3, 5 s each
const DRIFT = 50e-6;

describe('a sample clock that is corrected all the time', () => {
  it('makes no more rows of the coarse tiers than one that is right', () => {
    expect(countRows(driftingRows(DRIFT))).toEqual(countRows(driftingRows(0)));
    expect(countRows(driftingRows(0))).toEqual([0, 0, 0, 0, 504, 51, 6, 1]);
  });

  it('keeps what was before the clock was set apart from what was after', () => {
    const rows = driftingRows(0).map((row, at) =>
      at < 2555 ? row : { ...row, timeNs: row.timeNs + 3_600_000_000_000n },
    );

    expect(countRows(rows)).toEqual([0, 0, 0, 0, 505, 52, 7, 1]);
  });

  it('leaves parts that are merged when files are', () => {
    const [a, b] = driftingRows(0);
    const later = { ...b!, window: a!.window, timeNs: a!.timeNs + 25_000_000n };

    expect(mergeParts([a!, later], 5, () => WINDOW_NS)).toHaveLength(1);
    expect(mergeParts([a!, later], 1, () => WINDOW_NS)).toHaveLength(2);
  });
});

function driftingRows(drift: number): HistoryRow[] {
  return Array.from({ length: ROWS_OF_7_HOURS }, (_, window) => ({
    stream: 1,
    window,
    timeNs: BigInt(Math.round(window * 1000 * WINDOW_NS * (1 + drift))),
    ...{ count: 1000, min: 0, max: 1, mean: 0.5, m2: 1, clipped: 0, nonfinite: 0 },
    flags: 0,
    windows: 1000,
  }));
}

/** Rows of each tier. */
function countRows(rows: readonly HistoryRow[]): number[] {
  const counts = Array<number>(TIERS).fill(0);
  const stack = new TierStack({
    windowNs: WINDOW_NS,
    merge: (parts) => {
      const { count, min, max, mean, m2 } = parts.reduce(mergeSummaries, EMPTY_SUMMARY as Summary);
      return { count, min, max, mean, m2, clipped: 0, nonfinite: 0 };
    },
    emit: (tier) => counts[tier]!++,
  });
  for (const row of rows) stack.add(3, row);
  stack.close();
  return counts;
}
