import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import {
  Float64,
  makeData,
  makeVector,
  Schema,
  Table,
  TimestampNanosecond,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { openExported } from '../../../server/cli/import-file.ts';
import { exportMeta } from '../../../server/history/export-meta.ts';
import { Folder } from '../../support/folder.ts';
import { testInfo } from '../../support/stored-history.ts';

const HEADING = 'window,time,min,max,mean,std,count,clipped,nonfinite,flags\n';
const LINE = '0,2023-11-14T22:13:20.000000000Z,1,2,1.5,0.5,3,0,0,\n';
const folder = new Folder();

describe('an exported CSV file', () => {
  it('is read as it was written', async () => {
    const second = '1,2023-11-14T22:13:20.005000000Z,,,,,0,0,3,gap|invalid\n';

    const rows = await readCsv(HEADING + LINE + second, 2);

    expect(rows.map(({ stream, window, timeNs, m2, count, windows }) => [stream, window, timeNs, m2, count, windows]))
      // three samples, each half a unit from the mean
      .toEqual([
        [0, 0, 1_700_000_000_000_000_000n, 0.75, 3, 1],
        [0, 1, 1_700_000_000_005_000_000n, 0, 0, 1],
      ]);
    expect(rows[1]!.flags).not.toBe(0);
  });

  it('keeps a deviation beyond what numbers hold', async () => {
    const [row] = await readCsv(HEADING + LINE.replace(',0.5,', ',Infinity,'), 1);

    expect(row!.m2).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ['', 'is empty, expected the heading window,time,'],
    ['a,b\n1,2\n', 'line 1: found "a,b", expected the heading window,time,'],
    [HEADING + LINE + LINE.replace(',1,2', ',abc,2'), 'line 3: min is "abc", expected a number'],
    [HEADING + LINE.replace('2023-11-14T', '14.11.2023 '), 'line 2: time is "14.11.2023 22:13:20'],
    [HEADING + LINE.replace(',3,0,0', ',-3,0,0'), 'line 2: count is "-3", expected a whole number'],
    [HEADING + LINE.replace('0,2023', '-100,2023'), 'line 2: window is "-100", expected a whole number'],
    [HEADING + LINE.replace('0,2023', '9007199254740000,2023'), 'line 2: window is 9007199254740000, expected'],
    [HEADING + LINE.replace(',0,\n', ',0,70000\n'), 'line 2: flags is "70000", expected words of over-range|'],
    [HEADING + LINE.replace(',1,2', ',2,1'), 'line 2: min is 2, expected at most max, which is 1'],
    [HEADING + LINE.replace(',1.5,', ',2.5,'), 'line 2: mean is 2.5, expected from min to max, 1 to 2'],
    [HEADING + LINE.replace(',0.5,', ',-0.5,'), 'line 2: std is "-0.5", expected a number of 0 or more'],
    [HEADING + LINE.slice(0, 40), 'line 2: 5 columns, expected 10'],
    [HEADING + LINE, 'has 1 rows, expected 2, as its metadata says: it is not whole'],
    [HEADING + LINE + LINE + LINE, 'has more rows than'],
    [`${HEADING}"${'x'.repeat(10_000)}`, 'cannot read'],
  ])('that is none is refused with what was found and what was expected (%#)', async (content, message) => {
    await expect(readCsv(content, 2)).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining(message),
    });
  });
});

