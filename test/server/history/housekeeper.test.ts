import { afterEach, describe, expect, it } from 'vitest';
import { Housekeeper } from '../../../server/history/housekeeper.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { Segment } from '../../../server/history/segment.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const DAY_MS = 86_400_000;
const folder = new Folder();
let history: StoredHistory;

afterEach(() => history.close());

describe('the housekeeper', () => {
  it('removes nothing for its age for a day after the clock of the server was set', async () => {
    history = await StoredHistory.open(folder.path('history'));
    const clock = new FakeClock();
    await seal(clock.nowMs());
    const housekeeper = new Housekeeper({
      database: history.database,
      catalogue: history.catalogue,
      folder: history.folder,
      settings: { keep_days: Array(8).fill(30), keep_bytes: Array(8).fill(1e9) },
      clock,
      log: silentLog(),
      openSegment: () => 2,
      onSealed: () => undefined,
    });
    const expired = async () => {
      await housekeeper.round();
      expect(housekeeper.status().problem).toBeUndefined();
      return housekeeper.status().expired;
    };
    clock.advance(DAY_MS / 24);
    expect(await expired()).toBe(0);

    clock.set(40 * DAY_MS);
    expect(await expired()).toBe(0);
    clock.advance(DAY_MS - 1);
    expect(await expired()).toBe(0);
    clock.advance(1);
    expect(await expired()).toBe(8);
  });
});

async function seal(nowMs: number): Promise<void> {
  const { database, catalogue } = history;
  await catalogue.addSegment({ id: 1, openedMs: nowMs });
  const segment = await Segment.open(database, history.folder, 1);
  const startNs = BigInt(nowMs) * 1_000_000n;
  await history.write(segment, [testStream({ id: 1, channel: 'PMT-1', windows: 10, startNs })]);
  await sealSegment(database, catalogue, { folder: history.folder, segment: 1 });
}
