import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compact } from '../../../server/history/compact.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { reconcile } from '../../../server/history/reconcile.ts';
import { removeSealed } from '../../../server/history/remove-sealed.ts';
import { applyRetention } from '../../../server/history/retention.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { CLOCK, type SealedMeta, writeSealed } from '../../../server/history/sealed-file.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { keptFor } from '../../support/kept-for.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory, testInfo, testStream } from '../../support/stored-history.ts';

const DAY_NS = 86_400_000_000_000n;
const DAYS = 2;
const TIER_FOLDERS = 8;
const folder = new Folder();
let history: StoredHistory;

beforeEach(async () => {
  history = await StoredHistory.open(folder.path('history'));
});
afterEach(() => history.close());

describe('folders of sealed files', () => {
  it('go with their last file, when days are merged and when all is too old', async () => {
    await sealDays();
    expect(folders()).toHaveLength(TIER_FOLDERS * (1 + DAYS * 2));
    const { database, catalogue, folder } = history;
    const uses = new FileUses();
    const checks = { verify: async () => true, trust: () => undefined, forget: () => undefined };

    await compact(database, catalogue, { folder, beforeMs: Date.UTC(1970, 1, 1), uses, checks });
    expect(folders()).toHaveLength(3 * (1 + DAYS * 2) + 5 * (1 + 2)); // months of tiers 3 to 7
    const settings = keptFor(1, 1e9);
    await applyRetention(database, catalogue, { folder, settings, uses, nowMs: Date.UTC(1980, 0, 1) });

    expect(folders()).toHaveLength(TIER_FOLDERS);
  });

  it('stay while another file is in them', async () => {
    await sealDays();
    const [[path]] = await history.rows(`SELECT path FROM catalogue.files WHERE tier = 0 AND first_segment = 1`);
    const file = join(history.folder, 'sealed', String(path));
    const beside = folder.write(`history/sealed/${path}.beside`, '');

    await removeSealed([file]);
    expect(folders()).toHaveLength(TIER_FOLDERS * (1 + DAYS * 2));
    await removeSealed([file, beside]);
    expect(folders()).toHaveLength(TIER_FOLDERS * (1 + DAYS * 2) - 2);
  });

  it('that are empty go at the start', async () => {
    await sealDays();
    const before = folders();
    mkdirSync(join(history.folder, 'sealed/tier=0/day=1999-01-01/channel=gone'), { recursive: true });
    mkdirSync(join(history.folder, 'sealed/tier=1/day=1999-01-01'), { recursive: true });
    mkdirSync(join(history.folder, 'sealed/tier=2/day=1970-01-01/channel=gone'), { recursive: true });

    const { database, catalogue, quarantine } = history;
    await reconcile(database, catalogue, {
      folder: history.folder,
      quarantine,
      clock: new FakeClock(),
      log: silentLog(),
    });

    expect(folders()).toEqual(before);
  });

  it('are made again by who writes into one that is removed at the same moment', async () => {
    const meta = metaOf('1970-01-01');
    const place = join(history.folder, 'sealed/tier=0/day=1970-01-01/channel=PMT-1/gone.parquet');

    const file = await history.database.use((connection) => {
      const racing: Pick<DuckDBConnection, 'run'> = {
        run: async (sql) => {
          await removeSealed([place]);
          return connection.run(sql);
        },
      };
      return writeSealed(racing as DuckDBConnection, history.folder, { meta, select: 'SELECT 1 AS one' });
    });

    expect(file.bytes).toBeGreaterThan(0);
  });

  it('are made again however often they are removed', async () => {
    const place = join(history.folder, 'sealed/tier=0/day=1970-01-01/channel=PMT-1/gone.parquet');
    let isWriting = true;
    const remove = async () => {
      while (isWriting) await removeSealed([place]);
    };
    const removed = remove();
    const written = await history.database.use(async (connection) => {
      const paths: string[] = [];
      for (let i = 0; i < 50; i++) {
        const select = `SELECT ${i} AS one`;
        const { path } = await writeSealed(connection, history.folder, { meta: metaOf('1970-01-01'), select });
        paths.push(path);
        await removeSealed([join(history.folder, 'sealed', path)]);
      }
      return paths;
    });
    isWriting = false;
    await removed;

    expect(written).toHaveLength(50);
    expect(folders()).toHaveLength(1); // that of the tier
  });
});

async function sealDays(): Promise<void> {
  for (let day = 0; day < DAYS; day++) {
    await history.segment(day + 1, [
      testStream({ id: 1, channel: 'PMT-1', windows: 10, from: day * 100, startNs: BigInt(day) * DAY_NS }),
    ]);
    await sealSegment(history.database, history.catalogue, { folder: history.folder, segment: day + 1 });
  }
}

function folders(): string[] {
  return readdirSync(join(history.folder, 'sealed'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

function metaOf(day: string): SealedMeta {
  const info = testInfo('PMT-1', 's');
  const stream = { id: 1, info, nextSample: 1, anchorSample: 0, anchorNs: '0', lastMs: 0 };
  return {
    version: 1,
    channel: info.channel,
    unit: info.unit,
    clock: CLOCK,
    tier: 0,
    pieces: [{ segment: 1, day }],
    rows: 1,
    fromNs: '0',
    toNs: '1',
    storedMs: 0,
    streams: [stream],
  };
}
