import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deviation } from '../../server/trend/summary.ts';
import { runCommand } from '../support/command.ts';
import { startControlled } from '../support/controlled-history.ts';
import { Folder } from '../support/folder.ts';
import { channelInfo, historyWindow } from '../support/history-windows.ts';
import { readOffline } from '../support/offline-rows.ts';
import type { RunningHistory } from '../support/running-history.ts';
import { seededRandom } from '../support/seeded-random.ts';

const INFO = channelInfo('PMT-1');
const random = seededRandom(1);
const WINDOWS = Array.from({ length: 345 }, (_, i) => historyWindow(INFO, i, [random(), 10 * random(), i]));
const META = { kind: 'export', version: 1, channel: 'PMT-1', unit: 'V', clock: 'sample clock, UTC', tier: 0 };
const folder = new Folder();
let running: RunningHistory;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ running, close } = await startControlled(folder.path('data')));
  running.open(INFO);
  running.send(WINDOWS);
  await running.stored(WINDOWS.length);
});
afterEach(() => close());

describe('fenestra export', () => {
  it('writes CSV with the columns of reduce, and its metadata beside it, while the server runs', async () => {
    await fenestra('-o', 'out.csv');

    const [heading, ...lines] = readFileSync(folder.path('out.csv'), 'utf8').trimEnd().split('\n');
    expect(heading).toBe('window,time,min,max,mean,std,count,clipped,nonfinite,flags');
    expect(lines.map((line) => line.split(',').slice(2, 7).map(Number))).toEqual(
      WINDOWS.map(({ summary: s }) => [s.min, s.max, s.mean, deviation(s), s.count]),
    );
    expect(lines[200]).toMatch(/^200,2023-11-14T22:13:21\.000000000Z,/);
    expect(JSON.parse(readFileSync(folder.path('out.csv.json'), 'utf8'))).toEqual({
      ...META,
      streams: [{ info: INFO, rows: 345 }],
    });
  });

  it('writes Parquet whose figures are exact, with channel, unit and clock in the metadata', async () => {
    await fenestra('-o', 'out.parquet');

    const file = folder.path('out.parquet');
    expect(await query(`SELECT "window", epoch_ns(time), min, max, mean, m2, count::INT FROM '${file}'`)).toEqual(
      WINDOWS.map(({ index, timeNs, summary: s }) => [BigInt(index), timeNs, s.min, s.max, s.mean, s.m2, s.count]),
    );
    const [[meta]] = await query(`SELECT decode(value) FROM parquet_kv_metadata('${file}')`);
    expect(JSON.parse(String(meta))).toEqual({ ...META, streams: [{ info: INFO, rows: 345 }] });
    expect(readdirSync(folder.path()).sort()).toEqual(['data', 'out.parquet']);
  });

  it('writes Arrow whose figures are exact, with channel, unit and clock in the metadata', async () => {
    await fenestra('-o', 'out.arrow');

    const table = tableFromIPC(readFileSync(folder.path('out.arrow')));
    expect([...table.getChild('max')!]).toEqual(WINDOWS.map(({ summary }) => summary.max));
    expect([...table.getChild('window')!].map(Number)).toEqual(WINDOWS.map(({ index }) => index));
    expect([...table.getChild('time')!.data.flatMap(({ values }) => [...values])]).toEqual(
      WINDOWS.map(({ timeNs }) => timeNs),
    );
    expect(JSON.parse(table.schema.metadata.get('fenestra')!)).toMatchObject(META);
  });

  it('has the rows of a coarse tier that are still open, and cuts out a range', async () => {
    await fenestra('-o', 'tier.parquet', '--tier', '2');
    await fenestra(
      '-o',
      'columns.parquet',
      '--columns',
      '40',
      '--from',
      '2023-11-14T22:13:20.500Z',
      '--to',
      '1700000001500',
    );

    expect(await query(`SELECT "window", windows, count::INT FROM '${folder.path('tier.parquet')}'`)).toEqual([
      [0n, 100, 300],
      [1n, 100, 300],
      [2n, 100, 300],
      [3n, 45, 135],
    ]);
    expect(
      await query(`SELECT min("window"), max("window"), sum(windows)::INT FROM '${folder.path('columns.parquet')}'`),
    ).toEqual([[10n, 29n, 200]]);
  });

  it('removes what one to the same file has left that was killed, and no other', async () => {
    const gone = spawnSync(process.execPath, ['--version']).pid;
    for (const name of [`out.parquet.${gone}.parts`, `out.parquet.${process.pid}.parts`, `out.csv.${gone}.parts`]) {
      mkdirSync(folder.path(name));
      writeFileSync(folder.path(`${name}/0-1.parquet`), 'half a file');
    }

    await fenestra('-o', 'out.parquet');

    expect(
      readdirSync(folder.path())
        .filter((name) => name.endsWith('.parts'))
        .sort(),
    ).toEqual([`out.csv.${gone}.parts`, `out.parquet.${process.pid}.parts`].sort());
  });

  it('says what is wrong with what was asked', async () => {
    expect(await complaint('-o', 'out.xls')).toContain('expected a name ending in .parquet, .arrow, .csv, or -');
    expect(await complaint('-o', 'nowhere/out.parquet')).toContain('cannot write nowhere/out.parquet');
    expect(await complaint('-o', 'out.csv', '--channel', 'PMT-9')).toContain(
      `there is no channel PMT-9 in ${folder.path('data')}\n`,
    );
    expect(await complaint('-o', 'out.csv', '--storage', 'else')).toContain('there is no history in');
    expect(readdirSync(folder.path()).filter((name) => name.startsWith('out.'))).toEqual([]);
  });
});

