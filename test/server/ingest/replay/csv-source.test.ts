import { describe, expect, it } from 'vitest';
import { openSource } from '../../../../server/ingest/replay/open-source.ts';
import type { SourceOptions, TimeUnit } from '../../../../server/ingest/replay/sample-source.ts';
import { Folder } from '../../../support/folder.ts';
import { readSource } from '../../../support/sources.ts';

const folder = new Folder();

describe('a CSV file', () => {
  it('is one column of samples, with a heading or without', async () => {
    const plain = await open('1\n-2.5\n3e2\n', { rateHz: 10 });
    const headed = await open('light\n1\n-2.5\n3e2\n', { rateHz: 10 });

    expect(await readSource(plain)).toEqual([{ firstSample: 0, timeNs: undefined, samples: [1, -2.5, 300] }]);
    expect(await readSource(headed)).toEqual([{ firstSample: 0, timeNs: undefined, samples: [1, -2.5, 300] }]);
  });

  it.each([
    ['by name', { column: 'b' }],
    ['by number', { column: '2' }],
  ])('gives the column that is asked for %s', async (_name, options) => {
    const source = await open('a,b,c\n1,2,3\n4,5,6\n', { rateHz: 10, ...options });

    expect((await readSource(source))[0]?.samples).toEqual([2, 5]);
  });

  it('reads what people and programs write: quotes, spaces, CRLF, a byte order mark, tabs', async () => {
    const quoted = await open('\uFEFF"time, s",light\r\n 0 , "1.5" \r\n\r\n0.1,2\r\n', { column: 'light', rateHz: 10 });
    const tabbed = await open('a\tb\n1\t2\n', { column: 'b', rateHz: 10 }, 'x.tsv');
    const split = await open('a;b\n1;2\n', { column: 'b', rateHz: 10, delimiter: ';' });

    expect((await readSource(quoted))[0]?.samples).toEqual([1.5, 2]);
    expect((await readSource(tabbed))[0]?.samples).toEqual([2]);
    expect((await readSource(split))[0]?.samples).toEqual([2]);
  });

  it('takes an empty field for a missing sample, and infinities for themselves', async () => {
    const source = await open('a,b\n1,\n1,NaN\n1,n/a\n1,-inf\n1,Infinity\n1,7\n', { column: 'b', rateHz: 10 });

    expect((await readSource(source))[0]?.samples).toEqual([NaN, NaN, NaN, -Infinity, Infinity, 7]);
  });

  // biome-ignore format: a table
  it.each<[string, readonly string[], TimeUnit, number, bigint | undefined]>([
    ['seconds', ['-0.05', '0', '0.05', '1e-1'], 's', 20, undefined],
    ['milliseconds', ['1050.001', '1050.051', '1050.101', '1050.151'], 'ms', 20_000, undefined],
    ['dates', ['00Z', '00.0000001Z', '00.0000002Z', '00.0000003Z'].map((end) => `2026-01-31T12:00:${end}`), 's', 10e6, 1_769_860_800_000_000_000n],
    ['seconds since 1970', ['1769860800.0000001', '1769860800.0000002', '1769860800.0000003', '1769860800.0000004'], 's', 10e6, 1_769_860_800_000_000_100n],
    ['nanoseconds since 1970', ['1769860800000000007', '1769860800000000107', '1769860800000000207', '1769860800000000307'], 'ns', 10e6, 1_769_860_800_000_000_007n],
  ])('tells its rate and time by a column of %s', async (_name, times, timeUnit, rateHz, epochNs) => {
    const rows = times.map((time, i) => `${time},${i}`).join('\n');
    const source = await open(`t,light\n${rows}\n`, { column: 'light', timeColumn: 't', timeUnit });

    expect([source.rateHz, source.epochNs]).toEqual([rateHz, epochNs]);
    expect(await readSource(source)).toEqual([{ firstSample: 0, timeNs: undefined, samples: [0, 1, 2, 3] }]);
  });

  it('keeps a step of several samples as a gap', async () => {
    const source = await open('t,x\n0,1\n1,2\n2,3\n7,4\n8,5\n', { column: 'x', timeColumn: 't' });

    expect(await readSource(source)).toEqual([
      { firstSample: 0, timeNs: undefined, samples: [1, 2, 3] },
      { firstSample: 7, timeNs: undefined, samples: [4, 5] },
    ]);
  });

  it('never loses its place over many rows whose times are rounded', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${(i / 3000).toFixed(4)},${i}`);
    const source = await open(`t,x\n${rows.join('\n')}\n`, { column: 'x', timeColumn: 't', rateHz: 3000 });

    const read = await readSource(source);

    expect([read.length, read[0]?.samples.length, read[0]?.samples.at(-1)]).toEqual([1, 30_000, 29_999]);
    expect(source.progress).toBe(1);
  });

  // biome-ignore format: a table
  it.each<[string, string, SourceOptions, string]>([
    ['a word among samples', 'x\n1\n2\nthree\n', {}, 'light.csv, line 4: found "three", expected a number'],
    ['a hexadecimal sample', 'x\n1\n0x10\n', {}, 'light.csv, line 3: found "0x10", expected a number'],
    ['a row that is cut off', 'a,b\n1,2\n3\n', { column: 'b' }, 'light.csv, line 3: found nothing, expected a number'],
    ['a time that is none', 't,x\n0,1\nnoon,2\n', { column: 'x', timeColumn: 't' }, 'light.csv, line 3: found "noon", expected a time'],
    ['a time that goes back', 't,x\n0,1\n1,2\n0.5,3\n', { column: 'x', timeColumn: 't' }, 'light.csv, line 4: time steps by -0.5 s, expected 1 s'],
    ['a time in another age', 't,x\n0,1\n1,2\n1e300,3\n', { column: 'x', timeColumn: 't' }, 'light.csv, line 4: time steps by 1e+300 s, expected 1 s'],
    ['times that stand', 't,x\n5,1\n5,2\n5,3\n', { column: 'x', timeColumn: 't', rateHz: undefined }, 'times step by 0 s, expected more than 0'],
    ['several columns', 'a,b\n1,2\n', {}, 'light.csv has 2 columns: expected --column with a name or number'],
    ['a column that is not there', 'a,b\n1,2\n', { column: 'c' }, 'light.csv has no column c, expected 1 to 2 or one of a, b'],
    ['one column for both', 'a,b\n1,2\n', { column: 'a', timeColumn: 'a' }, 'column 1 is both sample and time'],
    ['a heading alone', 'x\n', {}, 'light.csv has no rows with samples'],
    ['nothing', '', {}, 'light.csv has no rows with samples'],
    ['no rate', 'x\n1\n', { rateHz: undefined }, 'light.csv tells no sample rate: expected --rate or --time-column'],
    ['an open quote', 'x\n1\n"2\n', {}, 'light.csv: Quote Not Closed'],
    ['a row without an end', `x\n1\n"${'9'.repeat(1 << 21)}"\n`, {}, 'light.csv: Max Record Size'],
  ])('with %s is refused in one sentence', async (_name, text, options, message) => {
    const refusal = await open(text, { rateHz: 1, ...options }).then(readSource).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ code: 'FILE_INVALID', message: expect.stringContaining(message) });
    expect((refusal as Error).message.split('\n').length).toBe(1);
  });
});

describe('a file that cannot be read', () => {
  it.each(['gone.csv', 'gone.wav', 'gone.bin', 'gone.sigmf-meta'])(
    'such as %s is refused with the reason',
    async (name) => {
      const refused = openSource(folder.path(name), { rateHz: 1, datatype: 'ru8' });

      await expect(refused).rejects.toMatchObject({
        code: 'FILE_INVALID',
        message: expect.stringMatching(/^gone.*ENOENT/),
      });
    },
  );

  it('because it is a folder is refused too', async () => {
    await expect(openSource(folder.path(), { rateHz: 1, datatype: 'ru8' })).rejects.toThrow('is not a file');
  });
});

function open(text: string, options: SourceOptions, name = 'light.csv') {
  return openSource(folder.write(name, text), options);
}
