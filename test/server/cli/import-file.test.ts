import { readFileSync } from 'node:fs';
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
  const file = await openExported(path);
  const all = [];
  for await (const some of file.rows()) all.push(...some);
  return all;
}
