import { afterEach, describe, expect, it } from 'vitest';
import type { ModelReply, ModelsReply } from '../../server/wire/models.ts';
import type { Problem } from '../../server/wire/rest.ts';
import { Folder } from '../support/folder.ts';
import { writeWholeModel } from '../support/model-folders.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { level, levelGraph, writeModel } from '../support/test-models.ts';

const folder = new Folder();
let server: TestServer;
afterEach(() => server.close());

const NEXT = levelGraph(level(undefined, 3));

describe('models', () => {
  it('are listed, swapped for others of the directory, and rolled back', async () => {
    writeWholeModel(model('level'));
    writeModel(model('level-next'), NEXT, { version: '2' });
    writeModel(model('level-cut'), levelGraph().slice(0, 200), { version: '3' });
    writeModel(model('calm'), levelGraph(), { name: 'calm' });
    await start({ 'view.a': 'level', 'view.b': 'level', 'view.c': 'missing' });

    await expect.poll(states).toEqual({ level: 'ready', missing: 'unfit', calm: 'unused' });
    expect(await listed('level')).toMatchObject({
      version: '1',
      channels: ['view.a', 'view.b'],
      learner: 'none',
      folders: [{ version: '1' }, { folder: 'level-cut' }, { folder: 'level-next' }],
    });

    const swapped = await post('level/swap', { folder: 'level-next' });
    expect(swapped.status).toBe(200);
    expect(await listed('level')).toMatchObject({ state: 'ready', version: '2', previousVersion: '1' });
    expect(await size('level/onnx')).toBe(NEXT.length);
    expect((await ask('level/report')).status).toBe(204); // that of version 1 is none of version 2

    const refused = await post('level/swap', { folder: 'level-cut' });
    expect(refused.status).toBe(422);
    expect(((await refused.json()) as Problem).message).toContain('Failed to load model');
    expect(await listed('level')).toMatchObject({ state: 'ready', version: '2', previousVersion: '1' });

    expect((await post('level/roll-back')).status).toBe(200);
    expect(await listed('level')).toMatchObject({ state: 'ready', version: '1', previousVersion: '2' });
    expect(await size('level/onnx')).toBe(levelGraph().length);
    expect((await ask('level/report')).status).toBe(200);
  });

  it('are changed by nothing but what is used and what lies in the directory', async () => {
    writeModel(model('level'), levelGraph());
    writeModel(model('calm'), levelGraph(), { name: 'calm' });
    await start({ 'view.a': 'level' });
    await expect.poll(states).toMatchObject({ level: 'ready' });

    for (const [path, body, status, message] of [
      ['calm/swap', { folder: 'calm' }, 404, 'no channel uses a model calm'],
      ['level/swap', { folder: 'calm' }, 404, 'no folder calm with a model level, expected one of level'],
      ['level/roll-back', undefined, 422, 'no version of before is kept'],
      ['none/roll-back', undefined, 404, 'no channel uses a model none'],
    ] as const) {
      const reply = await post(path, body);
      expect([reply.status, ((await reply.json()) as Problem).message]).toEqual([
        status,
        expect.stringContaining(message),
      ]);
    }
    expect(await states()).toEqual({ level: 'ready', calm: 'unused' });
  });
});

async function start(modelOf: Readonly<Record<string, string>>): Promise<void> {
  server = await startServer({
    diagnosis: { directory: folder.path('models') },
    channels: Object.fromEntries(Object.entries(modelOf).map(([channel, name]) => [channel, { model: name }])),
  });
}

function model(name: string): string {
  return folder.path(`models/${name}`);
}

async function list(): Promise<readonly ModelReply[]> {
  return ((await (await fetch(`${server.url}/api/models`)).json()) as ModelsReply).models;
}

async function listed(name: string): Promise<ModelReply | undefined> {
  return (await list()).find((of) => of.name === name);
}

async function states(): Promise<Record<string, string>> {
  return Object.fromEntries((await list()).map(({ name, state }) => [name, state]));
}

function ask(path: string): Promise<Response> {
  return fetch(`${server.url}/api/models/${path}`);
}

async function size(path: string): Promise<number> {
  return (await (await ask(path)).arrayBuffer()).byteLength;
}

function post(path: string, body?: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const json = body === undefined ? {} : { headers, body: JSON.stringify(body) };
  return fetch(`${server.url}/api/models/${path}`, { method: 'POST', ...json });
}
