import { describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../../server/history/row-block.ts';
import { type TrendWindow, WindowFlag, windowNs } from '../../../server/trend/trend-window.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindow, historyWindows } from '../../support/history-windows.ts';
import { pastRows, rowsOfAnswer } from '../../support/past.ts';
import { RunningHistory } from '../../support/running-history.ts';
import { runs } from '../../support/runs.ts';

const folder = new Folder();
const INFO = channelInfo('lamp');
const WINDOW_NS = windowNs({ size: INFO.window, rateHz: INFO.rateHz });
const COLUMNS = [1, 7, 60, 700, 20_000];
const ALWAYS = { fromNs: 0n, toNs: 2n ** 62n };

describe('the seam between what is stored and what is not', () => {
  it('is nowhere to be seen, at any zoom, while windows come, are committed and sealed', async () => {
    const clock = new FakeClock();
    const running = await RunningHistory.start(folder.path(), clock);
    running.open(INFO);
    const windows: TrendWindow[] = historyWindows(INFO, 0, 1);
    running.send(windows);
    await running.stored(1); // before it the channel is not known
    const spans = new Set<number>();
    for (let query = 0; query < runs(50, 2000); query++) {
      const next = historyWindows(INFO, windows.length, windows.length + 1 + ((query * 37) % 150));
      windows.push(...next);
      running.send(next);
      if (query % 20 === 19) {
        await running.stored(windows.length); // what waited for an hour would be given up
        clock.advance(3_600_000);
      }
      const stored = running.history.status().storedRows;

      const answer = await running.history.query({ channel: 'lamp', ...ALWAYS, columns: COLUMNS[query % 5] });

      const count = answer.windows.reduce((sum, count) => sum + count, 0);
      expect(count).toBeGreaterThanOrEqual(stored);
      expect(exact(rowsOfAnswer(answer))).toEqual(exact(expected(windows.slice(0, count), answer.span)));
      spans.add(answer.span);
    }
    await running.close();

    console.info(`spans ${[...spans].sort((a, b) => a - b).join(', ')}`);
    expect(spans.size).toBeGreaterThan(5);
  }, 600_000);

  it('counts a window that came in part and then whole once, on every tier', async () => {
    const running = await RunningHistory.start(folder.path());
    running.open(INFO);
    const part = historyWindow(INFO, 12, [1, 2], { flags: WindowFlag.Partial });
    const whole = historyWindow(INFO, 12, [1, 2, 3, 50]);
    running.send([...historyWindows(INFO, 0, 12), part]);
    await running.stored(13);
    running.send([whole, ...historyWindows(INFO, 13, 40)]);
    const windows = [...historyWindows(INFO, 0, 12), whole, ...historyWindows(INFO, 13, 40)];

    for (const columns of [40, 20, 8, 4, 2, 1]) {
      const answer = await running.history.query({ channel: 'lamp', ...ALWAYS, columns });
      const figures = ({ flags: _, ...row }: ReturnType<typeof exact>[number]) => row; // a part leaves its flag on coarse tiers

      expect(exact(rowsOfAnswer(answer)).map(figures)).toEqual(exact(expected(windows, answer.span)).map(figures));
    }
    await running.close();
  });

  it('is the same after a restart', async () => {
    const first = await RunningHistory.start(folder.path());
    first.open(INFO);
    first.send(historyWindows(INFO, 0, 1234));
    await first.stored(1234);
    const before = await first.history.query({ channel: 'lamp', ...ALWAYS, columns: 50 });
    await first.close();

    const second = await RunningHistory.start(folder.path());
    const after = await second.history.query({ channel: 'lamp', ...ALWAYS, columns: 50 });
    const channels = await second.history.channels();
    await second.close();

    expect(after).toEqual(before);
    const firstNs = historyWindow(INFO, 0).timeNs;
    expect(channels).toEqual([
      { channel: 'lamp', unit: 'V', rateHz: 2000, window: 10, firstNs, lastNs: expect.anything() },
    ]);
  });

  it('does not make a channel of a name that nobody opened', async () => {
    const running = await RunningHistory.start(folder.path());

    const query = running.history.query({ channel: 'none', ...ALWAYS, columns: 50 });

    await expect(query).rejects.toMatchObject({ code: 'CHANNEL_UNKNOWN', message: 'no channel "none" has a history' });
    await running.close();
  });
});

function expected(windows: readonly TrendWindow[], span: number) {
  const rows = windows.map(
    ({ index, timeNs, summary, flags }): HistoryRow => ({
      stream: 1,
      window: index,
      timeNs,
      ...summary,
      flags,
      windows: 1,
    }),
  );
  return pastRows([{ id: 1, windowNs: WINDOW_NS, windows: rows }], ALWAYS, span);
}

function exact(rows: readonly ReturnType<typeof pastRows>[number][]) {
  return rows.map(({ timeNs, windows, flags, summary: { min, max, count, clipped, nonfinite } }) => {
    return { timeNs, windows, flags, min, max, count, clipped, nonfinite };
  });
}
