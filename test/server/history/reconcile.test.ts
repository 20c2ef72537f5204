import { cpSync, mkdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { exportMeta } from '../../../server/history/export-meta.ts';
import { importRows } from '../../../server/history/import-rows.ts';
import type { OfflineHistory } from '../../../server/history/offline-history.ts';
import { Quarantine } from '../../../server/history/quarantine.ts';
import { reconcile } from '../../../server/history/reconcile.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { listFiles } from '../../../server/history/sealed-list.ts';
import { Segment } from '../../../server/history/segment.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { openOffline } from '../../support/offline-rows.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

const STREAM = testStream({ id: 1, channel: 'PMT-1', windows: 10, startNs: 10n ** 18n });
const TIERS_OF_ROWS = [10, 1, 1, 1, 1, 1, 1, 1];
const folder = new Folder();
let history: StoredHistory | OfflineHistory;

afterEach(() => history.close());

describe('a listed file that is damaged', () => {
  it('goes to quarantine, and an unlisted one with its rows comes in its place', async () => {
    const stored = await StoredHistory.open(folder.path('history'));
    history = stored;
    const { database, catalogue } = stored;
    await stored.segment(1, [STREAM]);
    await sealSegment(database, catalogue, { folder: stored.folder, segment: 1 });
    await database.detach('segment_1');
    await catalogue.change((connection) => connection.run('DELETE FROM catalogue.segments'));
    const files = (await database.use((connection) => listFiles(connection))).filter(({ tier }) => tier === 0);
    const [file] = files;
    const listed = join(stored.folder, 'sealed', file.path);
    const twin = file.path.replace('000001-', '000001-000001-');
    cpSync(listed, join(stored.folder, 'sealed', twin));
    truncateSync(listed, file.bytes - 50);
    const quarantine = await Quarantine.open({ folder: stored.folder, log: silentLog() });

    const done = await reconcile(database, catalogue, {
      folder: stored.folder,
      quarantine,
      clock: new FakeClock(),
      log: silentLog(),
    });

    expect(done).toEqual({ adopted: 1, removed: 0, damaged: 1 });
    const now = (await database.use((connection) => listFiles(connection))).filter(({ tier }) => tier === 0);
    expect(now.map(({ path, rows }) => [path, rows])).toEqual([[twin, file.rows]]);
    expect(quarantine.status()).toMatchObject({ cases: 1 });
  });
});

describe('an import that is cut off while it is sealed', () => {
  it('leaves nothing', async () => {
    const { database, catalogue, quarantine } = await cutOff();

    const done = await reconcile(database, catalogue, {
      folder: folder.path('history'),
      quarantine,
      clock: new FakeClock(),
      log: silentLog(),
    });

    expect(done).toEqual({ adopted: 0, removed: 3, damaged: 0 });
    expect(await countRows()).toEqual([]);
    expect(await catalogue.openImports()).toEqual([]);
  });

  it('leaves nothing where the catalogue is lost, too, and can be done again', async () => {
    await (await cutOff()).close();
    rmSync(folder.path('history/catalogue.duckdb'));

    history = await openOffline(folder.path('history'), { make: true, clock: new FakeClock() });

    expect(await countRows()).toEqual([]);
    expect(await importAll()).toEqual({ imported: 10, known: 0 });
    expect(await countRows()).toEqual(TIERS_OF_ROWS);
  });

  it('leaves nothing where it failed instead, nor after the next one', async () => {
    mkdirSync(folder.path('history'));
    history = await openOffline(folder.path('history'), { make: true, clock: new FakeClock() });
    const inTheWay = folder.path('history/sealed/tier=3');
    mkdirSync(folder.path('history/sealed'));
    folder.write('history/sealed/tier=3', 'no folder');
    await expect(importAll()).rejects.toThrow();
    await history.close();
    rmSync(inTheWay, { force: true }); // what lies there and is no sealed file goes to quarantine
    rmSync(folder.path('history/catalogue.duckdb'));
    history = await openOffline(folder.path('history'), { make: true, clock: new FakeClock() });
    expect(await countRows()).toEqual([]);

    expect(await importAll()).toEqual({ imported: 10, known: 0 });
    await history.close();
    rmSync(folder.path('history/catalogue.duckdb'));
    history = await openOffline(folder.path('history'), { make: true, clock: new FakeClock() });

    expect(await countRows()).toEqual(TIERS_OF_ROWS);
  });
});

/** A history as an import leaves it that is killed in its fourth file. */
async function cutOff(): Promise<StoredHistory> {
  const stored = await StoredHistory.open(folder.path('history'));
  history = stored;
  const { database, catalogue } = stored;
  const place = folder.path('history/importing');
  mkdirSync(place);
  const id = await catalogue.nextSegmentId();
  await stored.write(await Segment.open(database, place, id), [STREAM]);
  await catalogue.beginImport({ id, openedMs: 1 });
  let files = 0;
  const onStep = () => {
    if (++files === 4) throw new Error('killed');
  };
  await expect(sealSegment(database, catalogue, { folder: stored.folder, segment: id, onStep })).rejects.toThrow();
  expect(await catalogue.nextSegmentId()).toBe(id + 1);
  return stored;
}

function importAll() {
  const meta = exportMeta('PMT-1', 0, [{ info: STREAM.info, rows: STREAM.rows.length }]);
  return importRows(history as OfflineHistory, meta, some());
}

async function* some() {
  yield STREAM.rows.map((row) => ({ ...row, stream: 0 }));
}

/** Rows of the listed files, by tier. */
async function countRows(): Promise<number[]> {
  const found = await history.database.use((connection) =>
    connection.runAndReadAll('SELECT sum(rows)::INTEGER FROM catalogue.files GROUP BY tier ORDER BY tier'),
  );
  return found.getRows().map(([rows]) => Number(rows));
}
