import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compact } from '../../../server/history/compact.ts';
import { isDamage } from '../../../server/history/damage.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { sealSegment } from '../../../server/history/seal.ts';
import type { Segment } from '../../../server/history/segment.ts';
import { runs } from '../../support/runs.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { entriesOf, serveHistory } from '../../support/served-history.ts';
import { StoredHistory, testStream } from '../../support/stored-history.ts';

// Further apart than the lines of time that a row of the coarsest tier takes for one.
const STEP_NS = 7_200_000_000_000n;
const START = BigInt(Date.UTC(2026, 2, 1, 20)) * 1_000_000n;
const PATIENT = { timeout: runs(120_000, 86_400_000) }; // each case is a history of its own
const CHANNELS = ['PMT-1', 'PMT-2'];

let root: string;
let truth: Map<string, string>;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'fenestra-damage-'));
  truth = await makeHistory(join(root, 'whole'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('isDamage', () => {
  it.each([
    ['IO Error: Could not read from file "a": Input/output error', true],
    ['IO Error: Corrupt database file: computed checksum 1 does not match stored checksum 2', true],
    ['IO Error: Could not write file "a": Input/output error', false],
    [
      'FATAL Error: Failed: database has been invalidated because of a previous fatal error. Original error: "fsync failed!"',
      false,
    ],
    ['IO Error: Could not open file "a": Too many open files', false],
  ])('takes %s for damage: %s', (message, is) => {
    expect(isDamage(new Error(message))).toBe(is);
  });
});

describe('a damaged history', () => {
  it('is served whole where nothing is damaged', async () => {
    cpSync(join(root, 'whole'), join(root, 'same'), { recursive: true });

    const { served, losses } = await serveHistory(join(root, 'same'));

    expect([...served].sort()).toEqual([...truth].sort());
    expect(losses).toEqual([]);
  });

  it('is served as far as it is right, and tells what is lost, whatever is damaged and how', PATIENT, async () => {
    const kinds: Record<string, number> = {};
    let lossy = 0;
    for (let seed = 1; seed <= runs(5, 500); seed++) {
      const folder = join(root, `seed-${seed}`);
      cpSync(join(root, 'whole'), folder, { recursive: true });
      const done = damage(folder, seededRandom(seed));
      kinds[done.kind] = (kinds[done.kind] ?? 0) + 1;
      const what = `seed ${seed}: ${done.kind} ${done.path}`;

      const { served, losses } = await serveHistory(folder);

      const wrong = [...served].filter(([key, value]) => truth.get(key) !== value);
      expect(wrong, what).toEqual([]);
      const missing = [...truth.keys()].filter((key) => !served.has(key)).length;
      // Nothing tells that there was a log whose database has been written to before.
      const isTraced = done.kind !== 'delete' || !done.path.endsWith('.wal');
      if (missing > 0) lossy++;
      if (missing > 0 && isTraced) expect(losses.length, `${what}: ${missing} rows are missing`).toBeGreaterThan(0);
      rmSync(folder, { recursive: true });
    }
    process.stdout.write(`damage: ${JSON.stringify(kinds)}, ${lossy} of them lost rows\n`);
    expect(lossy).toBeGreaterThan(0);
  });

  it('is made again from the files when the catalogue is deleted', async () => {
    const folder = join(root, 'deleted');
    cpSync(join(root, 'whole'), folder, { recursive: true });
    rmSync(join(folder, 'catalogue.duckdb'));

    const { served, losses } = await serveHistory(folder);

    expect([...served].sort()).toEqual([...truth].sort());
    expect(losses.map(({ what, why }) => `${what}: ${why}`)).toEqual(['catalogue.duckdb: the file is missing']);
    rmSync(folder, { recursive: true });
  });

  it('counts what is lost with the catalogue as far as anybody can tell, and says where nobody can', async () => {
    const folder = join(root, 'uncounted');
    cpSync(join(root, 'whole'), folder, { recursive: true });
    rmSync(join(folder, 'catalogue.duckdb'));
    const [readable, unreadable] = CHANNELS.map((channel) =>
      sealedFiles(folder).find((name) => name.includes(channel)),
    );
    alter(join(folder, readable!), (content) => content.fill(0, 4, 100)); // in its rows; its end says how many
    alter(join(folder, unreadable!), (content) => content.fill(0, content.length - 100));

    const { losses, totals } = await serveHistory(folder);

    const rowsOf = (name: string) => losses.filter(({ what }) => what === name).map(({ rows }) => rows);
    expect(rowsOf(readable!)).toEqual([300]);
    expect(rowsOf(unreadable!)).toEqual([undefined]);
    expect(rowsOf('catalogue.duckdb')).toEqual([undefined]);
    expect(totals).toMatchObject({ damagedFiles: 3, damagedRows: 300, damagedUncounted: 2 });
    rmSync(folder, { recursive: true });
  });

  it('tells that a segment is gone with its log, as long as it was nowhere else', async () => {
    const history = await StoredHistory.open(join(root, 'logged'));
    await history.segment(1, [testStream({ id: 1, channel: 'PMT-1', windows: 300, startNs: START })]);
    const folder = join(root, 'logless');
    cpSync(history.folder, folder, { recursive: true });
    await history.close();
    rmSync(join(folder, 'segment-000001.duckdb.wal'));
    mkdirSync(join(folder, 'sealed'));

    const { served, losses } = await serveHistory(folder);

    expect(served.size).toBe(0);
    expect(losses.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      'segment-000001.duckdb.wal: the file is missing, and with it all that was written to its segment',
    ]);
  });

  it('is not what a kill leaves of a segment that was being made', async () => {
    const folder = join(root, 'half-made');
    cpSync(join(root, 'whole'), folder, { recursive: true });
    writeFileSync(
      join(folder, 'segment-000009.duckdb'),
      readFileSync(join(folder, 'segment-000004.duckdb')).subarray(0, 6144),
    );

    const { served, losses } = await serveHistory(folder);

    expect([...served].sort()).toEqual([...truth].sort());
    expect(losses).toEqual([]);
    expect(readdirSync(folder)).not.toContain('segment-000009.duckdb');
    rmSync(folder, { recursive: true });
  });

  it('is made again from the files when the catalogue does not say its format', async () => {
    const folder = join(root, 'formless');
    cpSync(join(root, 'whole'), folder, { recursive: true });
    await change(folder, 'DELETE FROM format');

    const { served, losses } = await serveHistory(folder);

    expect([...served].sort()).toEqual([...truth].sort());
    expect(losses.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      `catalogue.duckdb: ${join(folder, 'catalogue.duckdb')} is corrupt: it does not say its format`,
    ]);
    rmSync(folder, { recursive: true });
  });
});

