import { afterEach, expect, it } from 'vitest';
import { CatalogueView } from '../../../server/history/catalogue-view.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { Reader } from '../../../server/history/reader.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { MergeKernel } from '../../../server/kernels/merge-kernel.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { loadKernels } from '../../support/kernels.ts';
import { NOTHING_LIVE } from '../../support/nothing-live.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const START_NS = 10n ** 18n;
const folder = new Folder();
let history: StoredHistory;

afterEach(() => history.close());

it('a range that cannot be read is refused with the reason, which is a problem for a minute', async () => {
  history = await StoredHistory.open(folder.path());
  await history.segment(1, [testStream({ id: 1, channel: 'PMT-1', windows: 10, startNs: START_NS })]);
  await sealSegment(history.database, history.catalogue, { folder: folder.path(), segment: 1 });
  await history.database.detach('segment_1');
  const clock = new FakeClock();
  let isFull = true;
  const reader = new Reader({
    database: history.database,
    clock,
    log: silentLog(),
    onDamage: () => undefined,
    catalogue: new CatalogueView(history.catalogue),
    live: NOTHING_LIVE,
    folder: folder.path(),
    uses: new FileUses(),
    checks: { verify: async () => (isFull ? Promise.reject(new Error('EMFILE: too many open files\nhere')) : true) },
    kernel: new MergeKernel(await loadKernels(), 64),
  });
  const query = () => reader.query({ channel: 'PMT-1', fromNs: START_NS, toNs: START_NS + 10n ** 9n, columns: 100 });
  expect(reader.problem()).toBeUndefined();

  const why = 'a range of PMT-1 cannot be read: EMFILE: too many open files';
  await expect(query()).rejects.toMatchObject({ code: 'HISTORY_FAILED', message: why });
  expect(reader.problem()).toBe(why);

  isFull = false;
  expect((await query()).timeNs).toHaveLength(10);
  clock.advance(60_000);
  expect(reader.problem()).toBeUndefined();
});
