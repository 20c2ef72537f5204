import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/command.ts';
import { Folder } from '../support/folder.ts';
import { reducePlainly } from '../support/halpha.ts';
import { startServer } from '../support/server.ts';
import { wavFile } from '../support/wav.ts';

const HEADING = 'window,time,min,max,mean,std,count,clipped,nonfinite,flags';
const VALUES = Float64Array.from({ length: 1234 }, (_, i) => Math.sin(i / 9) * 3 + i / 1000);

const folder = new Folder();

describe('fenestra reduce', () => {
  it('writes the windows of bare samples as CSV, in the unit that is told', async () => {
    folder.write('light.f64', new Uint8Array(VALUES.buffer));

    const { stdout, stderr, status } = await fenestra(
      // biome-ignore format: option and value
      'reduce',
      'light.f64',
      '-o',
      'out.csv',
      '--window',
      '100',
      '--datatype',
      'rf64_le',
      '--rate',
      '1000',
      '--scale',
      '2',
      '--offset',
      '1',
      '--epoch',
      '2026-01-31T12:00:00Z',
    );

    expect([stdout, stderr, status]).toEqual(['', '', 0]);
    expect(readdirSync(folder.path()).sort()).toEqual(['light.f64', 'out.csv']);
    const [heading, ...rows] = readFileSync(folder.path('out.csv'), 'utf8').trimEnd().split('\n');
    const plain = reducePlainly(VALUES, 100);
    expect([heading, rows.length]).toEqual([HEADING, 13]);
    for (const [i, { min, max, mean, std, count }] of plain.entries()) {
      const [window, time, ...figures] = rows[i]!.split(',');
      expect([window, time]).toEqual([String(i), `2026-01-31T12:00:0${(i / 10).toFixed(9)}Z`]);
      expect(figures.slice(0, 2).map(Number)).toEqual([min * 2 + 1, max * 2 + 1]);
      expect(Number(figures[2])).toBeCloseTo(mean * 2 + 1, 11);
      expect(Number(figures[3])).toBeCloseTo(std * 2, 11);
      expect(figures.slice(4)).toEqual([String(count), '0', '0', i === 12 ? 'partial' : '']);
    }
  });

  it('writes the same to standard output for -', async () => {
    folder.write('light.f64', new Uint8Array(VALUES.buffer));
    const options = ['--window', '100', '--datatype', 'rf64_le', '--rate', '1000'];

    await fenestra('reduce', 'light.f64', '-o', 'out.csv', ...options);
    const { stdout, status } = await fenestra('reduce', 'light.f64', '-o', '-', ...options);

    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(folder.path('out.csv'), 'utf8'));
  });

  it('tells gaps, clipped and broken samples, and has no row for a window that is all gap', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i < 15 ? i : i + 30},${i === 3 ? 'nan' : i}`);
    folder.write('light.csv', `t,x\n${rows.join('\n')}\n`);

    const { stdout } = await fenestra(
      // biome-ignore format: option and value
      'reduce',
      'light.csv',
      '-o',
      '-',
      '--window',
      '10',
      '--column',
      'x',
      '--time-column',
      't',
      '--full-scale',
      '-1,58',
    );

    const table = stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','));
    expect(table.map(([window, , min, max, , , ...others]) => [window, min, max, ...others])).toEqual([
      ['0', '0', '9', '9', '0', '1', ''],
      ['1', '10', '14', '5', '0', '0', 'gap'],
      ['4', '15', '19', '5', '0', '0', 'gap'],
      ['5', '20', '29', '10', '0', '0', ''],
      ['6', '30', '39', '10', '0', '0', ''],
      ['7', '40', '49', '10', '0', '0', ''],
      ['8', '50', '59', '10', '2', '0', ''],
    ]);
  });

  it('leaves the figures of a window without a finite sample empty', async () => {
    folder.write('light.csv', `${'nan\n'.repeat(10)}${'1\n'.repeat(10)}`);

    const { stdout } = await fenestra('reduce', 'light.csv', '-o', '-', '--window', '10', '--rate', '10');

    expect(stdout).toBe(`${HEADING}\n0,0.000000000,,,,,0,0,10,\n1,1.000000000,1,1,1,0,10,0,0,\n`);
  });

  it.each([
    ['seconds', [], 'DOUBLE', [0, 0.1]],
    [
      'dates',
      ['--epoch', '2026-01-31T12:00:00.000000007Z'],
      'TIMESTAMP_NS',
      ['2026-01-31 12:00:00.000000007', '2026-01-31 12:00:00.100000007'],
    ],
  ])('writes the same figures as Parquet, its times as %s', async (_name, epoch, timeType, times) => {
    folder.write("li'ght.f64", new Uint8Array(VALUES.buffer));
    const options = ['--window', '100', '--datatype', 'rf64_le', '--rate', '1000', ...epoch];

    const { stderr, status } = await fenestra('reduce', "li'ght.f64", '-o', "o'ut.parquet", ...options);
    const { stdout } = await fenestra('reduce', "li'ght.f64", '-o', '-', ...options);
    const rows = await readParquet(folder.path("o'ut.parquet"));

    expect([stderr, status]).toEqual(['', 0]);
    expect(readdirSync(folder.path()).sort()).toEqual(["li'ght.f64", "o'ut.parquet"]);
    const csv = stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','));
    const whole = ['min', 'max', 'mean', 'std', 'count', 'clipped', 'nonfinite'];
    expect(rows.map((row) => [Number(row.window), ...whole.map((name) => Number(row[name])), row.flags])).toEqual(
      csv.map(([window, , ...figures]) => [Number(window), ...figures.slice(0, 7).map(Number), figures[7]]),
    );
    expect(new Set(rows.map(({ type }) => type))).toEqual(new Set([timeType]));
    expect(rows.slice(0, 2).map(({ at }) => (timeType === 'DOUBLE' ? Number(at) : at))).toEqual(times);
  });

  // biome-ignore format: a table
  it.each([
    ['a file that is not there', ['gone.csv', '-o', 'out.csv'], /^fenestra: gone\.csv: ENOENT/],
    ['a word among the samples', ['bad.csv', '-o', 'out.csv', '--rate', '1'], /^fenestra: bad\.csv, line 3: found "two", expected a number\n$/],
    ['the same on the way to Parquet', ['bad.csv', '-o', 'out.parquet', '--rate', '1'], /^fenestra: bad\.csv, line 3: /],
    ['bare samples of no known type', ['bare', '-o', 'out.csv'], /^fenestra: bare holds bare samples: expected --datatype and --rate\n$/],
    ['an output of another kind', ['good.csv', '-o', 'out.txt', '--rate', '1'], /^fenestra: output out\.txt, expected a name ending in \.csv or \.parquet, or -\n$/],
    ['an output in no folder', ['good.csv', '-o', 'gone/out.csv', '--rate', '1'], /^fenestra: cannot write gone\/out\.csv: ENOENT/],
    ['an output that is a folder', ['good.csv', '-o', 'taken.csv', '--rate', '1'], /^fenestra: cannot write taken\.csv: /],
    ['a Parquet output that is a folder', ['good.csv', '-o', 'taken.parquet', '--rate', '1'], /^fenestra: cannot write taken\.parquet: /],
    ['a window too small', ['bad.csv', '-o', 'out.csv', '--window', '9'], /expected 10 to 10,000,000 samples/],
    ['a time that is none', ['bad.csv', '-o', 'out.csv', '--epoch', 'noon'], /expected a UTC time such as/],
    ['no output', ['bad.csv'], /required option '-o, --output <file>' not specified/],
  ])('ends with 1 and a sentence on %s, and leaves nothing behind', async (_name, options, sentence) => {
    folder.write('bad.csv', 'x\n1\ntwo\n');
    folder.write('good.csv', 'x\n1\n2\n');
    folder.write('bare', 'xx');
    mkdirSync(folder.path('taken.csv'));
    mkdirSync(folder.path('taken.parquet'));
    const before = readdirSync(folder.path());

    const { stdout, stderr, status } = await fenestra('reduce', ...options);

    expect([stdout, status]).toEqual(['', 1]);
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd().split('\n').length).toBe(1);
    expect(readdirSync(folder.path())).toEqual(before);
  });
});

describe('fenestra replay', () => {
  it('sends a WAV file to a server under its own name', async () => {
    const server = await startServer();
    folder.write('oil pump.wav', wavFile({ bits: 16, rateHz: 48_000 }, new Uint8Array(96_000)));

    const port = String(server.ingest.port);
    const { stderr, status } = await fenestra('replay', 'oil pump.wav', '--port', port, '--speed', 'max');
    const { ledger } = await (await fetch(`${server.url}/api/system`)).json();
    await server.close();

    expect([stderr, status]).toEqual(['done: 48000 samples sent as replay.oil_pump\n', 0]);
    expect(ledger).toMatchObject([{ channel: 'replay.oil_pump', received: 48_000, reduced: 48_000, imbalances: [] }]);
  });

  it('ends with 1 and a sentence where nobody listens', async () => {
    folder.write('light.csv', 'x\n1\n2\n');

    const { stderr, status } = await fenestra('replay', 'light.csv', '--rate', '10', '--port', '1');

    expect(status).toBe(1);
    expect(stderr).toMatch(/^fenestra: 127\.0\.0\.1:1: .*ECONNREFUSED.*\n$/);
  });
});

function fenestra(...args: readonly string[]) {
  return runCommand(args, folder.path());
}

/** Rows of a Parquet file; `at` is the time, as text where it is a date, and `type` that of its column. */
async function readParquet(path: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const file = `'${path.replaceAll("'", "''")}'`;
  const reader = await connection.runAndReadAll(
    `SELECT *, "time"::VARCHAR AS at, typeof("time") AS type FROM read_parquet(${file}) ORDER BY "window"`,
  );
  const rows = reader.getRowObjectsJS();
  connection.closeSync();
  instance.closeSync();
  return rows;
}
