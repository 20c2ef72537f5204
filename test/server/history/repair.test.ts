import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compact } from '../../../server/history/compact.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { prepareSegments } from '../../../server/history/repair.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { listFiles } from '../../../server/history/sealed-list.ts';
import { segmentName, segmentPath } from '../../../server/history/segment.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const START_NS = BigInt(Date.UTC(2026, 2, 1)) * 1_000_000n;
const WINDOWS = 100;

const folder = new Folder();
let stored: StoredHistory;

beforeEach(async () => {
  stored = await StoredHistory.open(folder.path());
  await addSegment(1);
  await addSegment(2); // which is open while the third is imported
  await addSegment(3);
});
afterEach(() => stored.close());

describe('a segment on the disk that the catalogue does not list', () => {
  it('is listed again where merged files pass over it', async () => {
    await seal(1);
    await seal(3);
    await expectMergedFiles([1, 3]);
    await forget(2);

    await prepare();

    expect(await stored.catalogue.segments()).toMatchObject([{ id: 2 }]);
    expect(existsSync(segmentPath(stored.folder, 2))).toBe(true);
  });

  it('is removed where merged files hold its rows', async () => {
    for (const id of [1, 2, 3]) await seal(id);
    await expectMergedFiles([1, 3]);

    await prepare();

    expect(await stored.catalogue.segments()).toEqual([]);
    expect(existsSync(segmentPath(stored.folder, 2))).toBe(false);
  });
});

async function addSegment(id: number): Promise<void> {
  const from = (id - 1) * WINDOWS;
  await stored.segment(id, [testStream({ id: 1, channel: 'PMT-1', windows: WINDOWS, from, startNs: START_NS })]);
}

/** Leaves the segment's file, as a server does that is killed before it removes it. */
async function seal(id: number): Promise<void> {
  await sealSegment(stored.database, stored.catalogue, { folder: stored.folder, segment: id });
  await stored.database.detach(segmentName(id));
}

async function forget(id: number): Promise<void> {
  await stored.catalogue.change((connection) => connection.run(`DELETE FROM catalogue.segments WHERE id = ${id}`));
  await stored.database.detach(segmentName(id));
}

/** Merges all days; fails unless every file of a tier that is merged then goes from the first to the last of these segments. */
async function expectMergedFiles([first, last]: readonly [number, number]): Promise<void> {
  await compact(stored.database, stored.catalogue, {
    folder: stored.folder,
    beforeMs: Date.UTC(2026, 3, 1),
    uses: new FileUses(),
    checks: { verify: async () => true, trust: () => undefined, forget: () => undefined },
  });
  await stored.catalogue.change((connection) => connection.run('DELETE FROM catalogue.files WHERE tier = 0')); // too old
  const files = await stored.database.use((connection) => listFiles(connection));
  expect(files.length).toBe(7);
  for (const file of files) expect(file).toMatchObject({ firstSegment: first, lastSegment: last });
}

function prepare(): Promise<void> {
  const { folder: path, catalogue, quarantine } = stored;
  return prepareSegments({ folder: path, catalogue, quarantine, clock: new FakeClock(), log: silentLog() });
}
