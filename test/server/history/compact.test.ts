import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compact, RUNNING_FILES } from '../../../server/history/compact.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { readMeta, type SealedFile } from '../../../server/history/sealed-file.ts';
import { listFiles } from '../../../server/history/sealed-list.ts';
import { Folder } from '../../support/folder.ts';
import { StoredHistory, type TestStream, testStream, tierRows } from '../../support/stored-history.ts';

const WINDOWS_AN_HOUR = 720_000;
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 2, 1, 10);
const START = BigInt(START_MS) * 1_000_000n;
const folder = new Folder();
let history: StoredHistory;

beforeEach(async () => {
  history = await StoredHistory.open(folder.path('history'));
});
afterEach(() => history.close());

describe('compact', () => {
  it('makes one file of a day of tiers 1 and 2, one of a month of the coarser ones, and leaves tier 0', async () => {
    const hours = await sealHours(3);

    const made = await run(Date.UTC(2026, 3, 1));

    expect(made).toBe(7);
    expect(await countFiles()).toEqual([3, 1, 1, 1, 1, 1, 1, 1]);
    for (let tier = 0; tier < 8; tier++) expect(await figures(tier)).toEqual(await expected(hours, tier));
  });

  it('leaves a few files alone of a day that may still get rows', async () => {
    await sealHours(RUNNING_FILES);

    expect(await run(START_MS)).toBe(0);
    expect(await countFiles()).toEqual(Array(8).fill(RUNNING_FILES));
  });

  it('makes one file of more of the coarser tiers, in the day that runs and in the month that runs', async () => {
    const hours = await sealHours(RUNNING_FILES + 1);

    expect(await run(START_MS)).toBe(5);
    expect(await countFiles()).toEqual([5, 5, 5, 1, 1, 1, 1, 1]);

    for (let day = 1; day < RUNNING_FILES; day++) hours.push(await sealHour(hours.length + 1, day * 24));
    expect(await run(START_MS + RUNNING_FILES * DAY_MS)).toBe(2); // tiers 1 and 2 of the first day
    expect(await countFiles()).toEqual([8, 4, 4, 4, 4, 4, 4, 4]);

    hours.push(await sealHour(hours.length + 1, RUNNING_FILES * 24));
    expect(await run(START_MS + (RUNNING_FILES + 1) * DAY_MS)).toBe(5);
    expect(await countFiles()).toEqual([9, 5, 5, 1, 1, 1, 1, 1]);
    for (let tier = 0; tier < 8; tier++) expect(await figures(tier)).toEqual(await expected(hours, tier));
  });

  it('makes the parts of a row whole that two segments hold', async () => {
    const one = testStream({ id: 1, channel: 'PMT-1', windows: 555, startNs: START });
    const segments = [one.rows.slice(0, 333), one.rows.slice(333)];
    for (const [index, rows] of segments.entries()) await sealSegments(index + 1, { ...one, rows });

    await run(Date.UTC(2026, 3, 1));

    for (let tier = 1; tier < 8; tier++)
      expect(await windowCounts(tier), `tier ${tier}`).toEqual(
        tierRows(one.rows, tier).map((row) => [BigInt(row.window), row.windows, BigInt(row.count)]),
      );
  });

  it('merges in what came late, and says of which segments a file is', async () => {
    await sealHours(2);
    await run(Date.UTC(2026, 3, 1));
    await sealSegments(
      9,
      testStream({ id: 1, channel: 'PMT-1', windows: 10, from: WINDOWS_AN_HOUR * 5, startNs: START }),
    );

    expect(await run(Date.UTC(2026, 3, 1))).toBe(7);

    const [file] = await history.database.use((connection) => listFiles(connection, 'tier = 1'));
    const meta = await history.database.use((connection) =>
      readMeta(connection, folder.path(`history/sealed/${file!.path}`)),
    );
    expect(meta.pieces.map(({ segment }) => segment)).toEqual([1, 2, 9]);
    expect(file).toMatchObject({ firstSegment: 1, lastSegment: 9 });
  });

  it('leaves a file that is read on the disk until its reader is done', async () => {
    await sealHours(2);
    const uses = new FileUses();
    const [file] = await history.database.use((connection) => listFiles(connection, 'tier = 1'));
    const path = folder.path(`history/sealed/${file!.path}`);
    const release = uses.hold([path]);

    await run(Date.UTC(2026, 2, 2), uses);

    expect([existsSync(path), uses.doomed]).toEqual([true, 1]);
    await release();
    expect([existsSync(path), uses.doomed]).toEqual([false, 0]);
  });

  it('puts no damaged file into the merged one', async () => {
    await sealHours(3);
    const bad = (await history.database.use((connection) => listFiles(connection, 'tier = 1')))[1]!;

    await run(Date.UTC(2026, 2, 2), new FileUses(), async (file) => file.path !== bad.path);

    const [merged] = await history.database.use((connection) =>
      listFiles(connection, `tier = 1 AND path <> '${bad.path}'`),
    );
    expect(merged?.rows).toBe(120);
  });

  it('leaves a file that cannot be read now as it is, and merges the others', async () => {
    await sealHours(3);
    const files = await history.database.use((connection) => listFiles(connection, 'tier = 1'));
    const verify = (file: SealedFile) =>
      file.path === files[1]!.path ? Promise.reject(new Error('EIO')) : Promise.resolve(true);

    expect(await run(Date.UTC(2026, 2, 2), new FileUses(), verify)).toBeGreaterThan(0);

    const left = await history.database.use((connection) => listFiles(connection, 'tier = 1'));
    expect(left.map(({ rows }) => rows).sort()).toEqual([120, 60]);
    expect(left.map(({ path }) => path)).toContain(files[1]!.path);
  });
});