describe('fenestra import', () => {
  it.each(['parquet', 'arrow', 'csv'])('puts back what was exported as %s, once, with all tiers', async (ending) => {
    const file = `out.${ending}`;
    await fenestra('-o', file);

    const { stdout, stderr } = await runCommand(['import', file, file, '--storage', 'other'], folder.path());

    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      `${file}: 345 rows of PMT-1 imported, 0 were there already`,
      `${file}: 0 rows of PMT-1 imported, 345 were there already`,
      '',
    ]);
    expect(await readOffline(folder.path('other/history'), 'PMT-1', 0)).toEqual(
      WINDOWS.map(({ index, timeNs, flags, summary }) => ({
        ...{ stream: 1, window: index, timeNs, flags, windows: 1 },
        ...{ ...summary, m2: ending === 'csv' ? expect.closeTo(summary.m2, 6) : summary.m2 }, // CSV has its root
      })),
    );
    const coarse = await readOffline(folder.path('other/history'), 'PMT-1', 2);
    expect(coarse.map(({ window, windows, count }) => [window, windows, count])).toEqual([
      [0, 100, 300],
      [1, 100, 300],
      [2, 100, 300],
      [3, 45, 135],
    ]);
  });

  it.each([1, 3])('puts back a coarse tier alone, once, with the tiers above it: %i', async (tier) => {
    const file = 'coarse.parquet';
    await fenestra('-o', file, '--tier', String(tier));
    const rows = Math.ceil(WINDOWS.length / 10 ** tier);

    const { stdout, stderr } = await runCommand(['import', file, file, '--storage', 'other'], folder.path());

    expect([stdout, stderr].join('').split('\n')).toEqual([
      `${file}: ${rows} rows of PMT-1 imported, 0 were there already`,
      `${file}: 0 rows of PMT-1 imported, ${rows} were there already`,
      '',
    ]);
    const again = ['export', '--storage', 'other', '--channel', 'PMT-1', '--tier', String(tier), '-o', 'again.parquet'];
    expect(await runCommand(again, folder.path())).toMatchObject({ status: 0, stderr: '' });
    const sql = (name: string) => `SELECT * FROM '${folder.path(name)}'`;
    expect(await query(sql('again.parquet'))).toEqual(await query(sql(file)));
    for (const above of [tier, tier + 1]) {
      const kept = await readOffline(folder.path('other/history'), 'PMT-1', above);
      expect(kept.map(({ windows }) => windows).reduce((a, b) => a + b)).toBe(WINDOWS.length);
    }
  });

  it('says in one sentence that the disk fails', async () => {
    await fenestra('-o', 'out.parquet');
    mkdirSync(folder.path('other/history'), { recursive: true });
    writeFileSync(folder.path('other/history/sealed'), 'where a folder belongs');

    const { status, stderr } = await runCommand(['import', 'out.parquet', '--storage', 'other'], folder.path());

    const said = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{')); // but for the log
    expect([status, said]).toEqual([
      1,
      [expect.stringContaining(`fenestra: cannot open the history in ${folder.path('other')}: ENOTDIR`)],
    ]);
  });

  it('refuses what was not exported, and the directory of a running server', async () => {
    await query(`COPY (SELECT 1 AS x) TO '${folder.path('foreign.parquet')}'`);
    await fenestra('-o', 'out.parquet');

    const foreign = await runCommand(['import', 'foreign.parquet', '--storage', 'other'], folder.path());
    const locked = await runCommand(['import', 'out.parquet', '--storage', 'data'], folder.path());

    expect([foreign.status, foreign.stderr]).toEqual([1, expect.stringContaining('was not exported from a history')]);
    expect([locked.status, locked.stderr]).toEqual([1, expect.stringContaining('is in use by process')]);
  });
});

async function fenestra(...args: string[]): Promise<void> {
  const { stderr, status } = await run(args);
  expect([stderr, status]).toEqual(['', 0]);
}

async function complaint(...args: string[]): Promise<string> {
  const { stderr, status } = await run(args);
  expect(status).toBe(1);
  return stderr;
}

function run(args: readonly string[]) {
  return runCommand(['export', '--storage', 'data', '--channel', 'PMT-1', ...args], folder.path());
}

async function query(sql: string) {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRows();
  connection.closeSync();
  instance.closeSync();
  return rows;
}