describe('an exported file with a row that cannot be', () => {
  const ROW = {
    window: 0,
    min: 1,
    max: 2,
    mean: 1.5,
    m2: 0.75,
    count: 3,
    clipped: 0,
    nonfinite: 0,
    flags: 0,
    windows: 1,
  };
  const FAULTS: [Partial<Record<keyof typeof ROW, number | null>>, string][] = [
    [{ window: -100 }, 'window is -100, expected a whole number from 0 to '],
    [{ window: 1.5 }, 'window is 1.5, expected a whole number from 0 to '],
    [{ window: 2 ** 52 }, 'window is 4503599627370496, expected a whole number from 0 to 9007199254739'],
    [{ flags: 70_000 }, 'flags is 70000, expected a whole number from 0 to 65535'],
    [{ flags: null }, 'flags is missing, expected a whole number from 0 to 65535'],
    [{ count: -1 }, 'count is -1, expected a whole number'],
    [{ clipped: -1 }, 'clipped is -1, expected a whole number'],
    [{ nonfinite: 0.5 }, 'nonfinite is 0.5, expected a whole number'],
    [{ windows: 2 ** 32 }, 'windows is 4294967296, expected a whole number from 0 to 4294967295'],
    [{ min: Number.NaN }, 'min is NaN, expected a finite number'],
    [{ max: Number.POSITIVE_INFINITY }, 'max is Infinity, expected a finite number'],
    [{ min: 3 }, 'min is 3, expected at most max, which is 2'],
    [{ mean: 2.1 }, 'mean is 2.1, expected from min to max, 1 to 2'],
    [{ m2: -1 }, 'm2 is -1, expected a number of 0 or more'],
  ];

  it.each(FAULTS)('is refused as Parquet and as Arrow: %j', async (fault, message) => {
    for (const write of [writeParquet, writeArrow]) {
      const path = await write([ROW, { ...ROW, ...fault }]);
      await expect(readAll(path)).rejects.toMatchObject({
        code: 'FILE_INVALID',
        message: expect.stringContaining(`${path}, row 2: ${message}`),
      });
    }
  });

  it('is taken where its mean is rounded past an extreme, or it has no samples', async () => {
    const rounded = { ...ROW, min: 0.1, max: 0.1, mean: 0.1 + 2e-17 + 1e-16 };
    const empty = { ...ROW, count: 0, nonfinite: 3, min: Infinity, max: -Infinity, mean: 0, m2: 0 };
    for (const write of [writeParquet, writeArrow]) {
      const rows = await readAll(await write([rounded, empty]));
      expect(rows.map(({ mean, count }) => [mean, count])).toEqual([
        [rounded.mean, 3],
        [0, 0],
      ]);
    }
  });
});

type AnyRow = Readonly<Record<string, number | null>>;

function metaOf(rows: number): string {
  return JSON.stringify(exportMeta('A', 0, [{ info: testInfo('A', 's'), rows }]));
}

async function writeParquet(rows: readonly AnyRow[]): Promise<string> {
  const path = folder.path('out.parquet');
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const selects = rows.map((row) => {
    const figures = Object.entries(row).map(
      ([name, value]) => `${value === null ? 'NULL' : `'${value}'`}::DOUBLE AS "${name}"`,
    );
    return `SELECT 's' AS stream, make_timestamp_ns(0) AS time, ${figures.join()}`;
  });
  await connection.run(
    `COPY (${selects.join(' UNION ALL ')}) TO '${path}' (KV_METADATA {fenestra: '${metaOf(rows.length)}'})`,
  );
  connection.closeSync();
  database.closeSync();
  return path;
}

async function writeArrow(rows: readonly AnyRow[]): Promise<string> {
  const time = makeVector(
    makeData({ type: new TimestampNanosecond('UTC'), length: rows.length, data: new BigInt64Array(rows.length) }),
  );
  const figures = Object.keys(rows[0]!).map((name) => [
    name,
    vectorFromArray(
      rows.map((row) => row[name]!),
      new Float64(),
    ),
  ]);
  const columns = {
    stream: vectorFromArray(
      rows.map(() => 's'),
      new Utf8(),
    ),
    time,
    ...Object.fromEntries(figures),
  };
  const table = new Table(columns);
  const schema = new Schema(table.schema.fields, new Map([['fenestra', metaOf(rows.length)]]));
  return folder.write('out.arrow', tableToIPC(new Table(schema, table.batches), 'file'));
}

describe('a file that is cut off, or of another kind', () => {
  it.each([
    ['a.parquet', 'hello', 'is no Parquet file: it does not begin with PAR1'],
    ['a.parquet', 'PAR1 the rest is miss', 'is cut off: after 21 bytes it does not end with PAR1'],
    ['a.parquet', 'PAR1 and nothing in between PAR1', 'is damaged, expected a file as it was exported ('],
    ['a.arrow', '', 'is no Arrow file: it does not begin with ARROW1'],
    ['a.arrow', 'ARROW1 the rest is miss', 'is cut off: after 23 bytes it does not end with ARROW1'],
    ['a.arrow', 'ARROW1 and nothing in between ARROW1', ''],
    ['a.xls', '', 'expected a name ending in .parquet, .arrow or .csv'],
  ])('is refused in our words: %s with %j', async (name, content, message) => {
    const failure: unknown = await openExported(folder.write(name, content)).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'FILE_INVALID', message: expect.stringContaining(message) });
    expect((failure as Error).message).not.toContain('\n');
    expect(readFileSync(folder.path(name), 'utf8')).toBe(content);
  });
});

async function readCsv(content: string, rows: number) {
  const path = folder.write('out.csv', content);
  folder.write('out.csv.json', JSON.stringify(exportMeta('A', 0, [{ info: testInfo('A', 's'), rows }])));
  return readAll(path);
}

async function readAll(path: string) {
  const file = await openExported(path);
  const all = [];
  try {
    for await (const some of file.rows()) all.push(...some);
  } finally {
    file.close();
  }
  return all;
}
