import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { InferenceThread } from '../../../server/inference-thread.ts';
import { Diagnoser, type Runner, type RunnerEnd, WAITING_RUNS } from '../../../server/model/diagnoser.ts';
import type { Diagnosis } from '../../../server/trend/diagnosis.ts';
import { EMPTY_SUMMARY } from '../../../server/trend/summary.ts';
import { type TrendWindow, WindowFlag } from '../../../server/trend/trend-window.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { silentLog } from '../../support/silent-log.ts';
import { LENGTH, levelGraph, MODEL_WORKER, slow, testInput, testModel, writeModel } from '../../support/test-models.ts';
import { trendWindow } from '../../support/trend-windows.ts';

const MODEL = testModel(levelGraph());
const CHANNELS = Array.from({ length: 20 }, (_, i) => `view-${i}`);

const folder = new Folder();
const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

const NO_LACK = { missing: 0, flagged: 0, empty: 0, isEnded: false };

describe('Diagnoser', () => {
  it('has the runs of all channels looked at in batches of sixteen', async () => {
    const { diagnoser, found, batches } = withRunner();

    for (const channel of CHANNELS) feed(diagnoser, channel, 0, LENGTH);

    await expect.poll(() => found.length).toBe(20);
    expect(batches.map(({ runs }) => runs)).toEqual([16, 4]);
    expect(found.map(({ channel }) => channel)).toEqual(CHANNELS);
    expect(diagnoser.figures()).toMatchObject({ batches: 2, waiting: 0, outcomes: { class: 20, dropped: 0 } });
  });

  it('says what a run was, when and by which model', async () => {
    const { diagnoser, found, clock } = withRunner();
    clock.advance(7);

    feed(diagnoser, 'view-1', 0, LENGTH, 0.25);

    await expect
      .poll(() => found)
      .toEqual([
        {
          channel: 'view-1',
          stream: 'run-1',
          first: 0,
          points: LENGTH,
          timeNs: trendWindow({ index: 0 }).timeNs,
          endNs: trendWindow({ index: LENGTH }).timeNs,
          model: 'level',
          version: '1',
          outcome: { kind: 'class', classIndex: 1, label: '1', probabilities: [0.25, 0.75], unknownScore: 0.25 },
          latencyMs: 7,
        },
      ]);
    expect(diagnoser.newest('view-1')).toEqual({ outcome: found[0]!.outcome, ageMs: 0 });
  });

  it('says that it does not know a run whose score is beyond the threshold', async () => {
    const { diagnoser, found } = withRunner();

    feed(diagnoser, 'view-1', 0, LENGTH, 101);

    await expect.poll(() => found.map(({ outcome }) => outcome.kind)).toEqual(['unknown']);
  });

  it('never guesses a run with a missing or flagged point, and keeps the order of the channel', async () => {
    const { diagnoser, found } = withRunner();

    feed(diagnoser, 'view-1', 0, 2 * LENGTH);
    diagnoser.take(at('view-1', 2 * LENGTH, { flags: WindowFlag.SampleLoss }));
    feed(diagnoser, 'view-1', 2 * LENGTH + 1, 3 * LENGTH + 4);
    feed(diagnoser, 'view-1', 3 * LENGTH + 6, 5 * LENGTH);

    await expect
      .poll(() => found.map(({ first, outcome }) => [first, outcome]))
      .toEqual([
        [0, expect.objectContaining({ kind: 'class' })],
        [LENGTH, expect.objectContaining({ kind: 'class' })],
        [2 * LENGTH, { kind: 'incomplete', reason: '1 points are flagged', lack: { ...NO_LACK, flagged: 1 } }],
        [3 * LENGTH, { kind: 'incomplete', reason: '2 points are missing', lack: { ...NO_LACK, missing: 2 } }],
        [4 * LENGTH, expect.objectContaining({ kind: 'class' })],
      ]);
  });

  it('drops the oldest runs where nobody looks at them in time, and says so in their order', async () => {
    const gate = newGate();
    const { diagnoser, found } = withRunner(() => gate.opened);

    const runs = WAITING_RUNS + 30;
    feed(diagnoser, 'view-1', 0, runs * LENGTH);
    expect(diagnoser.figures().waiting).toBe(WAITING_RUNS);
    gate.open();

    await expect.poll(() => found.length).toBe(runs);
    expect(found.map(({ first }) => first)).toEqual(Array.from({ length: runs }, (_, i) => i * LENGTH));
    // The batch under way took the first sixteen.
    const dropped = found.flatMap(({ outcome }, i) => (outcome.kind === 'dropped' ? [i] : []));
    expect(dropped).toEqual(Array.from({ length: 14 }, (_, i) => 16 + i));
    expect(diagnoser.figures().outcomes).toMatchObject({ class: runs - 14, dropped: 14 });
  });

  it('drops what has waited for longer than it may while others were looked at, and nothing of a burst', async () => {
    const gate = newGate();
    const { diagnoser, found, clock } = withRunner(() => gate.opened, 2000);

    for (const channel of CHANNELS) feed(diagnoser, channel, 0, LENGTH);
    clock.advance(1000);
    feed(diagnoser, 'view-1', LENGTH, 2 * LENGTH);
    clock.advance(1500);
    gate.open();

    await expect.poll(() => found.length).toBe(21);
    const kinds = found.map(({ outcome }) => outcome.kind);
    // The batch under way took the first sixteen of the twenty.
    expect(kinds).toEqual([...Array(16).fill('class'), ...Array(4).fill('dropped'), 'class']);
  });

  it('drops no run that waited for nobody', async () => {
    const { diagnoser, found, clock } = withRunner(undefined, 2000);
    feed(diagnoser, 'view-1', 0, LENGTH);
    clock.advance(60_000); // a hidden page has its timers late

    await expect.poll(() => found.map(({ outcome }) => outcome.kind)).toEqual(['class']);
  });

  it('says why no model could look at a run', async () => {
    const { diagnoser, found } = withRunner(async () => 'it is not well');

    feed(diagnoser, 'view-1', 0, LENGTH);

    await expect
      .poll(() => found.map(({ outcome }) => outcome))
      .toEqual([{ kind: 'unavailable', reason: 'it is not well' }]);
  });

  it('looks at no channel that its model is not made for, and says why', async () => {
    const { diagnoser, found } = withRunner();
    diagnoser.setUnit('view-1', 'mV');
    diagnoser.setUnit('view-2', 'V');

    feed(diagnoser, 'view-1', 0, LENGTH);
    for (let index = 0; index < LENGTH; index++) diagnoser.take(at('view-3', index, { size: 100_000 }));
    feed(diagnoser, 'other', 0, LENGTH);
    feed(diagnoser, 'view-2', 0, LENGTH);

    await expect.poll(() => found.map(({ channel }) => channel)).toEqual(['view-2']);
    expect(diagnoser.mismatch('view-1')).toBe('its unit is mV; the model is for V');
    expect(diagnoser.mismatch('view-2')).toBeUndefined();
    expect(diagnoser.mismatch('view-3')).toBe('it has 100 points a second; the model is for 200');
  });

  it('answers every run once and in order while its model is replaced and taken back', async () => {
    const graph = levelGraph(slow(1500)); // so that a batch is nearly always under way
    writeModel(folder.path('level'), graph);
    const thread: InferenceThread = new InferenceThread({
      worker: MODEL_WORKER,
      folders: new Map([['level', folder.path('level')]]),
      log: silentLog(),
      onModel: (entry) => diagnoser.setModel(entry),
    });
    undo.push(() => thread.close());
    const { diagnoser, found } = open(() => 'level', thread);
    await thread.start();
    writeModel(folder.path('next'), graph, { version: '2' });

    let runs = 0;
    let isOver = false;
    const feeding = (async () => {
      while (!isOver) {
        await sleep(5);
        if (diagnoser.figures().waiting > CHANNELS.length) continue; // a slow machine is not what is tested
        for (const channel of CHANNELS) feed(diagnoser, channel, runs * LENGTH, (runs + 1) * LENGTH);
        runs++;
      }
    })();
    // However long that takes on a busy machine: each channel is to be answered by both before the next change.
    const newestBy = (channel: string) => found.findLast((diagnosis) => diagnosis.channel === channel)?.version;
    const allBy = (version: string) => until(() => CHANNELS.every((channel) => newestBy(channel) === version));
    await allBy('1');
    await thread.swap('level', folder.path('next'));
    await allBy('2');
    await thread.rollBack('level');
    await allBy('1');
    isOver = true;
    await feeding;

    await until(() => found.length >= runs * CHANNELS.length);
    expect(found).toHaveLength(runs * CHANNELS.length);
    expect(found.filter(({ outcome }) => outcome.kind !== 'class')).toEqual([]);
    for (const channel of CHANNELS) {
      const own = found.filter((diagnosis) => diagnosis.channel === channel);
      expect(own.map(({ first }) => first)).toEqual(Array.from({ length: runs }, (_, i) => i * LENGTH));
      const changes = own.filter(({ version }, i) => version !== own[i - 1]?.version).map(({ version }) => version);
      expect(changes).toEqual(['1', '2', '1']);
    }
  }, 120_000);

  it('cuts anew where the next version looks at runs of another length', async () => {
    const { diagnoser, found } = withRunner();
    feed(diagnoser, 'view-1', 0, LENGTH + 5);
    const input = testInput({ length: 10, alignment: { kind: 'sliding', hop: 10 } });

    diagnoser.setModel({
      name: 'level',
      state: 'ready',
      model: testModel(levelGraph(), { version: '2', input }),
    });
    feed(diagnoser, 'view-1', LENGTH + 5, 2 * LENGTH + 10);

    await expect
      .poll(() => found.map(({ first, points, version }) => [first, points, version]))
      .toEqual([
        [0, LENGTH, '1'],
        [30, 10, '2'],
        [40, 10, '2'],
      ]);
  });
});

