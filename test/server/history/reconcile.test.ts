import { mkdirSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { reconcile } from '../../../server/history/reconcile.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { Segment } from '../../../server/history/segment.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const folder = new Folder();
let history: StoredHistory;

afterEach(() => history.close());

it('an import that is cut off while it is sealed leaves nothing', async () => {
  history = await StoredHistory.open(folder.path('history'));
  const { database, catalogue } = history;
  const place = folder.path('history/importing');
  mkdirSync(place);
  const id = await catalogue.nextSegmentId();
  await history.write(await Segment.open(database, place, id), [
    testStream({ id: 1, channel: 'PMT-1', windows: 10, startNs: 10n ** 18n }),
  ]);
  await catalogue.beginImport({ id, openedMs: 1 });
  let files = 0;
  const onStep = () => {
    if (++files === 4) throw new Error('killed');
  };
  await expect(sealSegment(database, catalogue, { folder: history.folder, segment: id, onStep })).rejects.toThrow();
  expect(await catalogue.nextSegmentId()).toBe(id + 1);

  const done = await reconcile(database, catalogue, {
    folder: history.folder,
    clock: new FakeClock(),
    log: silentLog(),
  });

  expect(done).toEqual({ adopted: 0, removed: 3, damaged: 0 });
  expect(await history.rows('SELECT count(*) FROM catalogue.files')).toEqual([[0n]]);
  expect(await catalogue.openImports()).toEqual([]);
});
