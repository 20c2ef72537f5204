import { request, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeServer } from '../../../server/http/http-server.ts';
import type { CaptureReply, CaptureRequest } from '../../../server/wire/captures.ts';
import { foreignOrigins } from '../../support/foreign-origins.ts';
import { noCaptures } from '../../support/no-captures.ts';
import { serveApp } from '../../support/served-app.ts';

const begun: CaptureRequest[] = [];
let server: Server;
let port: number;

beforeEach(async () => {
  begun.length = 0;
  ({ server, port } = await serveApp({
    captures: {
      ...noCaptures(),
      begin: async (order) => {
        begun.push(order);
        return { id: 'id-1', state: 'recording' } as CaptureReply;
      },
    },
    access: { host: '127.0.0.1', allowedHosts: [], allowedOrigins: ['https://wall.example'], isSecure: false },
  }));
});
afterEach(() => closeServer(server));

describe('POST /api/captures', () => {
  it('begins a recording for the own page, an allowed one, and a program', async () => {
    for (const origin of [`http://127.0.0.1:${port}`, 'https://wall.example', undefined]) {
      const reply = await post({ channel: 'c', comment: '<script>' }, origin === undefined ? {} : { Origin: origin });
      expect([reply.status, JSON.parse(reply.body)]).toEqual([201, { id: 'id-1', state: 'recording' }]);
    }
    expect(begun).toHaveLength(3);
    expect(begun[0]).toEqual({ channel: 'c', comment: '<script>' });
  });

  it('refuses what pages of other sites send', async () => {
    const origins = foreignOrigins(port).slice(0, 25);
    for (const origin of origins) {
      const reply = await post({ channel: 'c' }, { Origin: origin });
      expect([origin, reply.status, JSON.parse(reply.body).code]).toEqual([origin, 403, 'ORIGIN_REFUSED']);
    }
    expect(begun).toEqual([]);
  });

  it.each([
    ['text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['parts', 'multipart/form-data; boundary=x'],
    ['nothing', undefined],
  ])('refuses a body that says it is %s', async (_name, type) => {
    const reply = await post({ channel: 'c' }, { 'Content-Type': type });

    expect([reply.status, JSON.parse(reply.body).code]).toEqual([400, 'REQUEST_INVALID']);
    expect(begun).toEqual([]);
  });

  it('says of a body that is no JSON what was found and what was expected', async () => {
    const reply = await post('{"channel":');

    expect([reply.status, JSON.parse(reply.body).message]).toEqual([
      400,
      expect.stringMatching(/is no JSON \(.+\), expected an object/),
    ]);
  });

  it.each<[unknown, string]>([
    [
      'null',
      'the request is null, expected an object of channel, comment, diagnosis, beforeSeconds, afterSeconds, fromMs, toMs',
    ],
    [{}, 'channel is missing, expected 1 to 64 of A-Z a-z 0-9 . _ -'],
    [{ channel: '../x' }, 'channel is "../x", expected 1 to 64 of A-Z a-z 0-9 . _ -'],
    [{ channel: 'c', afterSeconds: '1' }, 'afterSeconds is "1", expected 0 to 3600 s'],
    [
      { channel: 'c', beforeSeconds: -1, toMs: {} },
      'beforeSeconds is -1, expected 0 to 3600 s; toMs is {}, expected ms',
    ],
    [{ channel: 'c', diagnosis: 'x'.repeat(501) }, `diagnosis is "${'x'.repeat(60)}…", expected text of at most 500`],
    [{ channel: 'c', comment: 'x', diagnosis: 'y' }, 'comment and diagnosis, expected one of them'],
    [{ channel: 'c', comment: 'x'.repeat(501) }, `comment is "${'x'.repeat(60)}…", expected text of at most 500`],
    [{ channel: 'c', path: '/etc' }, '"path", expected channel, comment, diagnosis, beforeSeconds'],
    [{ channel: 'c', fromMs: 5 }, 'fromMs is 5 and toMs missing, expected both or neither'],
    [{ channel: 'c', fromMs: 2, toMs: 1 }, 'toMs is 1, expected a time after fromMs, 2'],
    [{ channel: 'c', fromMs: 1, toMs: 2, afterSeconds: 0 }, 'a range and seconds around now, expected one of them'],
  ])('says of %j what was found and what was expected', async (body, message) => {
    expect(JSON.parse((await post(body)).body).message).toContain(message);
  });

  it('says what was found in a query, as it was sent', async () => {
    const message = async (query: string) => JSON.parse((await send('GET', `/api/captures?${query}`)).body).message;

    expect(await message('from=yesterday&limit=9999')).toBe(
      'from is "yesterday", expected ms since 1970 UTC; limit is "9999", expected a whole number, 1 to 500',
    );
    expect(await message('state=gone')).toBe('state is "gone", expected one of recording, ready, refused, failed');
  });

  it.each<[string, unknown]>([
    ['no channel', {}],
    ['a channel that is no name', { channel: '../x' }],
    ['a key that is not known', { channel: 'c', path: '/etc' }],
    ['a prototype', '{"channel":"c","__proto__":{"a":1}}'],
    ['a comment that is too long', { channel: 'c', comment: 'x'.repeat(501) }],
    ['a comment that is no text', { channel: 'c', comment: {} }],
    ['a side that is too long', { channel: 'c', beforeSeconds: 3601 }],
    ['a side below nothing', { channel: 'c', afterSeconds: -1 }],
    ['a number that is text', { channel: 'c', afterSeconds: '1' }],
    ['half a range', { channel: 'c', fromMs: 1 }],
    ['a range backwards', { channel: 'c', fromMs: 2, toMs: 1 }],
    ['a time past all time', { channel: 'c', fromMs: 0, toMs: 1e300 }],
    ['a range and sides', { channel: 'c', fromMs: 1, toMs: 2, afterSeconds: 1 }],
    ['a list', []],
    ['null', 'null'],
    ['half of JSON', '{"channel":'],
    ['deep nesting', '['.repeat(10_000)],
    ['a body that is too long', JSON.stringify({ channel: 'c', comment: 'x'.repeat(20_000) })],
  ])('refuses %s', async (_name, body) => {
    const reply = await post(body);

    expect([reply.status, JSON.parse(reply.body).code]).toEqual([400, 'REQUEST_INVALID']);
    expect(begun).toEqual([]);
  });

  it('changes nothing else', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      for (const path of ['/api/captures/', '/API/captures', '/api/captures/x', '/api/system', '//api/captures', '/']) {
        if (method === 'DELETE' && path === '/api/captures/x') continue;
        expect([method, path, (await send(method, path, '{"channel":"c"}')).status]).toEqual([method, path, 405]);
      }
    }
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      expect((await send(method, '/api/captures', '{}')).status).toBe(405);
    for (const path of [
      '/api/captures/x/',
      '/api/captures/X',
      '/api/captures/x/data',
      `/api/captures/${'x'.repeat(65)}`,
    ])
      expect([path, (await send('DELETE', path)).status]).toEqual([path, 405]);
    expect((await send('OPTIONS', '/api/captures/x')).headers.allow).toBe('GET, HEAD, DELETE, OPTIONS');
    expect((await send('DELETE', '/api/captures/x')).status).toBe(404);
    expect((await send('DELETE', '/api/captures/x', '', { Origin: 'http://evil.example' })).status).toBe(403);
    expect((await send('OPTIONS', '/api/captures')).headers.allow).toBe('GET, HEAD, POST, OPTIONS');
    expect(begun).toEqual([]);
  });

  it('is refused past 30 in 10 s', async () => {
    const replies = [];
    for (let i = 0; i < 32; i++) replies.push((await post({ channel: 'c' })).status);

    expect(replies.slice(0, 30).every((status) => status === 201)).toBe(true);
    expect(replies.slice(30)).toEqual([429, 429]);
  });
});

function post(body: unknown, headers: Readonly<Record<string, string | undefined>> = {}) {
  return send('POST', '/api/captures', typeof body === 'string' ? body : JSON.stringify(body), headers);
}

// Not `fetch`, which makes paths and methods tidy.
async function send(
  method: string,
  path: string,
  body = '',
  headers: Readonly<Record<string, string | undefined>> = {},
) {
  const all = Object.entries({ 'Content-Type': 'application/json', ...headers }).filter(
    ([, value]) => value !== undefined,
  );
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method,
    agent: false,
    path,
    headers: Object.fromEntries(all) as Record<string, string>,
  });
  const response = new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject);
  });
  outgoing.end(body);
  const reply = await response;
  return { status: reply.statusCode, headers: reply.headers, body: await text(reply) };
}
