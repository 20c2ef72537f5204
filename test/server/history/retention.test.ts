import { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compact } from '../../../server/history/compact.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { applyRetention, findExpired } from '../../../server/history/retention.ts';
import type { RetentionSettings } from '../../../server/history/tier-limits.ts';
import { Folder } from '../../support/folder.ts';
import { keptFor } from '../../support/kept-for.ts';
import { runs } from '../../support/runs.ts';
import { StoredHistory } from '../../support/stored-history.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1000 * DAY_MS;
const folder = new Folder();
let history: StoredHistory;

beforeEach(async () => {
  history = await StoredHistory.open(folder.path('history'));
});
afterEach(() => history.close());

describe('retention', () => {
  it('removes what ended too long ago, whatever room there is', async () => {
    const files = [file(0, 900), file(0, 988), file(0, 990), file(0, 999)];

    expect(await expired(files, [], keptFor(10, 1e9))).toEqual([900, 988]);
  });

  it('keeps what is old by its own clock and has just come, such as a recording that was imported', async () => {
    const files = [file(0, 0, 995), file(0, 900, 999), file(0, 900, 980), file(0, 2000, 980)];

    expect(await expired(files, [], keptFor(10, 1e9))).toEqual([900]);
  });

  it('removes the oldest of a tier that takes too much, and of no other tier', async () => {
    const files = [file(0, 999), file(0, 997), file(0, 998), file(1, 990)];

    expect(await expired(files, [], keptFor(100, 250))).toEqual([997]);
  });

  it('keeps what a pin overlaps, which does not count', async () => {
    const files = [file(0, 996), file(0, 997), file(0, 998), file(0, 999)];

    expect(await expired(files, [pin('PMT-1', 996.5)], keptFor(100, 200))).toEqual([997]);
    expect(await expired(files, [pin('PMT-2', 996.5)], keptFor(100, 200))).toEqual([996, 997]);
  });

  it('keeps the newest hour however much captures refer to', async () => {
    const files = Array.from({ length: 100 }, (_, i) => file(1, 899 + i));
    const pins = files.map(({ start }) => pin('PMT-1', start));

    expect(await expired([...files, file(1, 999)], pins, keptFor(1000, 1000))).toEqual([]);
  });

  it('removes the oldest of what no pin overlaps, as much as is beyond the limit, whatever is pinned', async () => {
    const numbers = fc.integer({ min: 900, max: 999 });
    const kept = fc.integer({ min: 0, max: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(numbers), fc.array(numbers), kept, async (starts, pinned, kept) => {
        const files = starts.map((start) => file(0, start));
        const pins = pinned.map((start) => pin('PMT-1', start));

        const gone = await expired(files, pins, keptFor(1000, kept * 100));

        const free = starts.filter((start) => !pinned.includes(start)).sort((a, b) => a - b);
        expect(gone).toEqual(free.slice(0, Math.max(0, free.length - kept)));
      }),
      { numRuns: runs(25, 1000) },
    );
  });

  it('tells the bytes that pins keep, as a look at each pin and file finds them', async () => {
    const numbers = fc.integer({ min: 0, max: 30 });
    const range = fc.tuple(fc.constantFrom('PMT-1', 'PMT-2'), numbers, fc.integer({ min: 1, max: 8 }));
    await fc.assert(
      fc.asyncProperty(fc.array(numbers, { minLength: 1 }), fc.array(range), async (starts, ranges) => {
        const pins = ranges.map(([channel, start, days]) => ({ channel, start, days }));
        await list(
          starts.map((start) => file(0, start)),
          pins,
        );
        const isPinned = (start: number) =>
          pins.some((one) => one.channel === 'PMT-1' && one.start < start + 1 && one.start + one.days > start);

        const pinnedBytes = 100 * starts.filter(isPinned).length;
        expect(await history.catalogue.tierBytes()).toMatchObject([
          { tier: 0, bytes: 100 * starts.length, pinnedBytes },
        ]);
      }),
      { numRuns: runs(25, 1000) },
    );
  });

  it('reads no more of a long list than what is to go, and neither does merging', async () => {
    await list([], []);
    await history.database.run(`INSERT INTO catalogue.files BY NAME
      SELECT 'f' || i AS path, i % 8 AS tier, DATE '2026-01-01' + (i // 800)::INTEGER AS day,
        'PMT-' || (i // 8 % 100) AS channel, 1 AS first_segment, 1 AS last_segment, 1 AS rows, 100 AS bytes,
        0 AS crc32, ${ns(990)} AS from_ns, ${ns(991)} AS to_ns FROM range(20000) r(i)`);
    const read = vi.spyOn(DuckDBConnection.prototype, 'runAndReadAll');

    const uses = new FileUses();
    const { database, catalogue } = history;
    const gone = await applyRetention(database, catalogue, {
      folder: history.folder,
      settings: keptFor(100, 1e9),
      uses,
      nowMs: NOW_MS,
    });
    const checks = { verify: async () => true, trust: () => undefined, forget: () => undefined };
    const beforeMs = Date.UTC(2026, 0, 5); // four files of the month that runs, which are left
    const made = await compact(database, catalogue, { folder: history.folder, beforeMs, uses, checks });

    const rows = await Promise.all(read.mock.results.map(async ({ value }) => (await value).currentRowCount));
    read.mockRestore();
    expect([gone, made]).toEqual([[], 0]);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.reduce((sum, count) => sum + count, 0)).toBeLessThan(20);
  });
});

interface ListedFile {
  readonly tier: number;
  readonly start: number;
  /** Day. */
  readonly stored: number;
}

interface Pin {
  readonly channel: string;
  readonly start: number;
  /** A nanosecond where it is undefined. */
  readonly days?: number;
}

/** The days on which files begin that are to go, in this order. */
async function expired(files: readonly ListedFile[], pins: readonly Pin[], keep: RetentionSettings): Promise<number[]> {
  await list(files, pins);
  const found = await history.database.use((connection) => findExpired(connection, keep, NOW_MS));
  return found.map(({ fromNs }) => Number(fromNs / 1_000_000n) / DAY_MS).sort((a, b) => a - b);
}

async function list(files: readonly ListedFile[], pins: readonly Pin[]): Promise<void> {
  await history.database.run('DELETE FROM catalogue.files; DELETE FROM catalogue.pins');
  const fileRows = files.map(
    ({ tier, start, stored }, i) =>
      `('f${i}', ${tier}, DATE '2026-01-01', 'PMT-1', 1, 1, 1, 100, 0, ${ns(start)}, ${ns(start + 1)}, ${stored * DAY_MS})`,
  );
  if (fileRows.length > 0) await history.database.run(`INSERT INTO catalogue.files VALUES ${fileRows.join()}`);
  const pinRows = pins.map(
    ({ channel, start, days }, i) =>
      `('p${i}', '${channel}', ${ns(start)}, ${days === undefined ? ns(start) + 1n : ns(start + days)})`,
  );
  if (pinRows.length > 0) await history.database.run(`INSERT INTO catalogue.pins VALUES ${pinRows.join()}`);
}

function file(tier: number, start: number, stored = start): ListedFile {
  return { tier, start, stored };
}

function pin(channel: string, start: number): Pin {
  return { channel, start };
}

function ns(day: number): bigint {
  return BigInt(day * DAY_MS) * 1_000_000n;
}
