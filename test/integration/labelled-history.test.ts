import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ModelReport } from '../../server/inference/model-report.ts';
import { Random } from '../../server/ingest/simulator/random.ts';
import { parseTime } from '../../server/sigmf/time.ts';
import { runCommand } from '../support/command.ts';
import { Folder } from '../support/folder.ts';
import { channelInfo, historyWindow } from '../support/history-windows.ts';
import { RunningHistory } from '../support/running-history.ts';

const CHANNELS = ['PMT-1', 'PMT-2'].map((name) => channelInfo(name));
const MINUTES = 4;
const WINDOWS_A_MINUTE = 12_000;
/** Of one state of the light, which are level, flickering and drifting in turn. */
const STATE_WINDOWS = 3000;
const LABELS = ['0', '2', '3'];
const RUN_WINDOWS = 972;
const WINDOW_NS = 5_000_000n;
const START_NS = historyWindow(CHANNELS[0]!, 0).timeNs;

const folder = new Folder();

describe('history of channels that are always on', () => {
  it('is trained on in blocks of time that share no point, and training says so where each channel is one group', async () => {
    await storeHistory();

    await exportRuns('--group-minutes', '0');
    label();
    const refused = await train();
    const { stderr, status } = await exportRuns('--group-minutes', '1');
    const lines = label();
    const trained = await train();

    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(
      'the class 0 is in 2 groups, expected 6 at least: 1 to test with and 5 to train with, one for each part of a split; ' +
        'label runs of it in more groups, or export them in smaller ones (fenestra export runs --group-minutes)\n',
    );
    expect(status).toBe(0);
    expect(stderr).toContain(
      'fenestra: PMT-2: 5 groups; 12 runs that share points with the group before are left out\n',
    );
    for (const [i, one] of lines.entries()) {
      for (const other of lines.slice(i + 1)) {
        if (other.channel === one.channel && other.group !== one.group) {
          expect(Math.abs(other.first - one.first)).toBeGreaterThanOrEqual(RUN_WINDOWS);
        }
      }
    }
    expect([trained.status, trained.stderr]).toEqual([0, expect.not.stringContaining('expected')]);
    const { data, test } = ModelReport.parse(JSON.parse(readFileSync(folder.path('own/report.json'), 'utf8')));
    expect(data.train.runs + data.test.runs).toBe(lines.length);
    expect(data.groups).toBeGreaterThan(6);
    expect(test.macroF1).toBeGreaterThan(0.9);
  });
});

async function storeHistory(): Promise<void> {
  const running = await RunningHistory.start(folder.path('data/history'));
  for (const info of CHANNELS) {
    const random = new Random(info.channel);
    running.open(info);
    const windows = Array.from({ length: MINUTES * WINDOWS_A_MINUTE }, (_, index) =>
      historyWindow(info, index, [1 + shapeAt(index) + 0.02 * random.normal()]),
    );
    running.send(windows);
  }
  await running.stored(CHANNELS.length * MINUTES * WINDOWS_A_MINUTE);
  await running.close();
}

function exportRuns(...args: string[]) {
  const channels = CHANNELS.map(({ channel }) => channel);
  const what = ['--storage', 'data', '-o', 'runs.csv', '--hop', '250', '--channel', ...channels];
  return runCommand(['export', 'runs', ...what, ...args], folder.path());
}

function train(...args: string[]) {
  const small = ['--learner', 'rocket', '--features', '84'];
  return runCommand(['train', 'plasma', 'runs.csv', '-o', 'own', ...small, ...args], folder.path());
}

/** Fills in the classes as a person would who knows the light, and removes the runs in which it changed. */
function label() {
  const [heading, ...lines] = readFileSync(folder.path('runs.csv'), 'utf8').trimEnd().split('\n');
  const labelled = lines.flatMap((line) => {
    const fields = line.split(',');
    const first = Number((parseTime(fields[2]!)! - START_NS) / WINDOW_NS);
    if (stateAt(first) !== stateAt(first + RUN_WINDOWS - 1)) return [];
    fields[fields.length - 2] = LABELS[stateAt(first) % LABELS.length]!;
    return { channel: fields[0]!, first, group: fields.at(-1)!, text: fields.join() };
  });
  folder.write('runs.csv', [heading, ...labelled.map(({ text }) => text)].join('\n'));
  return labelled;
}

function stateAt(index: number): number {
  return Math.floor(index / STATE_WINDOWS);
}

function shapeAt(index: number): number {
  switch (stateAt(index) % LABELS.length) {
    case 0:
      return 0;
    case 1:
      return 0.1 * Math.sin(index / 5);
    default:
      return (0.5 * (index % STATE_WINDOWS)) / STATE_WINDOWS;
  }
}
