import { describe, expect, it } from 'vitest';
import type { Hole } from '../../../server/history/segment.ts';
import { Segment } from '../../../server/history/segment.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindow } from '../../support/history-windows.ts';
import { RunningHistory } from '../../support/running-history.ts';
import { StoredHistory } from '../../support/stored-history.ts';

const HOUR_MS = 3_600_000;
const folder = new Folder();
const old = channelInfo('A', 'run-1');

describe('what was given up', () => {
  it('is asked for after a start, however many streams its channel has had since', async () => {
    const stored = await storedStreams(70);
    await addSegment(stored, { hole: { stream: 1, from: 5, to: 10 }, streams: [70] });

    const run = await RunningHistory.start(stored.folder);

    expect(run.history.marks).toContainEqual(expect.objectContaining({ info: old, nextSample: 50 }));
    expect(run.history.status().holeWindows).toBe(5);
    await run.close();
  });

  it('is asked for also where nothing of its stream could be written', async () => {
    const stored = await storedStreams(0);
    await addSegment(stored, { hole: { stream: 1, from: 0, to: 7 }, streams: [], listed: [1] });

    const run = await RunningHistory.start(stored.folder);

    expect(run.history.status().holeWindows).toBe(7);
    run.open(old, 0);
    run.send([historyWindow(old, 7)]);
    await expect.poll(() => run.mark(old)).toBe(80);
    await run.close();
  });

  it('is in the next segment, also where nothing else comes into it', async () => {
    const stored = await storedStreams(1);
    await addSegment(stored, { hole: { stream: 1, from: 50, to: 60 }, streams: [] });

    const run = await RunningHistory.start(stored.folder);

    expect(run.history.marks.map(({ nextSample }) => nextSample)).toEqual([500]);
    await run.close();
  });

  it('is lost, and said to be, when its channel had another stream for a whole segment', async () => {
    const stored = await storedStreams(1);
    await addSegment(stored, { hole: { stream: 1, from: 50, to: 60 }, streams: [] });
    const run = await RunningHistory.start(stored.folder);
    const info = channelInfo('A', 'run-2');
    run.open(info);
    for (let hour = 1; hour <= 2; hour++) {
      expect(run.history.status()).toMatchObject({ holeWindows: 10, damagedRows: 0 });
      run.send([historyWindow(info, hour * 100)]);
      await run.stored(hour * 2 - 1);
      run.clock.set(hour * HOUR_MS);
      run.send([historyWindow(info, hour * 100 + 1)]);
      await run.stored(hour * 2);
    }
    await expect.poll(() => run.history.status().holeWindows).toBe(0);
    await run.close();

    const next = await RunningHistory.start(stored.folder);
    expect(next.history.status().holeWindows).toBe(0);
    await expect.poll(() => next.history.status().damagedRows).toBe(10);
    await next.close();
  });
});

/** A history of sealed streams `run-1` … of channel A, of which 100 windows are stored; closed by `addSegment`. */
async function storedStreams(count: number): Promise<StoredHistory> {
  const stored = await StoredHistory.open(folder.path('history'));
  for (let id = 1; id <= count; id++) {
    const info = JSON.stringify(channelInfo('A', `run-${id}`));
    await stored.database.run(
      `INSERT INTO catalogue.streams VALUES (${id}, 'A', 'run-${id}', '${info}', 1000, 990, 1, ${id}, 1, 1)`,
    );
  }
  return stored;
}

async function addSegment(
  stored: StoredHistory,
  { hole, streams, listed = streams }: { hole: Hole; streams: number[]; listed?: number[] },
): Promise<void> {
  await stored.catalogue.addSegment({ id: 2, openedMs: 0 });
  const { name } = await Segment.open(stored.database, stored.folder, 2);
  await stored.database.run(`INSERT INTO ${name}.holes VALUES (${hole.stream}, ${hole.from}, ${hole.to})`);
  for (const id of listed) {
    const info = JSON.stringify(channelInfo('A', `run-${id}`));
    await stored.database.run(`INSERT INTO ${name}.streams VALUES (${id}, 'A', 'run-${id}', '${info}')`);
  }
  for (const id of streams) {
    await stored.database.run(`INSERT INTO ${name}.tier_0 VALUES (${id}, 100, 1000, 1, 1, 1, 0, 1, 0, 0, 0, 1)`);
  }
  await stored.close();
}
