import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseTier } from '../../../server/history/collect-rows.ts';
import type { OfflineHistory } from '../../../server/history/offline-history.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { Folder } from '../../support/folder.ts';
import { openOffline } from '../../support/offline-rows.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const DAY_NS = 86_400_000_000_000n;
const START_NS = 20_000n * DAY_NS;
const EVER = { fromNs: -(2n ** 61n), toNs: 2n ** 62n };
const folder = new Folder();
let history: OfflineHistory;

// Of 100 days ago only a coarse tier is left; 10 s are sealed with all tiers, 10 s more are not.
beforeEach(async () => {
  const stored = await StoredHistory.open(folder.path('history'));
  const { database, catalogue } = stored;
  await stored.segment(1, [testStream({ id: 1, channel: 'A', windows: 2000, startNs: START_NS - 100n * DAY_NS })]);
  await sealSegment(database, catalogue, { folder: stored.folder, segment: 1 });
  await catalogue.change((connection) => connection.run('DELETE FROM catalogue.files WHERE tier < 3'));
  for (const id of [2, 3]) {
    const from = (id - 2) * 2000;
    await stored.segment(id, [testStream({ id: 2, channel: 'A', windows: 2000, from, startNs: START_NS })]);
    if (id === 2) await sealSegment(database, catalogue, { folder: stored.folder, segment: 2 });
  }
  await stored.close();
  history = await openOffline(folder.path('history'));
});
afterEach(() => history.close());

describe('chooseTier', () => {
  it.each([
    ['what there is', { fromNs: START_NS - DAY_NS, toNs: EVER.toNs }, 4000, 0],
    ['what there is', { fromNs: START_NS - DAY_NS, toNs: EVER.toNs }, 1000, 1],
    ['what there is', { fromNs: START_NS - DAY_NS, toNs: EVER.toNs }, 39, 3],
    ['a part of it', { fromNs: START_NS, toNs: START_NS + 5_000_000_000n }, 1000, 0],
    ['where nothing is', { fromNs: START_NS + DAY_NS, toNs: EVER.toNs }, 1, 0],
    ['what only coarse rows are left of, too', EVER, 4000, 6],
  ])('goes by the extent of %s: %o in %i rows', async (_, range, rows, tier) => {
    const chosen = await history.database.use((connection) =>
      chooseTier(history, connection, { channel: 'A', ...range, rows }),
    );

    expect(chosen).toBe(tier);
  });
});
