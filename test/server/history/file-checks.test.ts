import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileChecks } from '../../../server/history/file-checks.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import type { SealedFile } from '../../../server/history/sealed-file.ts';
import { deleteFiles } from '../../../server/history/sealed-list.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const folder = new Folder();
let history: StoredHistory;
let checks: FileChecks;
let file: SealedFile;

beforeEach(async () => {
  history = await StoredHistory.open(folder.path('history'));
  await history.segment(1, [testStream({ id: 1, channel: 'PMT-1', windows: 10, startNs: 10n ** 18n })]);
  const { database, catalogue, quarantine } = history;
  [file] = (await sealSegment(database, catalogue, { folder: history.folder, segment: 1 })) as [SealedFile];
  checks = new FileChecks({ folder: history.folder, catalogue, quarantine, clock: new FakeClock(), log: silentLog() });
});
afterEach(() => history.close());

describe('FileChecks', () => {
  it('counts a listed file that is gone as lost', async () => {
    rmSync(folder.path(`history/sealed/${file.path}`));

    expect(await checks.verify(file)).toBe(false);
    expect(await history.catalogue.totals()).toMatchObject({ damagedFiles: 1, damagedRows: 10 });
  });

  it('leaves a file that cannot be read now where it is, and checks it again at its next use', async () => {
    const path = folder.path(`history/sealed/${file.path}`);
    renameSync(path, `${path}.good`);
    symlinkSync('/proc/self/mem', path); // opens, and its first bytes are an EIO
    await expect(checks.verify(file)).rejects.toThrow('EIO');

    rmSync(path);
    renameSync(`${path}.good`, path);
    expect(await checks.verify(file)).toBe(true);
    expect(await history.catalogue.totals()).toMatchObject({ damagedFiles: 0, damagedRows: 0 });
  });

  it('counts no file as lost that has been taken off the list while somebody looked for it', async () => {
    await history.catalogue.change((connection) => deleteFiles(connection, [file.path]));
    rmSync(folder.path(`history/sealed/${file.path}`));

    await expect(checks.verify(file)).rejects.toThrow('is not listed any more');
    expect(await history.catalogue.totals()).toMatchObject({ damagedFiles: 0, damagedRows: 0 });
  });
});
