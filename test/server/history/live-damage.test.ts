import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { expect, it } from 'vitest';
import { segmentPath } from '../../../server/history/segment.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindows } from '../../support/history-windows.ts';
import { RunningHistory } from '../../support/running-history.ts';

const BEFORE = 50_000;
const AFTER = 100;
const info = channelInfo('A');
const folder = new Folder();

it('a segment that a query finds damaged ends at once, and what comes then is whole', async () => {
  const first = await RunningHistory.start(folder.path('history'));
  first.open(info);
  first.send(historyWindows(info, 0, BEFORE));
  await first.stored(BEFORE);
  await first.close(); // its rows are in the file
  const run = await RunningHistory.start(first.directory, first.clock);
  run.open(info);

  overwrite(segmentPath(run.directory, 1));
  await expect(query(run)).rejects.toMatchObject({ code: 'HISTORY_FAILED' });
  run.send(historyWindows(info, BEFORE, BEFORE + AFTER));
  await run.stored(AFTER);
  await expect.poll(() => run.isSealed(1)).toBe(true);
  run.send(historyWindows(info, BEFORE + AFTER, BEFORE + 2 * AFTER));
  await run.stored(2 * AFTER);

  const windows = await query(run);
  expect(windows).toBeGreaterThanOrEqual(AFTER);
  expect(windows).toBeLessThan(BEFORE);
  await run.close();
});

/** Resolves to how many windows are answered. */
async function query({ history }: RunningHistory): Promise<number> {
  const { windows } = await history.query({ channel: 'A', fromNs: 0n, toNs: 2n ** 62n, columns: 2000 });
  return windows.reduce((sum, count) => sum + count, 0);
}

/** Spoils every block of a database but its headers. */
function overwrite(path: string): void {
  const file = openSync(path, 'r+');
  for (let at = 16_384; at < statSync(path).size; at += 65_536) writeSync(file, Buffer.alloc(64, 7), 0, 64, at);
  closeSync(file);
}
