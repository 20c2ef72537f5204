import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApp } from '../../../server/http/http-app.ts';
import { closeServer, createHttpServer, listen } from '../../../server/http/http-server.ts';
import type { SystemSource } from '../../../server/http/system-source.ts';
import { journalOf } from '../../support/alarm-records.ts';
import { memoryBoards } from '../../support/memory-boards.ts';
import { memoryPush } from '../../support/memory-push.ts';
import { noAlarms } from '../../support/no-alarms.ts';
import { noCaptures } from '../../support/no-captures.ts';
import { noDefinitions } from '../../support/no-definitions.ts';
import { noModels } from '../../support/no-models.ts';
import { openGate } from '../../support/open-gate.ts';
import { fakePast } from '../../support/past-source.ts';
import { BALANCED, fakeSource } from '../../support/system-source.ts';

const CONNECTION_LIMIT = 20;

let folder: string;
let server: Server;
let port: number;
let bugs: unknown[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fenestra-http-'));
  mkdirSync(join(folder, 'client', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'client', 'index.html'), '<!doctype html><title>Fenestra</title>');
  writeFileSync(join(folder, 'client', 'alarms.html'), '<!doctype html><title>Alarms</title>');
  writeFileSync(join(folder, 'client', '.hidden'), 'secret');
  writeFileSync(join(folder, 'client', 'assets', 'main-abc.js'), 'export {};');
  await serve(fakeSource());
});

afterEach(async () => {
  await closeServer(server);
  rmSync(folder, { recursive: true });
});

