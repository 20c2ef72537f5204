import { describe, expect, it } from 'vitest';
import { readRuns, readTestRuns } from '../../../../models/training/datasets/read-runs.ts';
import type { RunsMeta } from '../../../../models/training/datasets/runs-meta.ts';
import { Folder } from '../../../support/folder.ts';

const folder = new Folder();
const table = '0,1,2,target\n1,2,3,4\n1,2,3,0\n';
const meta: RunsMeta = {
  format: 1,
  input: {
    name: 'trend',
    layout: 'rows',
    rows: ['mean'],
    length: 3,
    pointsPerSecond: 50,
    unit: 'V',
    alignment: { kind: 'ignition', threshold: 0.02, hysteresis: 0.01, before: 0, rearmPoints: 100 },
  },
  classes: [
    { label: '0', name: { en: 'good', ko: '좋음' }, severity: 'normal', symbol: 'circle' },
    { label: '4', name: { en: 'bad', ko: '나쁨' }, severity: 'high', symbol: 'cross' },
    { label: '5', name: { en: 'ugly', ko: '못생김' }, severity: 'low', symbol: 'bolt' },
  ],
  runs: 2,
  source: { kind: 'plasma', seed: '1', rateHz: 10_000_000, version: '0.1.0' },
};

describe('readRuns', () => {
  it('takes what lies beside the table, and the classes that there are runs of', async () => {
    const { data, described } = await readRuns(write(table, meta), {});

    expect(data).toMatchObject({ classes: ['0', '4'], labels: Int32Array.of(1, 0) });
    expect(described).toEqual({
      classes: meta.classes!.slice(0, 2),
      pointsPerSecond: 50,
      unit: 'V',
      alignment: meta.input.alignment,
      isGenerated: true,
    });
  });

  it('takes what a person says, or the source table, where nothing lies beside it', async () => {
    const { described } = await readRuns(write(table), { length: 3, unit: 'A' });

    expect(described).toMatchObject({ pointsPerSecond: 200, unit: 'A', isGenerated: false });
    expect(described.alignment).toEqual({ kind: 'sliding', hop: 100 });
    expect(described.classes.map(({ label }) => label)).toEqual(['0', '4']);
    expect(described.classes[0]!.severity).toBe('normal');
  });

  it('takes labels as they are where that is said', async () => {
    const { described } = await readRuns(write('0,1,2,target\n1,2,3,arc\n'), { length: 3, classes: 'labels' });

    expect(described.classes).toMatchObject([{ label: 'arc', name: { en: 'arc', ko: 'arc' } }]);
  });

  it.each<[string, object, string]>([
    ['length', { length: 4 }, 'length 4 contradicts runs.csv.json, which says 3'],
    ['unit', { unit: 'A' }, 'unit "A" contradicts runs.csv.json, which says "V"'],
    ['rate', { pointsPerSecond: 200 }, 'pointsPerSecond 200 contradicts runs.csv.json, which says 50'],
    [
      'alignment',
      { alignment: { kind: 'sliding', hop: 100 } },
      'alignment {"kind":"sliding","hop":100} contradicts runs.csv.json',
    ],
    ['classes', { classes: 'labels' }, 'runs.csv.json says what the classes are; leave --classes out'],
  ])('refuses another %s than lies beside the table', async (_name, said, message) => {
    await expect(readRuns(write(table, meta), said)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it.each<[string, string, unknown, string]>([
    [
      'runs of faults alone',
      '0,1,2,target\n1,2,3,4\n1,2,3,5\n',
      meta,
      'the first class of runs.csv, 4 bad, is of severity high, expected runs of one that is normal first',
    ],
    [
      'fewer runs',
      table,
      { ...meta, runs: 3 },
      'runs.csv has 2 runs of 1 rows, expected 3 of 1, as runs.csv.json says',
    ],
    [
      'a class that is not among them',
      '0,1,2,target\n1,2,3,1\n1,2,3,0\n',
      meta,
      'the class "1" is not known, expected one of 0, 4, 5',
    ],
    ['something else beside it', table, { format: 2 }, 'runs.csv.json does not describe runs'],
  ])('refuses a table with %s', async (_name, text, beside, message) => {
    await expect(readRuns(write(text, beside), {})).rejects.toThrow(message);
  });

  it('takes less than was exported, since people remove runs that they do not label', async () => {
    const source = { kind: 'history', channels: ['PMT-1'], version: '0.1.0' } as const;

    const { data } = await readRuns(write(table, { ...meta, runs: 3, source }), {});

    expect(data.runs).toBe(2);
    await expect(readRuns(write(table, { ...meta, runs: 1, source }), {})).rejects.toThrow('has 2 runs');
  });
});

describe('readTestRuns', () => {
  it('reads labels as those of the runs that are trained on, and groups beside them', async () => {
    const train = await readRuns(write(table, meta), {});
    const path = folder.write('test.csv', '0,1,2,target,device\n5,6,7,0,a\n5,6,7,4,b\n');

    const test = await readTestRuns(path, train, 'device');

    expect(test).toMatchObject({ classes: ['0', '4'], labels: Int32Array.of(0, 1), groups: Int32Array.of(0, 1) });
  });

  it('refuses the runs that are trained on, and runs of another kind', async () => {
    const train = await readRuns(write(table, meta), {});
    folder.write('test.csv.json', JSON.stringify({ ...meta, input: { ...meta.input, unit: 'A' } }));
    const path = folder.write('test.csv', '0,1,2,target\n5,6,7,0\n5,6,7,4\n');

    await expect(readTestRuns(path, train)).rejects.toThrow('unit "V" contradicts test.csv.json, which says "A"');
    await expect(readTestRuns(folder.path('runs.csv'), train)).rejects.toThrow('holds the same runs as runs.csv');
  });
});

function write(text: string, beside?: unknown): string {
  if (beside !== undefined) folder.write('runs.csv.json', JSON.stringify(beside));
  return folder.write('runs.csv', text);
}
