import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/base/clock.ts';
import { compact } from '../../../server/history/compact.ts';
import { Database } from '../../../server/history/database.ts';
import { FileChecks } from '../../../server/history/file-checks.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { Housekeeper } from '../../../server/history/housekeeper.ts';
import { listLosses } from '../../../server/history/losses.ts';
import { openCatalogue } from '../../../server/history/open-catalogue.ts';
import { openSegment } from '../../../server/history/repair.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import { listFiles } from '../../../server/history/sealed-list.ts';
import type { Segment } from '../../../server/history/segment.ts';
import { runs } from '../../support/runs.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { silentLog } from '../../support/silent-log.ts';
import { StoredHistory, type TestStream, testStream, tierRows } from '../../support/stored-history.ts';

const HOUR_NS = 3_600_000_000_000n;
const START = BigInt(Date.UTC(2026, 2, 1, 22)) * 1_000_000n;
const CHANNELS = ['PMT-1', 'PMT-2'];

let root: string;
let truth: Map<string, string>;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'fenestra-damage-'));
  truth = await makeHistory(join(root, 'whole'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('a damaged history', () => {
  it('is served whole where nothing is damaged', async () => {
    cpSync(join(root, 'whole'), join(root, 'same'), { recursive: true });

    const { served, losses } = await serve(join(root, 'same'));

    expect([...served].sort()).toEqual([...truth].sort());
    expect(losses).toEqual([]);
  });

  it('is served as far as it is right, and tells what is lost, whatever is damaged and how', async () => {
    const kinds: Record<string, number> = {};
    let lossy = 0;
    for (let seed = 1; seed <= runs(8, 500); seed++) {
      const folder = join(root, `seed-${seed}`);
      cpSync(join(root, 'whole'), folder, { recursive: true });
      const done = damage(folder, seededRandom(seed));
      kinds[done.kind] = (kinds[done.kind] ?? 0) + 1;
      const what = `seed ${seed}: ${done.kind} ${done.path}`;

      const { served, losses } = await serve(folder);

      const wrong = [...served].filter(([key, value]) => truth.get(key) !== value);
      expect(wrong, what).toEqual([]);
      const missing = [...truth.keys()].filter((key) => !served.has(key)).length;
      if (missing > 0) {
        lossy++;
        expect(losses.length, `${what}: ${missing} rows are missing`).toBeGreaterThan(0);
      }
      rmSync(folder, { recursive: true });
    }
    process.stdout.write(`damage: ${JSON.stringify(kinds)}, ${lossy} of them lost rows\n`);
    expect(lossy).toBeGreaterThan(0);
  });

  it('is made again from the files when the catalogue is deleted', async () => {
    const folder = join(root, 'deleted');
    cpSync(join(root, 'whole'), folder, { recursive: true });
    rmSync(join(folder, 'catalogue.duckdb'));

    const { served, losses } = await serve(folder);

    expect([...served].sort()).toEqual([...truth].sort());
    expect(losses.map(({ what, why }) => `${what}: ${why}`)).toEqual(['catalogue.duckdb: the file is missing']);
    rmSync(folder, { recursive: true });
  });
});

/** Two sealed hours, of which one day is merged, one hour that is only in its segment, and its truth. */
async function makeHistory(folder: string): Promise<Map<string, string>> {
  const history = await StoredHistory.open(folder);
  await history.database.run("SET wal_autocheckpoint = '1GB'");
  const hours = Array.from({ length: 4 }, (_, hour) =>
    CHANNELS.map((channel, index) =>
      testStream({ id: index + 1, channel, windows: 300, from: hour * 1000, startNs: START + BigInt(hour) * HOUR_NS }),
    ),
  );
  let last: Segment | undefined;
  for (const [index, streams] of hours.entries()) {
    last = await history.segment(index + 1, streams);
    if (index < 3) await sealSegment(history.database, history.catalogue, { folder, segment: index + 1 });
    if (index < 3) await history.database.detach(`segment_${index + 1}`);
    if (index < 3) rmSync(join(folder, `segment-00000${index + 1}.duckdb`));
  }
  const checks = { verify: async () => true, trust: () => undefined, forget: () => undefined };
  const beforeMs = Date.UTC(2026, 2, 2);
  await compact(history.database, history.catalogue, { folder, beforeMs, uses: new FileUses(), checks });
  await history.database.run('CHECKPOINT segment_4');
  const later = CHANNELS.map((channel, index) =>
    testStream({ id: index + 1, channel, windows: 200, from: 9000, startNs: START + 4n * HOUR_NS }),
  );
  await history.write(last!, later);
  cpSync(folder, `${folder}-copy`, { recursive: true }); // as a kill leaves it: closing would write the log into the file
  await history.close();
  rmSync(folder, { recursive: true });
  cpSync(`${folder}-copy`, folder, { recursive: true });
  rmSync(`${folder}-copy`, { recursive: true });
  return new Map([...hours, later].flat().flatMap(entriesOf));
}

function entriesOf({ info, rows }: TestStream): [string, string][] {
  return Array.from({ length: 8 }, (_, tier) =>
    tierRows(rows, tier).map((row): [string, string] => [
      `${info.channel}/${tier}/${row.window}/${row.timeNs}`,
      [row.min, row.max, row.mean, row.m2, row.count, row.windows].join(),
    ]),
  ).flat();
}

/** Damages one file of a folder. */
function damage(folder: string, random: () => number) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  const databases = files.filter((name) => name.includes('.duckdb'));
  const pool = random() < 0.7 ? databases : files;
  const path = pool[Math.floor(random() * pool.length)]!;
  const content = readFileSync(join(folder, path));
  const kind = ['flip', 'cut', 'zero', 'garbage', 'delete'][Math.floor(random() * 5)]!;
  const from = Math.floor(random() * content.length);
  const to = Math.min(content.length, from + 1 + Math.floor(random() * random() * content.length));
  switch (kind) {
    case 'flip':
      content[from]! ^= 1 << Math.floor(random() * 8);
      break;
    case 'zero':
      content.fill(0, from, to);
      break;
    case 'garbage':
      for (let i = from; i < to; i++) content[i] = Math.floor(random() * 256);
      break;
  }
  if (kind === 'delete') rmSync(join(folder, path));
  else writeFileSync(join(folder, path), kind === 'cut' ? content.subarray(0, from) : content);
  return { kind, path };
}

/** Everything that a server started on the folder would serve. */
async function serve(folder: string) {
  const log = silentLog();
  const clock = systemClock;
  const database = await Database.open({ memoryBytes: 256 << 20, temporaryDirectory: join(folder, 'temporary') });
  try {
    const catalogue = await openCatalogue(database, { folder, clock, log });
    for (const { id } of await catalogue.segments()) await openSegment(database, { folder, catalogue, clock, log }, id);
    const settings = { keep_days: Array(8).fill(1e6), keep_bytes: Array(8).fill(1e12) };
    const keeper = new Housekeeper({
      database,
      catalogue,
      folder,
      settings,
      clock,
      log,
      openSegment: () => 1e6,
      onSealed: () => undefined,
    });
    await keeper.round(); // reads every row of every segment
    expect(keeper.status().problem).toBe(undefined);
    const checks = new FileChecks({ folder, catalogue, clock, log });
    const served = new Map<string, string>();
    for (const file of await database.use((connection) => listFiles(connection))) {
      if (!(await checks.verify(file))) continue;
      const rows = await database.use(async (connection) =>
        (
          await connection.runAndReadAll(`SELECT "window", epoch_ns(time), min, max, mean, m2, count, windows
          FROM read_parquet('${join(folder, 'sealed', file.path)}', hive_partitioning = false)`)
        ).getRows(),
      );
      for (const [window, time, ...figures] of rows) {
        const key = `${file.channel}/${file.tier}/${window}/${time}`;
        expect(served.has(key), `${key} twice`).toBe(false);
        served.set(key, figures.join());
      }
    }
    const losses = await database.use((connection) => listLosses(connection));
    expect(existsSync(join(folder, 'quarantine'))).toBe(
      losses.some(({ why }) => !why.includes('missing')) || existsSync(join(folder, 'quarantine')),
    );
    return { served, losses };
  } finally {
    await database.close();
  }
}