/** A change to the catalogue of a folder that nobody has open. */
async function change(folder: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, 'catalogue.duckdb'));
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

/** Of tier 0, below the folder. */
function sealedFiles(folder: string): string[] {
  const names = readdirSync(join(folder, 'sealed', 'tier=0'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.parquet')).map((name) => `sealed/tier=0/${name}`);
}

function alter(path: string, change: (content: Buffer) => void): void {
  const content = readFileSync(path);
  change(content);
  writeFileSync(path, content);
}

/** Sealed segments, of which those of one day are merged, one that is not sealed, and the truth. */
async function makeHistory(folder: string): Promise<Map<string, string>> {
  const history = await StoredHistory.open(folder);
  await history.database.run("SET wal_autocheckpoint = '1GB'");
  const hours = Array.from({ length: 4 }, (_, hour) =>
    CHANNELS.map((channel, index) =>
      testStream({ id: index + 1, channel, windows: 300, from: hour * 1000, startNs: START + BigInt(hour) * STEP_NS }),
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
    testStream({ id: index + 1, channel, windows: 200, from: 9000, startNs: START + 4n * STEP_NS }),
  );
  await history.write(last!, later);
  cpSync(folder, `${folder}-copy`, { recursive: true }); // as a kill leaves it: closing would write the log into the file
  await history.close();
  rmSync(folder, { recursive: true });
  cpSync(`${folder}-copy`, folder, { recursive: true });
  rmSync(`${folder}-copy`, { recursive: true });
  return new Map([...hours, later].flat().flatMap(entriesOf));
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
