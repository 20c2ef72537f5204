import { request, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Express } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApp } from '../../../server/http/http-app.ts';
import { closeServer } from '../../../server/http/http-server.ts';
import { routesOf } from '../../support/api-routes.ts';
import { foreignOrigins } from '../../support/foreign-origins.ts';
import { openGate } from '../../support/open-gate.ts';
import { appOptions, serve } from '../../support/served-app.ts';

const SECRET = 'a long secret';
/** What anybody may send: it lets in, lets go, or counts what pages found by themselves. */
const NEEDS_NOTHING = ['post /api/session', 'delete /api/session', 'post /api/models/{name}/parity'];

let app: Express;
let server: Server;
let port: number;
let writes: string[];

beforeEach(async () => {
  app = createHttpApp(await appOptions({ gate: await openGate({ secret: SECRET }) }));
  ({ server, port } = await serve(app));
  writes = routesOf(app).filter((route) => !route.startsWith('get '));
});
afterEach(() => closeServer(server));

describe('every request that changes something', () => {
  it('is one of those that are listed, so that a new route without a rule is never reached', async () => {
    for (const route of writes) {
      expect([route, (await ask(route)).code]).not.toEqual([route, 'METHOD_UNKNOWN']);
    }
    expect(writes.length).toBeGreaterThan(6);
  });

  it('needs the operator secret', async () => {
    const open = [];
    for (const route of writes) {
      const { status, code } = await ask(route);
      if (code === 'SECRET_REQUIRED') expect(status).toBe(401);
      else open.push(route);
    }
    expect(open.sort()).toEqual([...NEEDS_NOTHING].sort());
  });

  it('is refused to pages of other sites, with the secret too', async () => {
    const cookie = await signIn();
    const origins = foreignOrigins(port);
    expect(origins.length).toBeGreaterThan(30);
    for (const origin of origins) {
      for (const route of writes) {
        const { status, code } = await ask(route, { origin: latin1(origin), cookie });
        expect([origin, route, status, code]).toEqual([origin, route, 403, 'ORIGIN_REFUSED']);
      }
    }
  });

  it('is refused under the name of another host', async () => {
    for (const route of writes) {
      expect((await ask(route, { host: `evil.example:${port}` })).code).toBe('HOST_REFUSED');
    }
  });
});

describe('reading', () => {
  it('is refused to pages of other sites, and needs no secret', async () => {
    for (const route of routesOf(app).filter((each) => each.startsWith('get '))) {
      const foreign = await ask(route, { origin: 'https://evil.example' });
      const program = await ask(route);

      expect([route, foreign.status, foreign.code]).toEqual([route, 403, 'ORIGIN_REFUSED']);
      expect([route, program.status === 401]).toEqual([route, false]);
    }
  });
});

async function signIn(): Promise<string> {
  const reply = await send('POST', '/api/session', { 'content-type': 'application/json' }, { secret: SECRET });
  return reply.cookie!.split(';')[0]!;
}

// With a name in place of what the path leaves open, and no body.
function ask(route: string, headers: Record<string, string> = {}) {
  const [method, path] = route.split(' ') as [string, string];
  return send(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'one'), headers);
}

// Not `fetch`, which sets the Origin itself.
function send(method: string, path: string, headers: Record<string, string>, body?: object) {
  return new Promise<{ status: number; code: string | undefined; cookie: string | undefined }>((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, async (response) => {
      const said = await text(response);
      const code = /"code":"(\w+)"/.exec(said)?.[1];
      resolve({ status: response.statusCode!, code, cookie: response.headers['set-cookie']?.[0] });
    });
    call.on('error', reject).end(body && JSON.stringify(body));
  });
}

// As the bytes of UTF-8 go over the line.
function latin1(value: string): string {
  return Buffer.from(value).toString('latin1');
}
