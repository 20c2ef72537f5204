import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { Segment } from '../../../server/history/segment.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindows } from '../../support/history-windows.ts';
import { RunningHistory } from '../../support/running-history.ts';

// Longer than the housekeeper waits after the end of a segment, far less than until its next round.
const OPENING_MS = 1000;
const folder = new Folder();
afterEach(() => vi.restoreAllMocks());

it('a segment is sealed as soon as the next one is open, however long that takes', async () => {
  const info = channelInfo('A');
  const run = await RunningHistory.start(folder.path('history'));
  run.open(info);
  run.send(historyWindows(info, 0, 20));
  await run.stored(20);
  const open = Segment.open.bind(Segment);
  vi.spyOn(Segment, 'open').mockImplementation(async (...args) => {
    await sleep(OPENING_MS);
    return open(...args);
  });

  await run.rollOver();

  await expect.poll(() => run.isSealed(1)).toBe(true);
  await run.close();
});