async function sealHours(count: number): Promise<TestStream[]> {
  const hours: TestStream[] = [];
  for (let hour = 0; hour < count; hour++) hours.push(await sealHour(hour + 1, hour));
  return hours;
}

async function sealHour(id: number, hour: number): Promise<TestStream> {
  const from = hour * WINDOWS_AN_HOUR;
  const stream = testStream({ id: 1, channel: 'PMT-1', windows: 600, from, startNs: START });
  await sealSegments(id, stream);
  return stream;
}

async function sealSegments(id: number, stream: TestStream): Promise<void> {
  await history.segment(id, [stream]);
  await sealSegment(history.database, history.catalogue, { folder: history.folder, segment: id });
}

function run(
  beforeMs: number,
  uses = new FileUses(),
  verify: (file: SealedFile) => Promise<boolean> = async () => true,
) {
  const checks = { verify, trust: () => undefined, forget: () => undefined };
  return compact(history.database, history.catalogue, { folder: history.folder, beforeMs, uses, checks });
}

async function countFiles(): Promise<number[]> {
  const rows = await history.rows('SELECT count(*) FROM catalogue.files GROUP BY tier ORDER BY tier');
  return rows.map(([count]) => Number(count));
}

function parquet(tier: number): string {
  return `read_parquet('${history.folder}/sealed/tier=${tier}/**/*.parquet', hive_partitioning = false)`;
}

async function figures(tier: number) {
  return history.rows(`SELECT count(*), min(min), max(max), sum(count)::BIGINT, sum(windows)::BIGINT, sum(clipped)::BIGINT,
    bit_or(flags) FROM ${parquet(tier)}`);
}

async function expected(streams: readonly TestStream[], tier: number) {
  const rows = tierRows(
    streams.flatMap((stream) => stream.rows),
    tier,
  );
  const sum = (pick: (row: (typeof rows)[number]) => number) =>
    BigInt(rows.reduce((total, row) => total + pick(row), 0));
  return [
    [
      BigInt(rows.length),
      Math.min(...rows.map(({ min }) => min)),
      Math.max(...rows.map(({ max }) => max)),
      sum(({ count }) => count),
      sum(({ windows }) => windows),
      sum(({ clipped }) => clipped),
      rows.reduce((bits, { flags }) => bits | flags, 0),
    ],
  ];
}

function windowCounts(tier: number) {
  return history.rows(`SELECT "window", windows, count FROM ${parquet(tier)} ORDER BY "window"`);
}
