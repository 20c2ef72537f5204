import { expect, it } from 'vitest';
import { Config } from '../../../server/config.ts';
import { measureDiskUse } from '../../../server/history/disk-use.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { Folder } from '../../support/folder.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const folder = new Folder();

it('tells what each tier takes and is let take, and what is open, also while the catalogue fails', async () => {
  const history = await StoredHistory.open(folder.path('history'));
  const { database, catalogue, folder: directory } = history;
  const settings = Config.parse({}).history;
  await history.segment(1, [testStream({ id: 1, channel: 'PMT-1', windows: 2000, startNs: 10n ** 18n })]);
  const open = await measureDiskUse({ directory, catalogue, settings, segments: [1] });
  await sealSegment(database, catalogue, { folder: directory, segment: 1 });

  const sealed = await measureDiskUse({ directory, catalogue, settings, segments: [] });

  expect(sealed.tiers).toHaveLength(8);
  const [finest] = sealed.tiers!;
  expect(finest).toMatchObject({ rowMs: 5, keepDays: 30, keepBytes: 200e9, isMeasured: true });
  expect(finest.dayBytes).toBeCloseTo((finest.sealedBytes / 2000) * 86_400 * 200, 3);
  expect(sealed.sealedBytes).toBe(sealed.tiers!.reduce((sum, { sealedBytes }) => sum + sealedBytes, 0));
  expect(open.openBytes).toBeGreaterThan(sealed.openBytes!);
  await history.close();
  expect(Object.keys(await measureDiskUse({ directory, catalogue, settings, segments: [] }))).toEqual(['openBytes']);
});
