import { DuckDBConnection } from '@duckdb/node-api';
import { expect, it, vi } from 'vitest';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindow, historyWindows } from '../../support/history-windows.ts';
import { RunningHistory } from '../../support/running-history.ts';

const INFO = channelInfo('lamp');
/** Windows before the segment that is being written. An odd number: a row of two windows lies on both sides. */
const SEALED = 101;
const WINDOWS = 120;
const folder = new Folder();

it('a range is answered from the open segment only where one of its rows reaches there', async () => {
  const running = await RunningHistory.start(folder.path());
  running.open(INFO);
  running.send(historyWindows(INFO, 0, SEALED));
  await running.stored(SEALED);
  await running.pass(3_600_000);
  running.send(historyWindows(INFO, SEALED, WINDOWS));
  await running.stored(WINDOWS);

  const statements = vi.spyOn(DuckDBConnection.prototype, 'run');
  const looks = () => statements.mock.calls.filter(([sql]) => /FROM segment_\d+\.(tier|ended)/.test(sql)).length;

  const before = await ask(running, 50);
  const looksBefore = looks();
  const upTo = await ask(running, SEALED);

  expect(before).toEqual({ span: 1, windows: Array(50).fill(1) });
  expect(upTo).toEqual({ span: 2, windows: Array(51).fill(2) });
  expect([looksBefore, looks() > 0]).toEqual([0, true]);
  statements.mockRestore();
  await running.close();
});

/** Windows of each row of the range that ends where window `to` begins. */
async function ask({ history }: RunningHistory, to: number) {
  const ends = { fromNs: historyWindow(INFO, 0).timeNs, toNs: historyWindow(INFO, to).timeNs };
  const { span, windows } = await history.query({ channel: INFO.channel, ...ends, columns: 60 });
  return { span, windows: [...windows] };
}
