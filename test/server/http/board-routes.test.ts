import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeServer } from '../../../server/http/http-server.ts';
import { SLIDE_LIMIT } from '../../../server/wire/boards.ts';
import { boardOf, memoryBoards } from '../../support/memory-boards.ts';
import { serveApp } from '../../support/served-app.ts';

const boards = memoryBoards({ 'bay-4': boardOf() });
let server: Server;
let url: string;

beforeAll(async () => {
  const { server: served, port } = await serveApp({ boards });
  server = served;
  url = `http://127.0.0.1:${port}/api/boards`;
});

afterAll(() => closeServer(server));

describe('the routes of boards', () => {
  it('gives them, takes a version in the name of who signs, and removes one', async () => {
    expect(await (await fetch(url)).json()).toMatchObject({ boards: [{ id: 'bay-4', version: 1 }] });

    const put = await send('PUT', '/bay-4', { expectedVersion: 1, board: boardOf({ name: 'Bay 5' }) });
    expect(await put.json()).toMatchObject({ id: 'bay-4', version: 2, board: { name: 'Bay 5' }, by: '김' });
    expect((await fetch(`${url}/bay-4`)).status).toBe(200);

    expect((await send('DELETE', '/bay-4?expectedVersion=2')).status).toBe(204);
    expect((await fetch(`${url}/bay-4`)).status).toBe(404);
  });

  it('says what is there to who was slower', async () => {
    boards.kept.set('old', { id: 'old', version: 7, board: boardOf() });

    const put = await send('PUT', '/old', { expectedVersion: 6, board: boardOf({ name: 'Mine' }) });

    expect(put.status).toBe(409);
    expect(await put.json()).toMatchObject({ code: 'VERSION_CONFLICT', details: { version: 7, document: boardOf() } });
    expect((await send('PUT', '/old', { expectedVersion: 7, board: boardOf() }, '')).status).toBe(400); // unsigned
  });

  const slide = { kind: 'tiles', channels: [], dwellSeconds: 30 } as const;
  it.each<[what: string, board: unknown, says: string]>([
    ['no slides', boardOf({ slides: [] }), 'board.slides'],
    ['too many slides', boardOf({ slides: Array<typeof slide>(SLIDE_LIMIT + 1).fill(slide) }), 'board.slides'],
    ['a dwell too short to read', boardOf({ slides: [{ ...slide, dwellSeconds: 1 }] }), 'board.slides.0.dwellSeconds'],
    ['a channel twice', boardOf({ slides: [{ ...slide, channels: ['a', 'a'] }] }), 'named twice'],
    ['no kind that there is', boardOf({ slides: [{ ...slide, kind: 'weather' } as never] }), 'board.slides.0.kind'],
    ['a screen of no size', boardOf({ screen: { diagonal: 0, distance: 5 } }), 'board.screen.diagonal'],
    ['a name of nothing', boardOf({ name: '  ' }), 'board.name'],
    ['more than it has', { ...boardOf(), script: 'x' }, 'script'],
    ['nothing', undefined, 'board'],
  ])('refuses %s, and says where', async (_, board, says) => {
    const reply = await send('PUT', '/new', { expectedVersion: 0, board });

    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({ code: 'REQUEST_INVALID', message: expect.stringContaining(says) });
    expect(boards.kept.has('new')).toBe(false);
  });

  it.each(['/UPPER', '/a%2fb', '/%2e%2e'])('has no board %s', async (path) => {
    expect((await fetch(url + path)).status).toBe(404);
  });
});

function send(method: string, path: string, body?: object, person = '김') {
  const headers = {
    'fenestra-person': encodeURIComponent(person),
    ...(body && { 'content-type': 'application/json' }),
  };
  return fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}
