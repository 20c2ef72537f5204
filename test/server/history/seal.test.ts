import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sealSegment } from '../../../server/history/seal.ts';
import { checksum, readMeta } from '../../../server/history/sealed-file.ts';
import { listFiles } from '../../../server/history/sealed-list.ts';
import { Folder } from '../../support/folder.ts';
import { StoredHistory, type TestStream, testStream, tierRows, WINDOW_NS } from '../../support/stored-history.ts';

const NOON = BigInt(Date.UTC(2026, 2, 1, 12)) * 1_000_000n;
const MIDNIGHT = BigInt(Date.UTC(2026, 2, 2)) * 1_000_000n;
const folder = new Folder();
let history: StoredHistory;

afterEach(() => history.close());

describe('sealSegment', () => {
  it('turns a segment into a file a tier, UTC day and channel, whose rows are the same', async () => {
    history = await StoredHistory.open(folder.path('history'));
    const streams = [
      testStream({ id: 1, channel: 'PMT-1', windows: 2000, startNs: NOON }),
      testStream({ id: 2, channel: 'PMT-2', windows: 700, from: 123, startNs: MIDNIGHT - 1_000_000_000n }),
    ];
    await history.segment(1, streams);

    await seal(1);

    const files = await listed();
    expect(files.filter((file) => file.tier === 0).map(({ path }) => path.replace(/[0-9a-f]{8}\./, '#.'))).toEqual([
      'tier=0/day=2026-03-01/channel=PMT-1/000001-#.parquet',
      'tier=0/day=2026-03-01/channel=PMT-2/000001-#.parquet',
      'tier=0/day=2026-03-02/channel=PMT-2/000001-#.parquet',
    ]);
    for (const stream of streams) for (let tier = 0; tier < 8; tier++) await expectRows(stream, tier);
    expect(await history.catalogue.segments()).toEqual([]);
  });

  it('puts days of a month that follow each other into one file, in tiers whose months become one anyway', async () => {
    history = await StoredHistory.open(folder.path('history'));
    const starts = [
      Date.UTC(2026, 1, 27, 12),
      Date.UTC(2026, 1, 28, 12),
      Date.UTC(2026, 2, 1, 12),
      Date.UTC(2026, 2, 3),
    ];
    const days = starts.map((ms, i) => {
      const from = i * 1000;
      const startNs = BigInt(ms) * 1_000_000n - BigInt(from) * WINDOW_NS;
      return testStream({ id: 1, channel: 'PMT-1', windows: 1000, from, startNs });
    });
    const segment = await history.segment(1, [days[0]!]);
    for (const day of days.slice(1)) await history.write(segment, [day]);

    await seal(1);

    const files = await listed();
    const daysOf = (tier: number) => files.filter((file) => file.tier === tier).map(({ day, rows }) => [day, rows]);
    expect(daysOf(3)).toEqual([
      ['2026-02-27', 2],
      ['2026-03-01', 1],
      ['2026-03-03', 1],
    ]);
    expect(daysOf(2).map(([day]) => day)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-03']);
    const [first] = files.filter(({ tier }) => tier === 3);
    const meta = await history.database.use((connection) =>
      readMeta(connection, folder.path(`history/sealed/${first!.path}`)),
    );
    expect(meta.pieces).toEqual(['2026-02-27', '2026-02-28'].map((day) => ({ segment: 1, day })));
    const whole = { ...days[0]!, rows: days.flatMap(({ rows }) => rows) };
    for (let tier = 0; tier <= 3; tier++) await expectRows(whole, tier);
  });

  it('lists length, checksum and times of what lies on the disk, and says the same in the file', async () => {
    history = await StoredHistory.open(folder.path('history'));
    const stream = testStream({ id: 1, channel: 'PMT-1', windows: 300, startNs: NOON });
    await history.segment(1, [stream]);

    await seal(1);

    const [file] = await listed();
    const path = folder.path(`history/sealed/${file!.path}`);
    expect(file).toMatchObject({ rows: 300, fromNs: NOON, toNs: NOON + 1_500_000_000n, ...(await checksum(path)) });
    expect(await history.database.use((connection) => readMeta(connection, path))).toMatchObject({
      channel: 'PMT-1',
      unit: 'V',
      tier: 0,
      pieces: [{ segment: 1, day: '2026-03-01' }],
      streams: [{ info: stream.info, nextSample: 300_000, anchorSample: 299_000 }],
    });
    expect(await history.catalogue.findStream('PMT-1', 'stream-1')).toMatchObject({ id: 1, nextSample: 300_000 });
  });

  it('keeps of a window that was sent twice the one with more samples', async () => {
    history = await StoredHistory.open(folder.path('history'));
    const stream = testStream({ id: 1, channel: 'PMT-1', windows: 50, startNs: NOON });
    const part = { ...stream.rows[20]!, count: 10, min: -5, flags: 32 };
    const whole = { ...stream.rows[20]!, windows: 0 };
    await history.segment(1, [
      { ...stream, rows: [...stream.rows.slice(0, 20), part, whole, ...stream.rows.slice(21)] },
    ]);

    await seal(1);

    expect(await history.rows(`SELECT count(*), min(min) > -5, sum(windows) FROM ${parquet('tier=0')}`)).toEqual([
      [50n, true, 50n],
    ]);
  });

  it('merges the parts of a row that belong together, and leaves those of another time apart', async () => {
    history = await StoredHistory.open(folder.path('history'));
    const stream = testStream({ id: 1, channel: 'PMT-1', windows: 40, startNs: NOON });
    const again = testStream({ id: 1, channel: 'PMT-1', windows: 10, from: 40, startNs: NOON });
    const stepped = testStream({ id: 1, channel: 'PMT-1', windows: 10, from: 50, startNs: NOON + 3_000_000_000n });
    const segment = await history.segment(1, [stream]);
    await history.database.run(
      [again, stepped]
        .flatMap(({ rows }) =>
          tierRows(rows, 2).map(
            (row) => `INSERT INTO ${segment.name}.tier_2 VALUES
        (1, ${row.window}, ${row.timeNs}, ${row.min}, ${row.max}, ${row.mean}, ${row.m2}, ${row.count}, ${row.clipped}, 0,
         ${row.flags}, ${row.windows});`,
          ),
        )
        .join(''),
    );

    await seal(1);

    expect(await history.rows(`SELECT count, windows FROM ${parquet('tier=2')} ORDER BY time`)).toEqual([
      [50_000n, 50],
      [10_000n, 10],
    ]);
  });

  it('lists nothing and keeps the segment where a file cannot be written, and succeeds the next time', async () => {
    history = await StoredHistory.open(folder.path('history'));
    const stream = testStream({ id: 1, channel: 'PMT-1', windows: 100, startNs: NOON });
    await history.segment(1, [stream]);
    folder.write('history/sealed', 'in the way');

    await expect(seal(1)).rejects.toThrow();

    expect(await listed()).toEqual([]);
    expect((await history.catalogue.segments()).map(({ id }) => id)).toEqual([1]);
    const { rmSync } = await import('node:fs');
    rmSync(folder.path('history/sealed'));
    await seal(1);
    await expectRows(stream, 0);
    expect(existsSync(folder.path('history/sealed'))).toBe(true);
    expect(
      readdirSync(folder.path('history/sealed'), { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.tmp'),
      ),
    ).toEqual([]);
  });
});

function seal(segment: number) {
  return sealSegment(history.database, history.catalogue, { folder: history.folder, segment });
}

function listed() {
  return history.database.use((connection) => listFiles(connection));
}

function parquet(tier: string): string {
  return `read_parquet('${join(history.folder, 'sealed', tier)}/**/*.parquet', hive_partitioning = false)`;
}

async function expectRows(stream: TestStream, tier: number): Promise<void> {
  const rows = await history.rows(
    `SELECT "window", epoch_ns(time), min, max, mean, m2, count, clipped, nonfinite, flags, windows
     FROM ${parquet(`tier=${tier}`)} WHERE channel = '${stream.info.channel}' ORDER BY "window", time`,
  );
  const expected = tierRows(stream.rows, tier).map((row) => [
    BigInt(row.window),
    row.timeNs,
    row.min,
    row.max,
    row.mean,
    row.m2,
    BigInt(row.count),
    BigInt(row.clipped),
    BigInt(row.nonfinite),
    row.flags,
    row.windows,
  ]);
  expect(rows).toEqual(expected);
}
