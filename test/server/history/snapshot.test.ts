import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { FileUses } from '../../../server/history/file-uses.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { SEALED } from '../../../server/history/sealed-file.ts';
import { deleteFiles } from '../../../server/history/sealed-list.ts';
import { makeSnapshot } from '../../../server/history/snapshot.ts';
import { Folder } from '../../support/folder.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const CHANNELS = 5;
const folder = new Folder();
let history: StoredHistory;

afterEach(() => history.close());

it('a segment begins and files go off the list while the files of a snapshot get their names, and it has them all', async () => {
  history = await StoredHistory.open(folder.path('history'));
  const { database, catalogue } = history;
  const channels = Array.from({ length: CHANNELS }, (_, id) => ({ id: id + 1, channel: `PMT-${id}` }));
  const streams = channels.map((channel) => testStream({ ...channel, windows: 10, startNs: 10n ** 18n }));
  await history.segment(1, streams);
  const files = await sealSegment(database, catalogue, { folder: history.folder, segment: 1 });
  const uses = new FileUses();
  const named: string[] = [];
  let goOn = () => {};
  const isLetOn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const addName = async (from: string, to: string) => {
    await isLetOn; // a disk that is slow
    named.push(from.slice(join(history.folder, SEALED).length + 1));
    expect([existsSync(from), existsSync(join(to, '..'))]).toEqual([true, true]);
  };

  const making = makeSnapshot({ database, catalogue, folder: history.folder, uses, addName }, 'slow');
  await catalogue.exclusive(async () => undefined); // begun
  await expect.poll(() => existsSync(join(history.folder, 'snapshots/slow', SEALED))).toBe(true);
  await catalogue.addSegment({ id: 2, openedMs: 1 });
  const paths = files.map(({ path }) => path);
  await catalogue.change((connection) => deleteFiles(connection, paths));
  await uses.remove(paths.map((path) => join(history.folder, SEALED, path)));
  expect(named).toEqual([]);
  goOn();

  const snapshot = await making;
  expect(named.sort()).toEqual(paths.sort());
  expect(readdirSync(snapshot)).toContain('catalogue.duckdb');
  expect([uses.doomed, existsSync(join(history.folder, SEALED, paths[0]!))]).toEqual([0, false]);
});
