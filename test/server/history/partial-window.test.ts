import { existsSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindow, historyWindows } from '../../support/history-windows.ts';
import { RunningHistory, readFiles } from '../../support/running-history.ts';

const HOUR_MS = 3_600_000;
const folder = new Folder();
const info = channelInfo('A');
const part = historyWindow(info, 20, [1, 2, 3], { flags: WindowFlag.Partial });
const whole = historyWindow(info, 20, [1, 2, 3, 4, 5]);

describe('a window that came in part, and whole after its segment', () => {
  it('counts once on every tier, also where the tiers are made again after a kill', async () => {
    const run = await withPart();
    await run.rollOver();
    run.send([whole, ...historyWindows(info, 21, 1000)]);
    await run.stored(1001);
    await run.copyAsKilled(folder.path('killed'));
    await run.close();

    const next = await RunningHistory.start(folder.path('killed'), run.clock);
    next.clock.set(2 * HOUR_MS); // the segment ends with the last commit
    await next.close();

    expect(await samplesAndWindows(next.directory)).toEqual(counts({ samples: 1004, windows: 1000, partSamples: 3 }));
  });

  it.each([
    ['sealed', false],
    ['sealed, and the catalogue is lost', true],
  ])('counts once on every tier, also where the part is %s', async (_name, isLost) => {
    const run = await withPart();
    await run.rollOver();
    await expect.poll(() => existsSync(`${run.directory}/segment-000001.duckdb`)).toBe(false);
    await run.close();
    if (isLost) for (const end of ['', '.wal']) rmSync(`${run.directory}/catalogue.duckdb${end}`, { force: true });

    const next = await RunningHistory.start(run.directory, run.clock);
    next.open(info, 200);
    next.send([part]);
    next.send([whole, ...historyWindows(info, 21, 30)]);
    await next.stored(10);
    next.clock.set(2 * HOUR_MS);
    const answer = await next.history.query({ channel: 'A', fromNs: 0n, toNs: 2n ** 62n, columns: 1 });
    await next.close();

    expect({ count: [...answer.count], windows: [...answer.windows] }).toEqual({ count: [34], windows: [30] });
    expect(await samplesAndWindows(run.directory)).toEqual(counts({ samples: 34, windows: 30, partSamples: 3 }));
  });
});

/** A history whose stream ends inside window 20. */
async function withPart(): Promise<RunningHistory> {
  const run = await RunningHistory.start(folder.path('history'));
  run.open(info);
  run.send([...historyWindows(info, 0, 20), part]);
  await run.stored(21);
  return run;
}

// Tier 0 has both forms of the window; the whole one says 0 windows.
function counts({ samples, windows, partSamples }: { samples: number; windows: number; partSamples: number }) {
  return Array.from({ length: 8 }, (_, tier) => [tier === 0 ? samples + partSamples : samples, windows]);
}

async function samplesAndWindows(directory: string): Promise<number[][]> {
  const { tiers } = await readFiles(directory);
  return tiers.map((rows) => [
    rows.reduce((sum, { count }) => sum + count, 0),
    rows.reduce((sum, { windows }) => sum + windows, 0),
  ]);
}
