import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Config } from '../../../server/config.ts';
import { Database } from '../../../server/history/database.ts';
import { FileUses } from '../../../server/history/file-uses.ts';
import { listLosses } from '../../../server/history/losses.ts';
import { applyRetention } from '../../../server/history/retention.ts';
import { salvageSegment } from '../../../server/history/salvage.ts';
import type { Diagnosis } from '../../../server/trend/diagnosis.ts';
import { diagnosis, makeDiagnoses } from '../../support/diagnoses.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindows } from '../../support/history-windows.ts';
import { withoutDiagnoses } from '../../support/old-history.ts';
import { RunningHistory } from '../../support/running-history.ts';
import { StoredHistory } from '../../support/stored-history.ts';

const HOUR_MS = 3_600_000;
const START = BigInt(Date.UTC(2026, 2, 1, 12)) * 1_000_000n;
const folder = new Folder();
let running: RunningHistory;

afterEach(() => running.close());

describe('diagnoses', () => {
  it('are found at once, after a restart and when they are sealed, each as it was', async () => {
    await start();
    const runs = makeDiagnoses({ seed: 3, runs: 60, change: 0.3, odd: 0.1 }, START);

    running.history.takeDiagnoses(runs.slice(0, 40));
    await expect.poll(() => found(runs)).toHaveLength(40);
    const waiting = await found(runs);
    await stored(40);
    await again();
    running.history.takeDiagnoses(runs.slice(40));
    await stored(20);
    await running.pass(HOUR_MS);
    const sealed = await found(runs);

    expect(waiting).toEqual(runs.slice(0, 40).map(bare));
    expect(sealed).toEqual(runs.map(bare));
    expect(readdirSync(folder.path('history/sealed/diagnoses'))).toEqual(['tier=0', 'tier=1']);
  });

  it('that come again are stored once, whether they wait, are stored, sealed or of before a restart', async () => {
    await start();
    const runs = makeDiagnoses({ seed: 4, runs: 30, change: 0.1, odd: 0 }, START);
    const send = (from: number, to: number) => running.history.takeDiagnoses(runs.slice(from, to));

    send(0, 10);
    send(0, 10);
    await expect.poll(() => running.history.status().diagnoses.duplicates).toBe(10);
    await stored(10);
    send(5, 12); // two are new
    await expect.poll(() => running.history.status().diagnoses.duplicates).toBe(15);
    await again();
    send(8, 20);
    await running.pass(HOUR_MS);
    send(15, 25);
    send(29, 30);
    send(25, 30); // late ones, and one that is there
    running.clock.advance(1000);
    await stored(18);

    expect(running.history.status().diagnoses).toMatchObject({ duplicates: 4 + 5 + 1, waiting: 0, givenUp: 0 });
    expect(await count()).toBe(30);
  });

  it('of a model and version of their own are others', async () => {
    await start();
    const one = diagnosis({ first: 7, timeNs: START });

    running.history.takeDiagnoses([
      one,
      { ...one, version: '2' },
      { ...one, model: 'other' },
      { ...one, stream: 'b' },
      one,
    ]);
    await stored(4);

    expect(await count()).toBe(4);
  });

  it('are kept when the server ends, though it was not yet time to write them', async () => {
    await start();
    running.history.takeDiagnoses([diagnosis({ first: 1, timeNs: START })]);
    await stored(1);
    running.history.takeDiagnoses([diagnosis({ first: 2, timeNs: START + 1n })]);

    await again();

    expect(await count()).toBe(2);
  });

  it('alone make a segment that ends and is sealed, also where a kill leaves its database', async () => {
    await start();
    running.history.takeDiagnoses([diagnosis({ first: 1, timeNs: START })]);
    await stored(1);
    await running.copyAsKilled(folder.path('killed'));

    await running.pass(HOUR_MS);
    await running.close();
    for (const name of readdirSync(folder.path('killed')).filter((one) => one.startsWith('segment-000001')))
      cpSync(folder.path(`killed/${name}`), folder.path(`history/${name}`));
    await start();

    expect(sealedFiles('tier=0')).toHaveLength(1);
    expect(await count()).toBe(1);
  });

  it('are in a snapshot, sealed or not', async () => {
    await start();
    running.history.takeDiagnoses(makeDiagnoses({ seed: 1, runs: 20, change: 0, odd: 0 }, START));
    await stored(20);
    await running.pass(HOUR_MS);
    running.history.takeDiagnoses([diagnosis({ first: 100, timeNs: START + 10n ** 12n })]);
    await stored(21);

    const snapshot = await running.history.snapshot();
    cpSync(snapshot, folder.path('copy'), { recursive: true });
    await running.close();

    running = await RunningHistory.start(folder.path('copy'));
    expect(await count()).toBe(21);
  });

  it('are made again from their files without a catalogue', async () => {
    await start();
    running.history.takeDiagnoses(makeDiagnoses({ seed: 1, runs: 20, change: 0, odd: 0 }, START));
    await stored(20);
    await running.pass(HOUR_MS);
    running.history.takeDiagnoses([diagnosis({ first: 100, timeNs: START + 10n ** 12n })]);
    await running.close();
    for (const name of ['catalogue.duckdb', 'catalogue.duckdb.wal'])
      rmSync(folder.path(`history/${name}`), { force: true });

    await start();

    expect(await count()).toBe(21);
  });

  it('of a damaged file go to quarantine, and what they came to is still told', async () => {
    await start();
    running.history.takeDiagnoses(makeDiagnoses({ seed: 1, runs: 20, change: 0, odd: 0 }, START));
    await stored(20);
    await running.pass(HOUR_MS);
    await running.close();
    const [path] = sealedFiles('tier=0');
    const content = readFileSync(path!);
    content[content.length >> 1]! ^= 1;
    writeFileSync(path!, content);

    await start();
    const one = await running.history.readDiagnoses((reader) => reader.at('lamp', START + 5_000_000_000n));

    expect(one).toBeUndefined();
    expect(existsSync(path!)).toBe(false);
    expect(await count()).toBe(20);
    const range = { channel: 'lamp', fromNs: START + 1n, toNs: START + 2_000_000_000n, columns: 10 };
    const answer = await running.history.readDiagnoses((reader) => reader.range(range));
    expect(answer).toMatchObject({ form: 'spans', spans: [{ count: 20, label: 'normal' }] });
    expect((await losses()).map(({ rows }) => rows)).toEqual([20]);
  });

  it('are taken out of a damaged segment, and not missed in one that never had any', async () => {
    await start();
    const runs = makeDiagnoses({ seed: 1, runs: 3000, change: 0.1, odd: 0 }, START);
    running.history.takeDiagnoses(runs);
    await stored(runs.length);
    await running.close();
    const path = folder.path('history/segment-000001.duckdb');

    const whole = await salvageSegment(path, folder.path('salvaged.duckdb'));
    await withoutDiagnoses(folder.path('history'));
    const none = await salvageSegment(path, folder.path('none.duckdb'));

    const database = await Database.open({ memoryBytes: 2 ** 28, temporaryDirectory: folder.path('temporary') });
    await database.attach('salvaged', folder.path('salvaged.duckdb'));
    const sql = 'SELECT count(*)::INTEGER, sum("window")::INTEGER, count(probabilities) > 0 FROM salvaged.diagnoses';
    const found = await database.use(async (connection) => (await connection.runAndReadAll(sql)).getRows());
    await database.close();
    await start();
    expect(found).toEqual([[3000, (3000 * 2999) / 2, true]]);
    expect([whole.notes, none.notes]).toEqual([[], []]);
  });

  it('go when they are too old, those of each five minutes later, and a pin keeps them', async () => {
    await start();
    running.history.takeDiagnoses([diagnosis({ first: 1, timeNs: nowNs() })]);
    running.history.takeDiagnoses([diagnosis({ channel: 'kept', first: 1, timeNs: nowNs() })]);
    await stored(2);
    await running.pass(HOUR_MS);
    await running.close();
    const history = await StoredHistory.open(folder.path('history'));
    await history.catalogue.pin({ id: 'a', channel: 'kept', fromNs: nowNs() - 10n ** 14n, toNs: nowNs() });
    const expire = (days: number) =>
      applyRetention(history.database, history.catalogue, {
        ...{ folder: history.folder, settings: Config.parse({}).history, uses: new FileUses() },
        nowMs: running.clock.nowMs() + days * 24 * HOUR_MS,
      });

    const early = await expire(365);
    await expire(400);
    const left = sealedFiles('tier=0').map(channelOf);
    const summed = sealedFiles('tier=1').map(channelOf).sort();
    await expire(4000);
    await history.close();
    await start();

    expect(early).toEqual([]);
    expect([left, summed, sealedFiles('tier=1').map(channelOf)]).toEqual([['kept'], ['kept', 'lamp'], ['kept']]);
  });

  it('are kept from here on in a directory of a Fenestra that kept none', async () => {
    await start();
    const info = channelInfo('lamp');
    running.open(info);
    running.send(historyWindows(info, 0, 100));
    await running.stored(100);
    await running.close();
    await withoutDiagnoses(folder.path('history'));

    await start();
    running.open(info);
    running.send(historyWindows(info, 100, 150));
    running.history.takeDiagnoses([diagnosis({ first: 1, timeNs: START })]);
    await running.stored(50);
    await stored(1);

    expect(await count()).toBe(1);
    expect(await losses()).toEqual([]);
  });
});

