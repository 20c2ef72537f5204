import { rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelEntry } from '../../server/inference/model-state.ts';
import { InferenceThread } from '../../server/inference-thread.ts';
import { Folder } from '../support/folder.ts';
import { silentLog } from '../support/silent-log.ts';
import { LENGTH, levelGraph, MODEL_WORKER, testModel, writeModel } from '../support/test-models.ts';

const folder = new Folder();
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

describe('the start of InferenceThread', { timeout: 120_000 }, () => {
  it('is tried again where no thread can be started, says so, and holds nothing against a model', async () => {
    const told: ModelEntry[] = [];
    const thread = create(['level', 'absent'], (entry) => told.push(entry));
    const mend = breakWorker();

    await thread.start();

    expect(thread.entries).toMatchObject([
      { name: 'level', state: 'stopped', reason: 'its thread has ended: no room for it' },
      { name: 'absent', state: 'unfit' },
    ]);
    expect(told.at(-1)).toMatchObject({ name: 'level', state: 'stopped' });
    expect(thread.figures()).toMatchObject({ isActive: false, problem: 'its thread has ended: no room for it' });
    const waiting = thread.run(testModel(levelGraph()).manifest, new Float32Array(LENGTH).fill(1), 1);
    await expect.poll(() => thread.figures().started).toBeGreaterThan(1);
    mend();

    expect(await waiting).toMatchObject({ kind: 'done' });
    expect(thread.entries[0]).toMatchObject({ state: 'ready', cuts: 0 });
    expect(thread.figures().problem).toBeUndefined();
    await expect.poll(() => thread.figures().hasSpare).toBe(true);
  });

  it('can be closed while it waits to be tried again', async () => {
    const thread = create(['level']);
    breakWorker();
    await thread.start();
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();

    await thread.close();

    expect(timers()).toBe(before - 1);
    expect(thread.figures().started).toBe(1);
  });

  it('leaves a model to be tried while another version of one beside it is used', async () => {
    const thread = create(['level', 'other']);
    const mend = breakWorker();
    await thread.start();
    mend();

    await thread.swap('level', writeModel(folder.path('next'), levelGraph(), { version: '2' }));

    const versions = () => thread.entries.map(({ state, model }) => `${state} ${model?.manifest.version}`);
    await expect.poll(versions).toEqual(['ready 2', 'ready 1']);
  });
});

/** With a worker that starts only while nothing is broken. */
function create(names: readonly string[], onModel: (entry: ModelEntry) => void = () => undefined): InferenceThread {
  for (const name of names) if (name !== 'absent') writeModel(folder.path(name), levelGraph(), { name });
  const worker = folder.write(
    'worker.mjs',
    `import { existsSync } from 'node:fs';
    if (existsSync(${JSON.stringify(folder.path('broken'))})) throw new Error('no room for it');
    await import(${JSON.stringify(MODEL_WORKER.href)});`,
  );
  const thread = new InferenceThread({
    worker: pathToFileURL(worker),
    folders: new Map(names.map((name) => [name, folder.path(name)])),
    log: silentLog(),
    onModel,
  });
  undo.push(() => thread.close());
  return thread;
}

function breakWorker(): () => void {
  const flag = folder.write('broken', '');
  return () => rmSync(flag);
}
