import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { readDataset, refuseOtherShape } from '../../../../models/training/datasets/read-dataset.ts';
import { Folder } from '../../../support/folder.ts';

const folder = new Folder();
const options = { length: 3 };

describe('a table in CSV', () => {
  it('is read with its classes in their order', async () => {
    const path = folder.write('runs.csv', ',0,1,2,target\n0,1,2.5,-3e-1,10\n1,4,5,6,9\n2,7,8,9,10\n');

    const dataset = await readDataset(path, options);

    expect(dataset).toEqual({
      values: Float32Array.of(1, 2.5, -0.3, 4, 5, 6, 7, 8, 9),
      runs: 3,
      rows: 1,
      length: 3,
      labels: Int32Array.of(1, 0, 1),
      classes: ['9', '10'],
      source: 'runs.csv',
      sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
    });
    expect(dataset.values.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('is read with three rows, groups and no row numbers, compressed', async () => {
    const heading = ['min_0', 'min_1', 'max_0', 'max_1', 'mean_0', 'mean_1', 'group', 'target'].join();
    const path = folder.write('runs.csv.gz', gzipSync(`${heading}\n1,2,3,4,5,6,monday,b\n7,8,9,10,11,12,friday,a\n`));

    const dataset = await readDataset(path, { length: 2 });

    expect(dataset).toMatchObject({ rows: 3, length: 2, classes: ['a', 'b'], labels: Int32Array.of(1, 0) });
    expect(dataset.groups).toEqual(Int32Array.of(0, 1));
    expect([...dataset.values.subarray(0, 6)]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('takes any column for the groups, and whole numbers that a tool wrote as floats for the same class', async () => {
    const path = folder.write('runs.csv', '0,1,2,target,device\n1,2,3,1.0,x\n1,2,3,1,y\n1,2,3,2,x\n');

    const dataset = await readDataset(path, { ...options, group: 'device' });

    expect(dataset.classes).toEqual(['1', '2']);
    expect(dataset.groups).toEqual(Int32Array.of(0, 1, 0));
  });

  it('may have quotes, a byte order mark, line ends of Windows, and none at its end', async () => {
    const path = folder.write('runs.csv', '\ufeff"0","1","2","target"\r\n1,2,3,"a, b"\r\n4,5,6,c');

    expect((await readDataset(path, options)).classes).toEqual(['a, b', 'c']);
  });

  it.each<[string, string, string, object?]>([
    ['no heading', '', 'runs.csv is empty, expected a heading'],
    ['no runs', '0,1,2,target\n', 'runs.csv has no runs'],
    ['a missing column', '0,2,target\n', 'line 1: the column "1" is missing, expected 0 … 2; found "2" in its place'],
    ['too few columns', '0,1,target\n', 'the column "2" is missing, expected 0 … 2; found "target" in its place'],
    ['no label', '0,1,2\n', 'line 1: the column "target" is missing after 0 … 2'],
    ['no column of groups', '0,1,2,target\n', 'the column "day" is missing after 0 … 2', { group: 'day' }],
    [
      'an extra column',
      '0,1,2,3,target\n',
      'found the column "3", expected after 0 … 2 only target and a column of groups',
    ],
    ['columns out of order', '0,2,1,target\n', 'out of order, expected 0 … 2: column 2 is "2", and "1" is column 3'],
    ['a column twice', '0,1,1,2,target\n', 'found the column "1" twice, expected it once'],
    [
      'a missing row of columns',
      'min_0,min_1,min_2,target\n',
      'the column "max_0" is missing, expected min_0 … mean_2',
    ],
    ['a short line', '0,1,2,target\n1,2,3,0\n1,2,0\n', 'runs.csv, line 3: found 3 columns, expected 4 as in line 1'],
    ['an empty value', '0,1,2,target\n1,,3,0\n', 'line 2, column "1": the value is missing (""), expected a number'],
    ['a NaN', '0,1,2,target\n1,2,NaN,0\n', 'line 2, column "2": the value is missing ("NaN"), expected a number'],
    [
      'text for a number',
      '0,1,2,target\n1,2,3,0\nx1,2,3,0\n',
      'line 3, column "0": found "x1", expected a number that',
    ],
    ['more than f32 holds', '0,1,2,target\n1,1e39,3,0\n', 'column "1": found "1e39", expected a number that f32 holds'],
    [
      'no labels',
      '0,1,2,target\n1,2,3,0\n1,2,3,\n1,2,3, \n',
      '2 of 3 runs are not labelled, the first in runs.csv, line 3; fill the column target',
    ],
    [
      'an unknown class',
      '0,1,2,target\n1,2,3,7\n',
      'line 2, column "target": the class "7" is not known, expected one of 0, 1',
      { classes: ['0', '1'] },
    ],
    [
      'a blank group',
      '0,1,2,target,group\n1,2,3,0,x\n1,2,3,0, \n',
      'runs.csv, line 3: the group is blank, expected what',
    ],
    ['a control character', '0,1,2,target\n1,2,3,a\u0007\n', 'line 2: the class "a\\u0007" has a control character'],
    ['a long class', `0,1,2,target\n1,2,3,${'c'.repeat(41)}\n`, 'is longer than 40 characters'],
    ['a foreign quote', '0,1,2,target\n1,2"3,4,0\n', 'cannot read'],
  ])('with %s is refused', async (_name, content, message, more = {}) => {
    const path = folder.write('runs.csv', content);

    await expect(readDataset(path, { ...options, ...more })).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('is refused where it is cut off while compressed, or not there', async () => {
    const whole = gzipSync(`0,1,2,target\n${'1,2,3,0\n'.repeat(1000)}`);
    const cut = folder.write('runs.csv.gz', whole.subarray(0, -12));

    await expect(readDataset(cut, options)).rejects.toThrow('unexpected end of file');
    await expect(readDataset(folder.path('none.csv'), options)).rejects.toThrow('ENOENT');
    await expect(readDataset(folder.path('none.xls'), options)).rejects.toThrow('cannot tell what');
  });
});

describe('a set of the UCR archive', () => {
  it('is read with runs of any length', async () => {
    const path = folder.write('X_TRAIN.tsv', '2\t0.5\t1\n-1\t3\t4\n');

    const dataset = await readDataset(path, options);

    expect(dataset).toMatchObject({ rows: 1, length: 2, runs: 2, classes: ['-1', '2'], labels: Int32Array.of(1, 0) });
    expect([...dataset.values]).toEqual([0.5, 1, 3, 4]);
  });

  it.each([
    ['runs of different lengths', '1\t2\t3\n1\t2\n', 'X.tsv, line 2: found 1 points, expected 2 as in line 1'],
    ['a missing point', '1\t2\t\n', 'line 1, column "3": the value is missing'],
    ['commas', '1,2,3\n', 'line 1: found 1 columns, expected a class and points, with tabs between'],
    ['nothing in it', '', 'X.tsv is empty, expected runs'],
  ])('with %s is refused', async (_name, content, message) => {
    const path = folder.write('X.tsv', content);

    await expect(readDataset(path, options)).rejects.toThrow(message);
  });
});

describe('a table in Parquet', () => {
  it('is read as one in CSV', async () => {
    const path = await writeParquet(`SELECT i + 0.5 AS "0", i AS "1", (i * 2)::FLOAT AS "2", (i % 2)::DOUBLE AS target,
      'g' || (i // 2) AS "group" FROM range(5000) r(i)`);

    const dataset = await readDataset(path, options);

    expect(dataset).toMatchObject({ runs: 5000, rows: 1, length: 3, classes: ['0', '1'] });
    expect([...dataset.values.subarray(-3)]).toEqual([4999.5, 4999, 9998]);
    expect([...dataset.groups!.subarray(-3)]).toEqual([2498, 2499, 2499]);
    expect([...dataset.labels.subarray(-2)]).toEqual([0, 1]);
  });

  it.each([
    [
      'an empty value',
      'SELECT 1.0 AS "0", NULL::DOUBLE AS "1", 1.0 AS "2", 1 AS target',
      'row 1, column "1": the value is missing',
    ],
    [
      'a NaN',
      `SELECT 1.0 AS "0", 'nan'::FLOAT AS "1", 1.0 AS "2", 1 AS target`,
      'row 1, column "1": the value is missing',
    ],
    [
      'text',
      `SELECT 1.0 AS "0", 'x' AS "1", 1.0 AS "2", 1 AS target`,
      'the column "1" is of type VARCHAR, expected numbers',
    ],
    ['a missing column', 'SELECT 1.0 AS "0", 1.0 AS "2", 1 AS target', 'the column "1" is missing'],
    ['no label', 'SELECT 1 AS "0", 1 AS "1", 1 AS "2", NULL AS target', '1 of 1 runs are not labelled'],
  ])('with %s is refused', async (_name, sql, message) => {
    const path = await writeParquet(sql);

    await expect(readDataset(path, options)).rejects.toThrow(message);
  });

  it('that is none is refused', async () => {
    await expect(readDataset(folder.write('x.parquet', 'nothing'), options)).rejects.toMatchObject({
      code: 'FILE_INVALID',
    });
  });
});

it('refuses a test set of runs of another length', async () => {
  const train = await readDataset(folder.write('a.tsv', '1\t2\t3\n'), options);
  const test = await readDataset(folder.write('b.tsv', '1\t2\t3\t4\n'), options);

  expect(() => refuseOtherShape(train, test)).toThrow('b.tsv has runs of 1 × 3 points, expected 1 × 2 as in a.tsv');
});

async function writeParquet(sql: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(`COPY (${sql}) TO '${folder.path('runs.parquet')}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return folder.path('runs.parquet');
}
