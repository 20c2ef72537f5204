import { mkdirSync, readdirSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { exportMeta } from '../../../server/history/export-meta.ts';
import { importRows } from '../../../server/history/import-rows.ts';
import type { OfflineHistory } from '../../../server/history/offline-history.ts';
import type { HistoryRow } from '../../../server/history/row-block.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { openOffline } from '../../support/offline-rows.ts';
import { RunningHistory } from '../../support/running-history.ts';
import { type TestStream, testStream, tierRows } from '../../support/stored-history.ts';

const START_NS = 10n ** 18n;
const WINDOWS = 2000;
const STREAM = testStream({ id: 1, channel: 'PMT-1', windows: WINDOWS, startNs: START_NS });
const folder = new Folder();

beforeEach(() => mkdirSync(folder.path('history')));

describe('an import of a coarse tier', () => {
  it('answers alone for all that is finer, and remembers where the stream stands', async () => {
    const offline = await open();
    expect(await importTier(offline, 2)).toEqual({ imported: 20, known: 0 });
    const { info } = STREAM;
    expect(await offline.catalogue.findStream(info.channel, info.stream)).toMatchObject({
      nextSample: WINDOWS * info.window,
      lastMs: Number(STREAM.rows.at(-1)!.timeNs) / 1e6,
    });
    await offline.close();

    expect(await readSums()).toEqual(sumsOf(STREAM.rows));
  });

  it.each([
    ['before', [0, 1]],
    ['after', [1, 0]],
  ])('counts nothing twice where finer rows come %s it', async (_, tiers) => {
    const offline = await open();
    const half = { ...STREAM, rows: STREAM.rows.slice(0, 1000) };
    const known = { 0: 0, 1: 0 };
    if (tiers[0] === 0) known[1] = 100;
    for (const tier of tiers) {
      const stream = tier === 0 ? half : STREAM;
      expect((await importTier(offline, tier, stream)).known).toBe(known[tier as 0 | 1]);
    }
    await offline.close();

    expect(await readSums()).toEqual(sumsOf(STREAM.rows));
  });

  it('leaves a row that is there in part as it is', async () => {
    const offline = await open();
    await importTier(offline, 0, { ...STREAM, rows: STREAM.rows.slice(0, 1005) });
    expect(await importTier(offline, 1)).toEqual({ imported: 99, known: 101 });
    await offline.close();

    expect(await readSums()).toEqual(sumsOf(STREAM.rows.filter((_, i) => i < 1005 || i >= 1010)));
  });
});

describe('an import whose files do not hold its rows', () => {
  it('fails, and leaves nothing', async () => {
    const offline = await open();
    // Without its streams, rows of a segment have no file to go to.
    const forget = () => offline.database.use((connection) => connection.run('DELETE FROM segment_1.streams'));

    await expect(importTier(offline, 1, STREAM, forget)).rejects.toThrow(
      'the files written for tier 1 have 0 rows of 0 samples, expected 200 rows of 2000000 samples: nothing was stored',
    );

    expect(await offline.catalogue.openImports()).toEqual([]);
    expect(readdirSync(folder.path('history')).sort()).toEqual(expect.not.arrayContaining(['importing', 'sealed']));
    expect(await importTier(offline, 1)).toEqual({ imported: 200, known: 0 });
    await offline.close();
  });
});

function open(): Promise<OfflineHistory> {
  return openOffline(folder.path('history'), { make: true, clock: new FakeClock() });
}

function importTier(history: OfflineHistory, tier: number, { info, rows }: TestStream = STREAM, atEnd?: () => unknown) {
  const own = tierRows(rows, tier);
  return importRows(history, exportMeta('PMT-1', tier, [{ info, rows: own.length }]), some(own, atEnd));
}

async function* some(rows: readonly HistoryRow[], atEnd: (() => unknown) | undefined) {
  yield rows.map((row) => ({ ...row, stream: 0 }));
  await atEnd?.();
}

/** Windows and samples of the whole range, at every zoom. */
async function readSums() {
  const running = await RunningHistory.start(folder.path('history'));
  try {
    const sums = new Set<string>();
    for (const columns of [20_000, 1000, 100, 10, 1]) {
      const toNs = START_NS + 10n ** 12n;
      const rows = await running.history.query({ channel: 'PMT-1', fromNs: START_NS, toNs, columns });
      const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
      sums.add(JSON.stringify({ windows: sum(rows.windows), samples: sum(rows.count) }));
    }
    expect([...sums]).toHaveLength(1);
    return JSON.parse([...sums][0]!);
  } finally {
    await running.close();
  }
}

function sumsOf(rows: readonly HistoryRow[]) {
  return { windows: rows.length, samples: rows.reduce((sum, { count }) => sum + count, 0) };
}
