import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelEntry } from '../../server/inference/model-state.ts';
import { ModelThread } from '../../server/inference/model-thread.ts';
import { threadTimeMs } from '../../server/inference/thread-time.ts';
import { InferenceThread } from '../../server/inference-thread.ts';
import { onBusyMachine } from '../support/busy-machine.ts';
import { Folder } from '../support/folder.ts';
import { silentLog } from '../support/silent-log.ts';
import {
  endless,
  HANGING_LEVEL,
  LENGTH,
  level,
  levelGraph,
  MODEL_WORKER,
  slow,
  testInput,
  testModel,
  writeModel,
} from '../support/test-models.ts';

const IS_LINUX = process.platform === 'linux';
const folder = new Folder();
const undo: (() => Promise<void>)[] = [];
const told: ((entry: ModelEntry) => void)[] = [];
afterEach(async () => {
  told.length = 0;
  for (const step of undo.splice(0)) await step();
});

// Each loads the runtime in several threads, which takes its time on a busy machine.
describe('InferenceThread', { timeout: 120_000 }, () => {
  it('answers the runs of a batch', async () => {
    const thread = await start({ level: levelGraph() });

    const end = await run(thread, [0, 1, 3]);

    expect(end).toMatchObject({ kind: 'done', manifest: { version: '1' } });
    expect(end.kind === 'done' && [...end.outputs.unknown!]).toEqual([0, 1, 3]);
    expect(end.kind === 'done' && end.outputs.probabilities[3]).toBeCloseTo(0.5, 6);
  });

  it('ends the thread of a run that never returns, and answers the next one by the spare', async () => {
    const thread = await start({ level: levelGraph(endless(HANGING_LEVEL)) });
    await expect.poll(() => thread.figures().hasSpare).toBe(true);

    const hanging = await run(thread, [2 * HANGING_LEVEL]);
    const next = await run(thread, [1]);

    expect(hanging).toMatchObject({
      kind: 'failed',
      reason: 'a batch of 1 did not return within 100 ms and was cut off',
      manifest: { version: '1' },
    });
    expect(next.kind).toBe('done');
    expect(thread.figures()).toMatchObject({ started: expect.any(Number), cut: 1 });
    await expect.poll(() => thread.figures()).toMatchObject({ isActive: true, hasSpare: true, started: 3 });
  });

  it.skipIf(!IS_LINUX)('leaves nothing behind of a graph that never returns', async () => {
    const threads = () => new Set(readdirSync('/proc/self/task').map(Number));
    const before = threads();
    const model = new ModelThread({
      worker: MODEL_WORKER,
      models: [testModel(levelGraph(endless()))],
      tried: ['level'],
    });

    // It works while all others wait.
    const working = () => [...threads()].filter((id) => !before.has(id) && (threadTimeMs(id) ?? 0) > 1000);
    await expect.poll(working, { interval: 20 }).toHaveLength(1);
    const [hanging] = working();
    const end = await model.ready;
    await model.ended;

    expect(end).toEqual({
      kind: 'cut',
      model: 'level',
      reason: 'a run of zeros did not return within 2000 ms and was cut off',
    });
    expect(threads().has(hanging!)).toBe(false);
  });

  it('uses a model no more that was cut off twice, but goes on with the others', async () => {
    const thread = await start({ level: levelGraph(endless(HANGING_LEVEL)), other: levelGraph() });

    await run(thread, [2 * HANGING_LEVEL]);
    await run(thread, [2 * HANGING_LEVEL]);
    const refused = await run(thread, [1]);
    const other = await run(thread, [1], 'other');

    const reason = 'a batch of 1 did not return within 100 ms and was cut off';
    expect(refused).toMatchObject({ kind: 'failed', reason });
    expect(other.kind).toBe('done');
    expect(entryOf(thread, 'level')).toMatchObject({ state: 'quarantined', cuts: 2, reason });
    expect(entryOf(thread, 'other')).toMatchObject({ state: 'ready', cuts: 0 });
  });

  it('uses it again once somebody loads it anew', async () => {
    const thread = await start({ level: levelGraph(endless(HANGING_LEVEL)) });
    await run(thread, [2 * HANGING_LEVEL]);
    await run(thread, [2 * HANGING_LEVEL]);

    await thread.swap('level', write('next', levelGraph(), { version: '2' }));
    const end = await run(thread, [1]);

    expect(end).toMatchObject({ kind: 'done', manifest: { version: '2' } });
    expect(entryOf(thread, 'level')).toMatchObject({ state: 'ready', cuts: 0 });
  });

  it.skipIf(!IS_LINUX)('cuts off nothing because its machine has too much to do', async () => {
    const thread = await start({ level: levelGraph(slow(await turnsOf(35))) });

    const ends = await onBusyMachine(async () => {
      const all: Awaited<ReturnType<typeof run>>[] = [];
      for (let i = 0; i < 3; i++) all.push(await run(thread, [1]));
      return all;
    });

    expect(ends.map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
    // On the clock of the wall they were over the box.
    expect(Math.max(...ends.map((end) => (end.kind === 'done' ? end.ms : 0)))).toBeGreaterThan(100);
    expect(entryOf(thread, 'level').cuts).toBe(0);
  });

  it('starts with the models that are fit, and says what is wrong with the others', async () => {
    const thread = await start({
      hanging: levelGraph(endless()),
      level: levelGraph(),
      cut: levelGraph().slice(0, 100),
    });

    const end = await run(thread, [1]);

    expect(end.kind).toBe('done');
    expect(entryOf(thread, 'hanging')).toMatchObject({
      state: 'unfit',
      reason: 'a run of zeros did not return within 2000 ms and was cut off',
    });
    expect(entryOf(thread, 'cut')).toMatchObject({ state: 'unfit', reason: expect.stringMatching(/^graph: /) });
  });

  it('refuses a model that calls itself otherwise than its folder', async () => {
    writeModel(folder.path('other'), levelGraph());

    const thread = await startWith(['other']);

    expect(entryOf(thread, 'other')).toMatchObject({
      state: 'unfit',
      reason: 'its manifest says it is level; expected other',
    });
  });

  it('keeps what it has where the next version is unfit', async () => {
    const thread = await start({ level: levelGraph() });

    await expect(thread.swap('level', write('next', levelGraph(endless()), { version: '2' }))).rejects.toMatchObject({
      code: 'MODEL_UNFIT',
      message: 'the model level is not used: level: a run of zeros did not return within 2000 ms and was cut off',
    });
    await expect(thread.swap('level', folder.path('nowhere'))).rejects.toMatchObject({ code: 'MODEL_UNFIT' });
    await expect(thread.rollBack('level')).rejects.toMatchObject({ code: 'MODEL_UNFIT' });

    expect(await run(thread, [1])).toMatchObject({ kind: 'done', manifest: { version: '1' } });
  });

  it('goes back to the version of before by one call, and forth again', async () => {
    const thread = await start({ level: levelGraph() });
    await thread.swap('level', write('next', levelGraph(level(undefined, 3)), { version: '2' }));

    const versions: string[] = [];
    for (let i = 0; i < 3; i++) {
      versions.push((await run(thread, [1])).manifest.version);
      await thread.rollBack('level');
    }

    expect(versions).toEqual(['2', '1', '2']);
  });

  it('does not hold a run of the version of before against the one in use', async () => {
    const thread = await start({ level: levelGraph(endless(HANGING_LEVEL)) });
    const swapped = thread.swap('level', write('next', levelGraph(), { version: '2' }));
    const hanging: ReturnType<typeof run>[] = [];
    told.push(({ model }) => {
      if (model?.manifest.version === '2') hanging.push(run(thread, [2 * HANGING_LEVEL])); // the old thread is still the one that answers
    });

    await swapped;
    const ends = await Promise.all(hanging);

    expect(ends).toMatchObject([{ kind: 'failed', manifest: { version: '1' } }]);
    expect(thread.figures().cut).toBe(1);
    expect(entryOf(thread, 'level')).toMatchObject({ state: 'ready', cuts: 0, model: { manifest: { version: '2' } } });
  });

  it('does not wait, where it is closed, for a version that is still tried', async () => {
    const thread = await start({ level: levelGraph() });
    await expect.poll(() => thread.figures().hasSpare).toBe(true);
    const swapped = thread.swap('level', write('next', levelGraph(endless()), { version: '2' })).catch(String);
    await expect.poll(() => thread.figures().started).toBe(3);

    await thread.close();

    // Its trial would have ended otherwise, 2 s later.
    expect(await swapped).toMatch('its thread was ended');
  });

  it('tells at once that models are stopped while no thread is there, and that they are used again', async () => {
    const thread = await start({
      level: levelGraph(endless(HANGING_LEVEL)),
      other: levelGraph(endless(HANGING_LEVEL)),
    });
    await expect.poll(() => thread.figures().hasSpare).toBe(true);
    // Nothing else is started while this one is tried, which takes it two seconds.
    const swapped = thread.swap('level', write('next', levelGraph(endless()), { version: '2' })).catch(String);
    await expect.poll(() => thread.figures().started).toBe(3);
    const states: string[] = [];
    told.push(({ name, state }) => states.push(`${name} ${state}`));

    await run(thread, [2 * HANGING_LEVEL]);
    expect(thread.entries.map(({ state }) => state)).toEqual(['ready', 'ready']);
    await run(thread, [2 * HANGING_LEVEL], 'other');
    const reason = 'its thread has ended, and another is being started';
    expect(thread.entries).toMatchObject([
      { state: 'stopped', reason },
      { state: 'stopped', reason },
    ]);
    const next = await run(thread, [1]);

    expect(next.kind).toBe('done');
    expect(thread.entries.map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect(states).toEqual([
      ...['level ready', 'other ready'], // they were cut off once
      ...['level stopped', 'other stopped', 'level ready', 'other ready'],
    ]);
    await swapped;
  });

  it('says of a run that was cut for another input that it was', async () => {
    const thread = await start({ level: levelGraph() });
    const { manifest } = testModel(levelGraph(), { version: '0', input: testInput({ length: 30 }) });

    const end = await thread.run(manifest, new Float32Array(30), 1);

    expect(end).toMatchObject({
      kind: 'failed',
      reason: 'the run was cut for version 0 of the model, which is not used any more',
    });
  });
});

/** With models of those graphs, by their names. */
async function start(graphs: Readonly<Record<string, Uint8Array>>): Promise<InferenceThread> {
  for (const [name, bytes] of Object.entries(graphs)) write(name, bytes, { name });
  return startWith(Object.keys(graphs));
}

async function startWith(names: readonly string[]): Promise<InferenceThread> {
  const thread = new InferenceThread({
    worker: MODEL_WORKER,
    folders: new Map(names.map((name) => [name, folder.path(name)])),
    log: silentLog(),
    onModel: (entry) => {
      for (const tell of told) tell(entry);
    },
  });
  undo.push(() => thread.close());
  await thread.start();
  return thread;
}

function write(name: string, bytes: Uint8Array, fields: Readonly<Record<string, unknown>>): string {
  return writeModel(folder.path(name), bytes, fields);
}

function run(thread: InferenceThread, levels: readonly number[], name = 'level') {
  const { model } = entryOf(thread, name);
  const values = Float32Array.from({ length: levels.length * LENGTH }, (_, i) => levels[Math.floor(i / LENGTH)]!);
  return thread.run(model!.manifest, values, levels.length);
}

function entryOf(thread: InferenceThread, name: string): ModelEntry {
  return thread.entries.find((entry) => entry.name === name)!;
}

/** How many turns of a slow graph take so many ms of a processor here, whatever else runs on it. */
async function turnsOf(ms: number): Promise<number> {
  const turns = 20_000;
  const thread = new ModelThread({ worker: MODEL_WORKER, models: [testModel(levelGraph(slow(turns)))], tried: [] });
  await thread.ready;
  const once = () => thread.run('level', new Float32Array(LENGTH), 1);
  await once(); // is slower
  const before = process.cpuUsage();
  await once();
  const { user, system } = process.cpuUsage(before);
  await thread.end();
  return Math.round((turns * ms * 1000) / (user + system));
}
