import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../../server/history/row-block.ts';
import { EMPTY_SUMMARY, mergeSummaries, type Summary } from '../../../server/trend/summary.ts';
import { TIER_FACTOR, TIERS } from '../../../server/trend/tier.ts';
import { Folder } from '../../support/folder.ts';
import { type Act, act, HistoryRun } from '../../support/history-run.ts';
import { channelInfo, historyWindow, historyWindows } from '../../support/history-windows.ts';
import { RunningHistory, readFiles, type StoredFiles } from '../../support/running-history.ts';
import { runs } from '../../support/runs.ts';

const SOAK_MS = runs(300_000, 3_600_000);
const folder = new Folder();

describe('the tiers', () => {
  it(
    'hold every sample once, and its extremes, whatever happened',
    async () => {
      let number = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 14 }), async (acts: Act[]) => {
          const run = await HistoryRun.start(folder.path(`run-${number++}`));
          for (const each of acts) await run.act(each);

          const files = await run.end();

          for (let tier = 0; tier < TIERS; tier++) expectEqual(merged(files, tier), expected(run, tier));
        }),
        { numRuns: runs(10, 500), endOnFailure: true },
      );
    },
    SOAK_MS,
  );

  it('show a spike of one sample as high on each of them', async () => {
    const info = channelInfo('A');
    const run = await RunningHistory.start(folder.path('history'));
    run.open(info);
    const windows = historyWindows(info, 0, 30_000);
    windows[7777] = historyWindow(info, 7777, [0, 0, 1e6, 0]);
    run.send(windows);
    await run.stored(30_000);
    await run.rollOver();
    await run.close();

    const { tiers } = await readFiles(run.directory);
    const spikes = tiers.map((rows) => rows.filter(({ max }) => max === 1e6));
    expect(spikes.map((rows) => rows.length)).toEqual(Array.from({ length: TIERS }, () => 1));
    expect(spikes.map(([row]) => row!.window)).toEqual([7777, 777, 77, 7, 0, 0, 0, 0]);
  });
});

/** By stream and row: what its parts come to; of a window that came twice the one with more samples. */
function merged({ tiers, channels }: StoredFiles, tier: number): Map<string, Figures> {
  const all = new Map<string, Figures>();
  for (const row of tiers[tier]!) {
    const { channel, stream } = channels.get(row.stream)!;
    const key = `${channel} ${stream} ${row.window}`;
    const before = all.get(key);
    all.set(key, tier === 0 ? fuller(before, row) : join(before, row, row.windows));
  }
  return all;
}

function expected(run: HistoryRun, tier: number): Map<string, Figures> {
  const all = new Map<string, Figures>();
  for (const { channel, stream, index, summary } of run.kept()) {
    const key = `${channel} ${stream} ${Math.floor(index / TIER_FACTOR ** tier)}`;
    all.set(key, join(all.get(key), summary, 1));
  }
  return all;
}

interface Figures extends Summary {
  readonly windows: number;
}

function join(before: Figures | undefined, summary: Summary, windows: number): Figures {
  return { ...mergeSummaries(before ?? EMPTY_SUMMARY, summary), windows: (before?.windows ?? 0) + windows };
}

function fuller(before: Figures | undefined, row: HistoryRow): Figures {
  const winner = before !== undefined && before.count > row.count ? before : row;
  return { ...winner, windows: 1 };
}

function expectEqual(actual: Map<string, Figures>, wanted: Map<string, Figures>): void {
  expect([...actual.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [key, want] of wanted) {
    const { count, min, max, clipped, nonfinite, windows, mean, m2 } = actual.get(key)!;
    const { count: c, min: low, max: high, clipped: cl, nonfinite: n, windows: w } = want;
    expect({ key, count, min, max, clipped, nonfinite, windows }).toEqual({
      key,
      count: c,
      min: low,
      max: high,
      clipped: cl,
      nonfinite: n,
      windows: w,
    });
    expect(Math.abs(mean - want.mean)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(want.max) + Math.abs(want.min)));
    expect(Math.abs(m2 - want.m2)).toBeLessThanOrEqual(1e-7 * (1 + want.m2));
  }
}
