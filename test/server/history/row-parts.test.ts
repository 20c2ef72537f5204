import { mkdirSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectRows, type RowRange } from '../../../server/history/collect-rows.ts';
import type { OfflineHistory } from '../../../server/history/offline-history.ts';
import { type HistoryRow, RowList } from '../../../server/history/row-block.ts';
import { readParts, writeRowParts } from '../../../server/history/row-parts.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { Segment } from '../../../server/history/segment.ts';
import { WorkRows } from '../../../server/history/work-rows.ts';
import { TIER_FACTOR, TIERS } from '../../../server/trend/tier.ts';
import { Folder } from '../../support/folder.ts';
import { openOffline } from '../../support/offline-rows.ts';
import { StoredHistory, type TestStream, testInfo, testStream, tierRows } from '../../support/stored-history.ts';

const MINUTE_NS = 60_000_000_000n;
const WINDOW_NS = 10n * MINUTE_NS;
const SHIFT_NS = 8n * MINUTE_NS;
const DAYS = 5;
const WINDOWS_A_DAY = 144;
const RANGE = { channel: 'PMT-1', fromNs: 0n, toNs: 2n ** 62n };
// Window 120, and the row of tier 1 that begins with it, is at 23:56, and at 00:04 once the clock was set.
const START = BigInt(Date.UTC(2026, 2, 1, 3, 56)) * 1_000_000n;
const CUTS = [0, 120, 300, 430, 571, DAYS * WINDOWS_A_DAY];
const folder = new Folder();
let history: OfflineHistory;

beforeEach(async () => {
  const stored = await StoredHistory.open(folder.path('history'));
  for (let id = 1; id < CUTS.length; id++) {
    const shiftNs = BigInt((id + 1) % 2) * SHIFT_NS;
    const first = slowStream({ id: 1, from: CUTS[id - 1]!, to: CUTS[id]!, shiftNs });
    const segment = await writeSegment(
      stored,
      id,
      id === 3 ? [first, slowStream({ id: 2, from: 0, to: 30 })] : [first],
    );
    if (id === CUTS.length - 1) continue;
    await sealSegment(stored.database, stored.catalogue, { folder: stored.folder, segment: segment.id });
  }
  await stored.close();
  history = await openOffline(folder.path('history'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await history.close();
});

describe('writeRowParts', () => {
  it('never has more than the windows of a quarter of a day in the database, whatever the range', async () => {
    const held: number[] = [];
    const fill = WorkRows.fill;
    vi.spyOn(WorkRows, 'fill').mockImplementation(async (...args) => {
      const work = await fill.apply(WorkRows, args);
      held.push([...(await work.counts()).values()].reduce((sum, rows) => sum + rows, 0));
      return work;
    });

    const rows = await readByParts({ ...RANGE, tier: 0 });

    expect(rows).toHaveLength(DAYS * WINDOWS_A_DAY + 1 + 31);
    expect(Math.max(...held)).toBeLessThanOrEqual(WINDOWS_A_DAY / 4 + 31 + 4); // a window more on each side
  });

  it('has the rows as if they were taken at once, also those whose parts a midnight divides', async () => {
    for (const tier of [0, 1, 2, 3]) {
      const range = { ...RANGE, tier };
      expect(await readByParts(range), `tier ${tier}`).toEqual(await readAtOnce(range));
    }
  });

  it('has those of a range that begins and ends within a day', async () => {
    const range = { ...RANGE, tier: 1, fromNs: START + 70n * WINDOW_NS, toNs: START + 400n * WINDOW_NS };

    expect(await readByParts(range)).toEqual(await readAtOnce(range));
  });

  it('has a file of no rows where there are none', async () => {
    expect(await readByParts({ ...RANGE, tier: 0, toNs: 1n })).toEqual([]);
  });
});

async function readByParts(range: RowRange): Promise<HistoryRow[]> {
  const place = folder.path(`parts-${readdirSync(folder.path()).length}`);
  mkdirSync(place);
  return history.database.use(async (connection) => {
    const parts = await writeRowParts(history, connection, range, { folder: place, onProgress: () => undefined });
    const rows: HistoryRow[] = [];
    for await (const some of readParts(connection, parts)) rows.push(...some);
    expect(parts.streams.map(({ rows: count }) => count)).toEqual(
      parts.streams.map((_, stream) => rows.filter((row) => row.stream === stream).length),
    );
    return rows.map((row) => ({ ...row, stream: Number(parts.streams[row.stream]!.info.stream.at(-1)) }));
  });
}

async function readAtOnce(range: RowRange): Promise<HistoryRow[]> {
  return history.database.use(async (connection) => {
    const { work } = await collectRows(history, connection, range);
    const rows: HistoryRow[] = [];
    for await (const some of work.read()) rows.push(...some);
    return rows;
  });
}

async function writeSegment(stored: StoredHistory, id: number, streams: readonly TestStream[]): Promise<Segment> {
  await stored.catalogue.addSegment({ id, openedMs: id * 3_600_000 });
  const segment = await Segment.open(stored.database, stored.folder, id);
  const tiers = Array.from({ length: TIERS }, () => new RowList());
  for (const { rows } of streams) {
    const shiftNs = rows[0]!.timeNs - startOf(rows[0]!.window);
    for (const [tier, list] of tiers.entries()) {
      for (const row of tierRows(rows, tier)) list.push({ ...row, timeNs: startOf(row.window, tier) + shiftNs });
    }
  }
  await segment.write({ streams, tiers, isLast: true });
  return segment;
}

/** Windows of ten minutes, `from` … `to`, of which the last is half of one. */
function slowStream(options: { id: number; from: number; to: number; shiftNs?: bigint }): TestStream {
  const { id, from, to, shiftNs = 0n } = options;
  const { rows } = testStream({ id, channel: 'PMT-1', windows: to - from + 1, from, startNs: START });
  const half = { ...rows.at(-1)!, count: 500 };
  return {
    id,
    info: { ...testInfo('PMT-1', `stream-${id}`), rateHz: 1000 / 600 },
    rows: [...rows.slice(0, -1), half].map((row) => ({ ...row, timeNs: startOf(row.window) + shiftNs })),
  };
}

function startOf(window: number, tier = 0): bigint {
  return START + BigInt(window * TIER_FACTOR ** tier) * WINDOW_NS;
}
