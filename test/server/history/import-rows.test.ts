import { mkdirSync, readdirSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { exportMeta } from '../../../server/history/export-meta.ts';
import { importRows } from '../../../server/history/import-rows.ts';
import type { OfflineHistory } from '../../../server/history/offline-history.ts';
import type { HistoryRow } from '../../../server/history/row-block.ts';
import { listFiles } from '../../../server/history/sealed-list.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { openOffline, readOffline } from '../../support/offline-rows.ts';
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

describe('an import in pieces', () => {
  const PIECE = 300; // which ends inside rows of every tier
  const byHundred = (rows: readonly HistoryRow[]) =>
    Array.from({ length: rows.length / 100 }, (_, i) => rows.slice(i * 100, (i + 1) * 100));

  it('never holds more rows than a piece, and is whole on every tier; again, all is there already', async () => {
    const offline = await open();
    expect(await importPieces(offline, byHundred(STREAM.rows), PIECE)).toEqual({ imported: WINDOWS, known: 0 });

    const files = await offline.database.use((connection) => listFiles(connection, 'tier = 0'));
    expect(files.map(({ rows }) => rows)).toEqual([300, 300, 300, 300, 300, 300, 200]);
    expect(await importPieces(offline, byHundred(STREAM.rows), 700)).toEqual({ imported: 0, known: WINDOWS });
    expect(readdirSync(folder.path('history'))).not.toContain('importing');
    await offline.close();

    expect(await readSums()).toEqual(sumsOf(STREAM.rows));
    expect(await coarseRows()).toEqual(wholeRows());
  });

  it('counts a row once that is in two of them', async () => {
    const offline = await open();
    const rows = byHundred(STREAM.rows);
    expect(await importPieces(offline, [...rows, ...rows.slice(3, 5)], PIECE)).toEqual({
      imported: WINDOWS,
      known: 200,
    });
    await offline.close();

    expect(await readSums()).toEqual(sumsOf(STREAM.rows));
  });

  it('leaves nothing where a later one fails, and can be done again', async () => {
    const offline = await open();
    const rows = byHundred(STREAM.rows);
    const cut = async function* () {
      yield* rows.slice(0, 7);
      expect(readdirSync(folder.path('history/sealed')).length).toBeGreaterThan(0);
      throw new Error('the disk is gone');
    };

    const meta = exportMeta('PMT-1', 0, [{ info: STREAM.info, rows: WINDOWS }]);
    await expect(importRows(offline, meta, toPlaces(cut()), PIECE)).rejects.toThrow('the disk is gone');

    const left = readdirSync(folder.path('history'), { recursive: true }).map(String);
    expect(left.filter((name) => /importing|parquet/.test(name))).toEqual([]);
    expect(await offline.catalogue.openImports()).toEqual([]);
    expect(await importPieces(offline, rows, PIECE)).toEqual({ imported: WINDOWS, known: 0 });
    await offline.close();
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

function importPieces(history: OfflineHistory, parts: readonly (readonly HistoryRow[])[], pieceRows: number) {
  const rows = parts.reduce((sum, part) => sum + part.length, 0);
  return importRows(history, exportMeta('PMT-1', 0, [{ info: STREAM.info, rows }]), toPlaces(parts), pieceRows);
}

async function* toPlaces(parts: Iterable<readonly HistoryRow[]> | AsyncIterable<readonly HistoryRow[]>) {
  for await (const part of parts) yield part.map((row) => ({ ...row, stream: 0 }));
}

/** What tells the rows of the tiers above the windows, but for rounding. */
async function coarseRows() {
  const tiers: unknown[] = [];
  for (let tier = 1; tier < 4; tier++)
    tiers.push((await readOffline(folder.path('history'), 'PMT-1', tier)).map(exact));
  return tiers;
}

function wholeRows() {
  return [1, 2, 3].map((tier) => tierRows(STREAM.rows, tier).map(exact));
}

function exact({ window, timeNs, min, max, count, clipped, flags, windows }: HistoryRow) {
  return { window, timeNs, min, max, count, clipped, flags, windows };
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
