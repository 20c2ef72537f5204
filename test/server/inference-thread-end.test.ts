import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { InferenceThread } from '../../server/inference-thread.ts';
import { Folder } from '../support/folder.ts';
import { silentLog } from '../support/silent-log.ts';
import { levelGraph, MODEL_WORKER, writeModel } from '../support/test-models.ts';

const folder = new Folder();
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

describe('the end of InferenceThread', { timeout: 120_000 }, () => {
  it.each([
    ['while its models are read', () => Promise.resolve()],
    ['while a thread starts', (thread: InferenceThread) => started(thread, 1)],
    ['while a model is tried', (thread: InferenceThread) => started(thread, 1).then(() => sleep(500))],
    ['while the spare starts', (thread: InferenceThread) => started(thread, 2)],
    ['while the spare opens a model', (thread: InferenceThread) => started(thread, 2).then(() => sleep(500))],
    ['with both threads there', (thread: InferenceThread) => until(() => thread.figures().hasSpare)],
  ])('leaves nothing behind where it is closed %s', async (_name, moment) => {
    write('level');
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const thread = create();
    const isStarted = thread.start().catch(String);
    await moment(thread);
    const before = thread.figures().started;
    const timersBefore = timers();
    const problems: (string | undefined)[] = [];

    await thread.close();
    await isStarted;
    problems.push(thread.figures().problem);

    expect(timers()).toBeLessThanOrEqual(timersBefore);
    expect(thread.figures()).toMatchObject({ started: before, isActive: false, hasSpare: false, cut: 0 });
    expect(problems).toEqual([undefined]);
  });

  it('opens nothing for a version that was being read when it was closed', async () => {
    write('level');
    const thread = create();
    await thread.start();
    await until(() => thread.figures().hasSpare);
    const swapped = thread.swap('level', write('next', { version: '2' })).catch(String);

    await thread.close();

    expect(await swapped).toMatch('the server stops');
    expect(thread.figures().started).toBe(2);
  });
});

function create(): InferenceThread {
  const thread = new InferenceThread({
    worker: MODEL_WORKER,
    folders: new Map([['level', folder.path('level')]]),
    log: silentLog(),
    onModel: () => undefined,
  });
  undo.push(() => thread.close());
  return thread;
}

function write(name: string, fields: Readonly<Record<string, unknown>> = {}): string {
  return writeModel(folder.path(name), levelGraph(), fields);
}

function started(thread: InferenceThread, threads: number): Promise<void> {
  return until(() => thread.figures().started >= threads);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}