/** A runner that says of each run that its probability of class 0 is its first value; `wait` says why it fails, if it does. */
function withRunner(wait: () => Promise<string | undefined> = async () => undefined, waitingMs?: number) {
  const batches: { readonly runs: number }[] = [];
  const runner: Runner = {
    async run(manifest, values, runs): Promise<RunnerEnd> {
      batches.push({ runs });
      const reason = await wait();
      if (reason !== undefined) return { kind: 'failed', manifest, reason };
      const first = Float32Array.from({ length: runs }, (_, i) => values[i * manifest.input.length]!);
      const probabilities = Float32Array.from({ length: 2 * runs }, (_, i) =>
        i % 2 === 0 ? first[i >> 1]! : 1 - first[i >> 1]!,
      );
      return {
        kind: 'done',
        manifest,
        ms: 1,
        outputs: { probabilities, unknown: first, faults: Array(runs).fill(undefined) },
      };
    },
  };
  const opened = open((name) => (name === 'other' ? undefined : 'level'), runner, waitingMs);
  opened.diagnoser.setModel({ name: 'level', state: 'ready', model: MODEL });
  return { ...opened, batches };
}

function open(modelOf: (channel: string) => string | undefined, runner: Runner, waitingMs?: number) {
  const found: Diagnosis[] = [];
  const clock = new FakeClock();
  const publish = (diagnosis: Diagnosis) => found.push(diagnosis);
  const diagnoser = new Diagnoser({ clock, runner, modelOf, publish, ...(waitingMs !== undefined && { waitingMs }) });
  undo.push(() => diagnoser.close());
  return { diagnoser, found, clock };
}

function feed(diagnoser: Diagnoser, channel: string, from: number, to: number, mean = 0.5): void {
  for (let index = from; index < to; index++)
    diagnoser.take(at(channel, index, { summary: { ...EMPTY_SUMMARY, count: 1, mean } }));
}

function at(channel: string, index: number, more: Partial<TrendWindow> = {}): TrendWindow {
  return trendWindow({ channel, index, arrivedMs: new FakeClock().nowMs(), ...more });
}

function newGate(): { readonly opened: Promise<undefined>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<undefined>((resolve) => {
    open = () => resolve(undefined);
  });
  return { opened, open };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}
