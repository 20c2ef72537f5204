import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../../server/base/log.ts';
import { closeServer } from '../../../server/http/http-server.ts';
import type { SecretGate } from '../../../server/http/secret-gate.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { openGate } from '../../support/open-gate.ts';
import { serveApp } from '../../support/served-app.ts';

const SECRET = 'correct horse battery';
const DAY_MS = 86_400_000;

const folder = new Folder();
const lines: string[] = [];
const log = createLog('test', 'debug', { write: (line) => void lines.push(line) });
let clock: FakeClock;
let gate: SecretGate;
let server: Server;
let url: string;

beforeEach(async () => {
  clock = new FakeClock();
  await serve(SECRET);
});
afterEach(() => closeServer(server));

describe('a session', () => {
  it('begins with the secret, in a cookie that scripts and other sites have no hand on', async () => {
    expect(await read(await ask('GET'))).toEqual([200, { isOperator: false, needsSecret: true }]);

    const reply = await enter(SECRET);

    expect(await read(reply.clone())).toEqual([200, { isOperator: true, needsSecret: true }]);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.headers.get('set-cookie')).toMatch(
      /^fenestra-session-\d+=[\w-]{43}; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect(await read(await ask('GET', cookieOf(reply)))).toEqual([200, { isOperator: true, needsSecret: true }]);
    expect(await capture(cookieOf(reply))).not.toBe(401);
    expect(await capture('')).toBe(401);
  });

  it('ends when it is left, for whoever has the cookie', async () => {
    const cookie = cookieOf(await enter(SECRET));

    const reply = await ask('DELETE', cookie);

    expect(await read(reply)).toEqual([200, { isOperator: false, needsSecret: true }]);
    expect(reply.headers.get('set-cookie')).toMatch(/^fenestra-session-\d+=; Path=\/; Expires=Thu, 01 Jan 1970/);
    expect(await capture(cookie)).toBe(401);
  });

  it('is moved on by use, in the browser too', async () => {
    const cookie = cookieOf(await enter(SECRET));
    expect((await ask('GET', cookie)).headers.get('set-cookie')).toBeNull();

    clock.advance(DAY_MS);

    expect(cookieOf(await ask('GET', cookie))).toBe(cookie);
    clock.advance(DAY_MS);
    const reply = await fetch(`${url}/api/captures`, { method: 'POST', headers: { cookie } });
    expect(cookieOf(reply)).toBe(cookie);
    clock.advance(30 * DAY_MS);
    expect(await capture(cookie)).toBe(401);
  });

  it('is for https alone where the page came by it, if only to a proxy before us', async () => {
    const origin = url.replace('http:', 'https:');
    const reply = await send('POST', { origin }, JSON.stringify({ secret: SECRET }));

    expect(reply.headers.get('set-cookie')).toMatch(
      /^__Host-fenestra-session-\d+=[^;]+; .*HttpOnly; Secure; SameSite=Strict$/,
    );
    const cookie = cookieOf(reply);
    expect(await read(await ask('GET', cookie))).toEqual([200, { isOperator: true, needsSecret: true }]); // says no Origin
    expect(await capture(cookie)).not.toBe(401);
    expect((await ask('DELETE', cookie)).headers.get('set-cookie')).toMatch(/^__Host-fenestra-session-\d+=; .*Secure/);
    expect(await capture(cookie)).toBe(401);
  });

  it('survives a restart, but for another secret', async () => {
    const cookie = cookieOf(await enter(SECRET));
    const { port } = new URL(url);

    for (const [secret, status] of [
      [SECRET, 400],
      ['another long secret', 401],
    ] as const) {
      await closeServer(server);
      await serve(secret);
      expect(await capture(cookie.replace(port, new URL(url).port))).toBe(status);
    }
  });

  it.each([
    ['none', ''],
    ['one of another server', 'fenestra-session-1=x'],
    ['an empty one', 'fenestra-session-PORT='],
    ['a made up one', `fenestra-session-PORT=${'A'.repeat(43)}`],
    ['much', `fenestra-session-PORT=${'A'.repeat(9000)}`],
    ['noise', ';;=;fenestra-session-PORT;==%00%ff'],
  ])('is none by %s', async (_name, cookie) => {
    expect(await capture(cookie.replace('PORT', new URL(url).port))).toBe(401);
  });

  it('is not needed where there is no secret', async () => {
    await closeServer(server);
    await serve('');

    expect(await read(await ask('GET'))).toEqual([200, { isOperator: true, needsSecret: false }]);
    const reply = await enter('whatever');
    expect([await read(reply), reply.headers.get('set-cookie')]).toEqual([
      [200, { isOperator: true, needsSecret: false }],
      null,
    ]);
    expect(await capture('')).toBe(400);
  });
});