async function start(clock?: FakeClock): Promise<void> {
  running = await RunningHistory.start(folder.path('history'), clock);
}

async function again(): Promise<void> {
  await running.close();
  await start(running.clock);
}

/** Resolves when so many are stored since the start. */
async function stored(diagnoses: number): Promise<void> {
  await expect
    .poll(() => {
      running.clock.advance(1000); // what waits is written every second
      return running.history.status().diagnoses.stored;
    })
    .toBe(diagnoses);
}

async function count(): Promise<number> {
  const range = { fromNs: 0n, toNs: 4n * 10n ** 18n, model: undefined };
  const mix = await running.history.readDiagnoses((reader) => reader.mix(range));
  return mix.reduce((sum, one) => sum + one.count, 0);
}

/** Those of `runs` that are found at their ends. */
async function found(runs: readonly Diagnosis[]) {
  const all = [];
  for (const { channel, endNs } of runs) {
    const one = await running.history.readDiagnoses((reader) => reader.at(channel, endNs - 1n));
    if (one?.endNs === endNs) all.push(bare(one));
  }
  return all;
}

function bare(one: Diagnosis & { readonly sinceNs?: bigint }): Diagnosis {
  const { sinceNs: _, ...rest } = one;
  return rest;
}

function sealedFiles(tier: string): string[] {
  const root = folder.path(`history/sealed/diagnoses/${tier}`);
  const names = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [];
  return names.filter((name) => name.endsWith('.parquet')).map((name) => join(root, name));
}

function channelOf(path: string): string {
  return /channel=([^/]+)/.exec(path)![1]!;
}

function nowNs(): bigint {
  return BigInt(running.clock.nowMs()) * 1_000_000n;
}

async function losses() {
  await running.close();
  const database = await Database.open({ memoryBytes: 2 ** 28, temporaryDirectory: folder.path('temporary') });
  await database.attach('catalogue', folder.path('history/catalogue.duckdb'));
  const listed = await database.use((connection) => listLosses(connection));
  await database.close();
  await start();
  return listed;
}
