import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRuns } from '../../models/training/datasets/read-runs.ts';
import { RunsMeta } from '../../models/training/datasets/runs-meta.ts';
import { type TrendWindow, WindowFlag } from '../../server/trend/trend-window.ts';
import { runCommand } from '../support/command.ts';
import { startControlled } from '../support/controlled-history.ts';
import { Folder } from '../support/folder.ts';
import { channelInfo, historyWindow } from '../support/history-windows.ts';
import type { RunningHistory } from '../support/running-history.ts';

const FIRST = channelInfo('PMT-1', 'run-1');
const SECOND = channelInfo('PMT-1', 'a "second", later');
const OTHER = channelInfo('PMT-2');
const SLOW = channelInfo('PMT-3', 'run-1', { window: 20 });
const AMPERES = channelInfo('I-1', 'run-1', { unit: 'A' });
const LENGTH = 972;
const WINDOWS = 1400;
const folder = new Folder();
let running: RunningHistory;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ running, close } = await startControlled(folder.path('data')));
});
afterEach(() => close());

describe('fenestra export runs', () => {
  it('writes the complete runs of channels, with where they are and a class to fill in, while the server runs', async () => {
    await store([FIRST, (index) => [index / 7]], [OTHER, (index) => [index - 0.5, index + 0.25]]);

    const { status, stderr } = await exportRuns('--channel', 'PMT-1', 'PMT-2', '--rows', '3');

    const [heading, ...lines] = readFileSync(folder.path('runs.csv'), 'utf8').trimEnd().split('\n');
    expect(heading!.split(',').slice(0, 4)).toEqual(['channel', 'stream', 'time', 'min_0']);
    expect(heading!.split(',').slice(-3)).toEqual(['mean_971', 'target', 'group']);
    expect(lines.map((line) => line.split(',').slice(0, 3))).toEqual(
      ['PMT-1', 'PMT-2'].flatMap((channel) =>
        [0, 100, 200, 300, 400].map((first) => [channel, 'run-1', expect.stringMatching(timeOf(first))]),
      ),
    );
    expect(lines[0]).toMatch(/,,PMT-1\/run-1\/2023-11-14T22:10Z$/);
    expect([status, stderr]).toEqual([
      0,
      ['PMT-1', 'PMT-2']
        .map(
          (channel) =>
            `fenestra: ${channel}: 5 runs; 9 incomplete are left out: 9 whose stream ended inside\n` +
            `fenestra: ${channel}: 1 group\n`,
        )
        .join(''),
    ]);
    expect(RunsMeta.parse(JSON.parse(readFileSync(folder.path('runs.csv.json'), 'utf8')))).toMatchObject({
      runs: 10,
      input: { rows: ['min', 'max', 'mean'], unit: 'V', alignment: { kind: 'sliding', hop: 100 } },
      source: { kind: 'history', channels: ['PMT-1', 'PMT-2'] },
    });
    expect(readdirSync(folder.path()).sort()).toEqual(['data', 'runs.csv', 'runs.csv.json']);
  });

  it('is read by training once it is labelled, streams as groups where that is asked for', async () => {
    await store([FIRST, (index) => [index / 7]], [SECOND, (index) => [-index]]);
    await exportRuns('--channel', 'PMT-1', '--group-minutes', '0');
    const text = readFileSync(folder.path('runs.csv'), 'utf8');

    const labelled = text.replaceAll(',,PMT-1/run-1', ',0,PMT-1/run-1').replaceAll(',,"PMT-1/a', ',6,"PMT-1/a');
    const [heading, , ...without] = labelled.split('\n'); // a run that nobody labels is removed
    const path = folder.write('runs.csv', [heading, ...without].join('\n'));
    const { data: dataset, described } = await readRuns(path, {});

    expect(described).toMatchObject({ unit: 'V', alignment: { kind: 'sliding', hop: 100 }, isGenerated: false });
    expect(dataset).toMatchObject({ runs: 9, rows: 1, length: LENGTH, classes: ['0', '6'] });
    expect([...dataset.labels]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect([...dataset.groups!]).toEqual([...dataset.labels]);
    expect(dataset.values.slice(0, LENGTH)).toEqual(
      Float32Array.from({ length: LENGTH }, (_, point) => (100 + point) / 7),
    );
  });

  it('leaves out runs with missing and flagged windows, and says how many', async () => {
    const windows = Array.from({ length: WINDOWS }, (_, index) =>
      historyWindow(FIRST, index, [index], { flags: index === 150 ? WindowFlag.OverRange : 0 }),
    ).filter(({ index }) => index !== 1390);
    await storeWindows(FIRST, windows);

    const { stderr } = await exportRuns('--channel', 'PMT-1');

    expect(readFileSync(folder.path('runs.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(1 + 3);
    expect(stderr).toBe(
      'fenestra: PMT-1: 3 runs; 11 incomplete are left out: 9 with missing windows, 2 with flagged windows, ' +
        '9 whose stream ended inside (flags: over-range)\nfenestra: PMT-1: 1 group\n',
    );
  });

  it('cuts at ignitions of the threshold that is asked for, and only a range', async () => {
    await store([FIRST, (index) => [index % 1150 < 120 ? 1 : 5]]);

    await exportRuns(
      '--channel',
      'PMT-1',
      '--alignment',
      'ignition',
      '--threshold',
      '3',
      '--hysteresis',
      '1',
      '--rearm',
      '100',
    );
    const [, line] = readFileSync(folder.path('runs.csv'), 'utf8').trimEnd().split('\n');
    await exportRuns('--channel', 'PMT-1', '--to', '2023-11-14T22:13:21Z');

    expect(line!.split(',').slice(2, 6)).toEqual([expect.stringMatching(timeOf(119)), '1.00000', '5.00000', '5.00000']);
    expect(readFileSync(folder.path('runs.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(1);
  });

  it('says which streams have points of another rate', async () => {
    await store([SLOW, (index) => [index]]);

    const { stderr } = await exportRuns('--channel', 'PMT-3');

    expect(stderr).toBe(
      'fenestra: PMT-3: 0 runs\n' +
        'fenestra: PMT-3 has 100 points a second in some streams, expected 200; they are not cut\n',
    );
  });

  it.each([
    ['a channel that is not there', ['--channel', 'PMT-9'], /there is no channel PMT-9/],
    ['channels of two units', ['--channel', 'PMT-1', 'I-1'], /the channels are in V and A, expected one unit/],
    [
      'a threshold where none is looked at',
      ['--channel', 'PMT-1', '--threshold', '1'],
      /--alignment sliding: .*threshold/s,
    ],
    ['half a minute', ['--channel', 'PMT-1', '--group-minutes', '0.5'], /It must be a whole number from 0 to 10080/],
    ['another ending', ['--channel', 'PMT-1', '-o', 'x.parquet'], /expected a name ending in \.csv/],
  ])('refuses %s, and leaves nothing', async (_name, args, message) => {
    await store([FIRST, (index) => [index]], [AMPERES, (index) => [index]]);

    const { status, stderr } = await exportRuns(...args);

    expect([status, readdirSync(folder.path())]).toEqual([1, ['data']]);
    expect(stderr).toMatch(message);
  });
});

function exportRuns(...args: string[]) {
  return runCommand(['export', 'runs', '--storage', 'data', '-o', 'runs.csv', ...args], folder.path());
}

type Stored = readonly [info: typeof FIRST, samples: (index: number) => readonly number[]];

async function store(...channels: readonly Stored[]): Promise<void> {
  for (const [info, samples] of channels) {
    await storeWindows(
      info,
      Array.from({ length: WINDOWS }, (_, index) => historyWindow(info, index, samples(index))),
    );
  }
}

let stored = 0;
beforeEach(() => {
  stored = 0;
});

async function storeWindows(info: typeof FIRST, windows: readonly TrendWindow[]): Promise<void> {
  running.open(info);
  running.send(windows);
  stored += windows.length;
  await running.stored(stored);
}

function timeOf(index: number): RegExp {
  const ms = (index * 5) % 1000;
  return new RegExp(`\\.${String(ms).padStart(3, '0')}`);
}