describe('dashboard', () => {
  it.each(['/', '/channels', '/channels/etch-1', '/channels/etch-1.view-a', '/models', '/system'])(
    'is the page at %s',
    async (path) => {
      const reply = await get(path);

      expect(reply.status).toBe(200);
      expect(reply.body).toContain('<title>Fenestra</title>');
      expect(reply.headers['cache-control']).toBe('no-cache');
    },
  );

  it('has a page of its own for the alarms, which is asked for again every time too', async () => {
    const reply = await get('/alarms');

    expect(reply.body).toContain('<title>Alarms</title>');
    expect(reply.headers['cache-control']).toBe('no-cache');
  });

  it('keeps files that carry their hash for good', async () => {
    const reply = await get('/assets/main-abc.js');

    expect(reply.status).toBe(200);
    expect(reply.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(reply.headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  it.each(['/nothing', '/channels/a/b', '/assets/none.js'])(
    'answers a person with its page and a program with JSON where there is nothing: %s',
    async (path) => {
      const page = await get(path, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
      const json = await get(path, { accept: '*/*' });

      expect([page.status, json.status]).toEqual([404, 404]);
      expect(page.headers['content-type']).toContain('text/html');
      expect(page.headers['cache-control']).toBe('no-store');
      expect(page.body).toContain('<title>Fenestra</title>');
      expect(JSON.parse(json.body)).toMatchObject({ code: 'ROUTE_UNKNOWN' });
    },
  );

  it('answers everyone with JSON where the API has nothing', async () => {
    const json = await get('/nothing');
    const api = await get('/api/nothing', { accept: 'text/html' });

    expect([json.status, api.status]).toEqual([404, 404]);
    expect(JSON.parse(json.body)).toMatchObject({ code: 'ROUTE_UNKNOWN' });
    expect(JSON.parse(api.body)).toMatchObject({ code: 'ROUTE_UNKNOWN' });
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/....//....//secret.txt',
    '/%252e%252e/secret.txt',
    '//secret.txt',
    '/.hidden',
    '/assets/%00',
    '/assets/%ff',
    '/%c0%ae%c0%ae/secret.txt',
    '/file:///etc/passwd',
  ])('never leaves its folder for %s', async (path) => {
    const reply = await get(path);

    expect([400, 403, 404]).toContain(reply.status);
    expect(reply.body).not.toMatch(/^secret|root:/);
    expect(bugs).toEqual([]);
  });
});

describe('every answer', () => {
  it.each(['/', '/healthz', '/api/system', '/metrics', '/nothing'])(
    'carries the security headers at %s',
    async (path) => {
      const { headers } = await get(path);

      expect(headers['content-security-policy']).toContain("default-src 'none';script-src 'self' 'wasm-unsafe-eval';");
      expect(headers['content-security-policy']).not.toContain('unsafe-inline');
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['strict-transport-security']).toBeUndefined(); // the server speaks plain HTTP
    },
  );

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'localhost:1', ' '])(
    'is refused to the host %j',
    async (host) => {
      const reply = await get('/api/system', { host });

      expect([400, 403]).toContain(reply.status);
      expect(reply.body).not.toContain('ledger');
    },
  );

  it('is given to its own names', async () => {
    const names = [`localhost:${port}`, `127.0.0.1:${port}`, 'wall.example'];

    const replies = await Promise.all(names.map((host) => get('/healthz', { host })));

    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'])('refuses %s', async (method) => {
    const reply = await get('/api/system', {}, method);

    expect(reply.status).toBe(405);
    expect(reply.headers.allow).toBe('GET, HEAD, OPTIONS');
  });

  it('has no body for HEAD, and OPTIONS says what is allowed', async () => {
    const head = await get('/api/system', {}, 'HEAD');
    const options = await get('/api/system', {}, 'OPTIONS');

    expect([head.status, head.body]).toEqual([200, '']);
    expect([options.status, options.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });
});

describe('GET /api/system', () => {
  it('shows the ledger and what does not balance', async () => {
    const broken = { ...BALANCED, channel: 'bad', reduced: 900 };
    const windows = () => ({ made: 9, taken: 5, waiting: 2, dropped: 1 });
    await serve(fakeSource({ readLedger: async () => [BALANCED, broken], windows }));

    const reply = JSON.parse((await get('/api/system')).body);

    expect(reply).toMatchObject({ version: '1.2.3', serverMs: 5000, startedMs: 1000, hub: { viewers: 3 } });
    expect(reply.ledger[0]).toEqual({ ...BALANCED, imbalances: [] });
    expect(reply.ledger[1].imbalances).toEqual(['received 1000 != reduced 900 + pending 50']);
    expect(reply.windows.imbalances).toEqual(['windows made 9 != taken 5 + waiting 2 + dropped 1']);
  });

  it('tells a client nothing of a bug, and the log everything', async () => {
    const bug = new Error('the password is 123');
    await serve(fakeSource({ readLedger: () => Promise.reject(bug) }));

    const reply = await get('/api/system');

    expect(reply.status).toBe(500);
    expect(JSON.parse(reply.body)).toEqual({ code: 'INTERNAL', message: 'internal error' });
    expect(bugs).toEqual([bug]);
  });

  it('refuses one address that asks without end, but never the health check', async () => {
    const replies = [];
    for (let i = 0; i < 201; i++) replies.push(await get('/api/system'));

    expect(replies.map(({ status }) => status).indexOf(429)).toBe(200);
    expect(JSON.parse(replies[200]!.body)).toMatchObject({ code: 'RATE_LIMITED' });
    expect((await get('/healthz')).status).toBe(200);
  });
});

describe('a server with all the connections it allows', () => {
  it('closes the next one at once, tells, and takes new ones when there is room', async () => {
    let dropped = 0;
    server.on('drop', () => dropped++);
    const idle = await Promise.all(Array.from({ length: CONNECTION_LIMIT }, () => openSocket(port)));

    await expect(get('/healthz')).rejects.toThrow();
    expect(dropped).toBe(1);

    idle[0]!.destroy();
    await expect
      .poll(() =>
        get('/healthz').then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    for (const socket of idle) socket.destroy();
  });
});

describe('GET /healthz', () => {
  it('is 200 while everything works', async () => {
    const reply = await get('/healthz');

    expect([reply.status, JSON.parse(reply.body)]).toEqual([200, { ok: true, problems: [] }]);
  });

  it('is 503 with the reasons when something does not', async () => {
    await serve(fakeSource({ problems: () => ['the ingest thread has failed'] }));

    const reply = await get('/healthz');

    expect(reply.status).toBe(503);
    expect(JSON.parse(reply.body)).toEqual({ ok: false, problems: ['the ingest thread has failed'] });
  });
});

async function serve(source: SystemSource): Promise<void> {
  if (server?.listening) await closeServer(server);
  bugs = [];
  const app = createHttpApp({
    alarms: noAlarms(),
    definitions: noDefinitions(),
    models: noModels(),
    journal: journalOf([]),
    boards: memoryBoards(),
    push: memoryPush(),
    source,
    captures: noCaptures(),
    past: fakePast(),
    access: { host: '127.0.0.1', allowedHosts: ['wall.example'], allowedOrigins: [], isSecure: false },
    trustedProxies: [],
    hstsDays: 0,
    gate: await openGate(),
    client: pathToFileURL(join(folder, 'client/')),
    logError: (error) => bugs.push(error),
  });
  server = createHttpServer(app, CONNECTION_LIMIT);
  ({ port } = await listen(server, '127.0.0.1', 0));
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function openSocket(to: number): Promise<Socket> {
  const socket = connect(to, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

// Not `fetch`, which tidies paths and forbids the Host header.
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
    call.on('error', reject).end();
  });
}