describe('a guess', () => {
  it('is refused and noted, without what was guessed', async () => {
    const reply = await enter('correct horse');

    expect([reply.status, await reply.json()]).toEqual([401, expect.objectContaining({ code: 'SECRET_WRONG' })]);
    expect(lines.join()).toContain('"address":"127.0.0.1"');
    expect(lines.join()).not.toContain('correct horse');
  });

  it('is slow after five wrong ones, while who is in goes on', async () => {
    const cookie = cookieOf(await enter(SECRET));
    for (let i = 0; i < 5; i++) expect((await enter(`guess ${i}`)).status).toBe(401);

    for (const secret of ['guess 6', SECRET]) {
      const reply = await enter(secret);
      expect([reply.status, await reply.json()]).toEqual([
        429,
        expect.objectContaining({ code: 'RATE_LIMITED', message: expect.stringContaining('in 150 s') }),
      ]);
    }
    expect(await capture(cookie)).toBe(400);
    expect(gate.status()).toEqual({ sessions: 1, crowdedOut: 0, wrongSecrets: 5, guessesRefused: 2 });
    clock.advance(150_000);
    expect((await enter(SECRET)).status).toBe(200);
  });

  it('comes from the nearest address that is no trusted proxy; what others say of it is not believed', async () => {
    const forged = { 'x-forwarded-for': '10.9.9.9, 10.0.0.1, 10.8.0.3' };
    const addresses = async () => {
      lines.length = 0;
      await send('POST', forged, JSON.stringify({ secret: 'a wrong secret' }));
      return lines.flatMap((line) => (JSON.parse(line) as { address?: string }).address ?? []);
    };
    const from = [await addresses()];
    for (const trustedProxies of [
      ['10.8.0.0/16'],
      ['127.0.0.1'],
      ['127.0.0.1', '10.8.0.0/16'],
      ['127.0.0.0/8', '10.0.0.0/9'],
    ]) {
      await closeServer(server);
      await serve(SECRET, trustedProxies);
      from.push(await addresses());
    }

    expect(from).toEqual([['127.0.0.1'], ['127.0.0.1'], ['10.8.0.3'], ['10.0.0.1'], ['10.9.9.9']]);
  });

  it('is limited for each address behind a trusted proxy by itself, as all requests are', async () => {
    await closeServer(server);
    await serve(SECRET, ['127.0.0.1']);
    const guess = (address: string, secret = 'a wrong secret') =>
      send('POST', { 'x-forwarded-for': address }, JSON.stringify({ secret }));
    for (let i = 0; i < 5; i++) expect((await guess('10.0.0.1')).status).toBe(401);

    expect([(await guess('10.0.0.1', SECRET)).status, (await guess('10.0.0.2', SECRET)).status]).toEqual([429, 200]);
    const left = (reply: Response) => /r=(\d+)/.exec(reply.headers.get('ratelimit') ?? '')?.[1];
    expect([left(await guess('10.0.0.1')), left(await guess('10.0.0.3'))]).toEqual(['193', '199']);
    expect(left(await guess('no address'))).toBe('199'); // that of the proxy
  });

  it.each([{}, { secret: '' }, { secret: 1 }, { secret: 'x'.repeat(257) }, { secret: 'x', path: '/' }, []])(
    'is none by %j',
    async (body) => {
      const reply = await send('POST', {}, JSON.stringify(body));

      expect(reply.status).toBe(400);
      expect(gate.status().wrongSecrets).toBe(0);
    },
  );
});

async function serve(secret: string, trustedProxies: readonly string[] = []): Promise<void> {
  gate = await openGate({ secret, path: folder.path('sessions.json'), clock, log });
  const served = await serveApp({ gate, trustedProxies });
  server = served.server;
  url = `http://127.0.0.1:${served.port}`;
}

function enter(secret: string): Promise<Response> {
  return send('POST', {}, JSON.stringify({ secret }));
}

function ask(method: string, cookie?: string): Promise<Response> {
  return send(method, cookie === undefined ? {} : { cookie });
}

function send(method: string, headers: Record<string, string>, body?: string): Promise<Response> {
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return fetch(`${url}/api/session`, { method, headers: { ...json, ...headers }, ...(body !== undefined && { body }) });
}

// 400 is as far as a wish for nothing comes.
async function capture(cookie: string): Promise<number> {
  const headers = { cookie, 'content-type': 'application/json' };
  return (await fetch(`${url}/api/captures`, { method: 'POST', headers, body: '{}' })).status;
}

async function read(reply: Response): Promise<[number, unknown]> {
  return [reply.status, await reply.json()];
}

function cookieOf(reply: Response): string {
  return reply.headers.get('set-cookie')!.split(';')[0]!;
}
