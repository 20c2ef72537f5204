// More than 300 lines: a table of every answer that there is.
import { once } from 'node:events';
import { type IncomingMessage, request, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Express } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../server/base/errors.ts';
import { createHttpApp } from '../../../server/http/http-app.ts';
import { closeServer, createHttpServer, listen } from '../../../server/http/http-server.ts';
import { REPLIES } from '../../../server/http/reply-schemas.ts';
import { alarmEntry } from '../../support/alarm-entries.ts';
import { journalOf, whileNot } from '../../support/alarm-records.ts';
import { routesOf } from '../../support/api-routes.ts';
import { captureReply } from '../../support/capture-files.ts';
import { Folder } from '../../support/folder.ts';
import { boardOf, memoryBoards } from '../../support/memory-boards.ts';
import { memoryPush } from '../../support/memory-push.ts';
import { noAlarms } from '../../support/no-alarms.ts';
import { noCaptures } from '../../support/no-captures.ts';
import { noDefinitions } from '../../support/no-definitions.ts';
import { noModels } from '../../support/no-models.ts';
import { fakePast } from '../../support/past-source.ts';
import { fakeSource } from '../../support/system-source.ts';

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>> }>
  >;
}

const HISTORY = '/api/channels/lamp/history?from=1&to=2';
const CAPTURE = captureReply({ id: 'one', channel: 'lamp', samples: 3 });

const SUBSCRIPTION = { endpoint: 'https://push.example/1', keys: { p256dh: 'BA', auth: 'AA' }, language: 'ko' };
const KIM = { 'fenestra-person': 'Kim' };
const CHANGE = { expectedVersion: 0, definition: {} };
const folder = new Folder();
let app: Express;
let server: Server;
let url: string;
let broken:
  | 'health'
  | 'history'
  | 'recording'
  | 'samples'
  | 'unforeseen'
  | 'secret'
  | 'journal'
  | 'counting'
  | undefined;

beforeEach(async () => {
  broken = undefined;
  const files = {
    data: folder.write('one.sigmf-data', 'samples'),
    overview: folder.write('one.overview', 'cells'),
    meta: folder.write('one.sigmf-meta', '{"global":{}}'),
  };
  const past = fakePast();
  app = createHttpApp({
    alarms: noAlarms(),
    boards: memoryBoards({ one: boardOf() }),
    push: memoryPush('key'),
    journal: whileNot(journalOf([alarmEntry({ atMs: Date.parse('2026-11-23T00:30Z') })]), () => {
      if (broken === 'journal') throw new AppError('STORAGE_FAILED', 'the disk is gone');
    }),
    definitions: noDefinitions(),
    models: {
      ...noModels(),
      manifest: async (name) => ({ name: known(name) }) as never,
      report: async (name) => (known(name) === 'bare' ? undefined : ({ format: 1 } as never)),
      examples: async (name) => (known(name) === 'bare' ? undefined : ({ format: 1 } as never)),
      card: async (name) => (known(name) === 'bare' ? undefined : '# One'),
      graph: async (name) => {
        if (known(name) === 'bare') throw new AppError('MODEL_UNFIT', 'it is cut');
        return { bytes: new Uint8Array(3), sha256: 'a'.repeat(64) };
      },
      swap: async (name, to) => {
        known(name);
        if (to === 'cut') throw new AppError('MODEL_UNFIT', 'it is cut');
      },
      rollBack: async (name) => {
        if (known(name) === 'bare') throw new AppError('MODEL_UNFIT', 'nothing was before');
      },
    },
    source: fakeSource({ problems: () => (broken === 'health' ? ['a part is broken'] : []) }),
    past: {
      ...past,
      history: {
        ...past.history,
        query: async (query, left) => {
          if (query.channel === 'none') throw new AppError('CHANNEL_UNKNOWN', 'no such channel');
          if (broken === 'history') throw new AppError('HISTORY_BUSY', 'too many');
          if (broken === 'unforeseen') throw new Error('a bug');
          return past.history.query(query, left);
        },
      },
    },
    captures: {
      ...noCaptures(),
      remove: async () => {},
      find: (id) => (id === 'one' ? CAPTURE : undefined),
      files: () => files,
      isSound: async () => {
        if (broken === 'samples') throw new AppError('CAPTURE_DAMAGED', 'not what was recorded');
        return true;
      },
      begin: async ({ channel }) => {
        if (channel === 'none') throw new AppError('CHANNEL_UNKNOWN', 'no such channel');
        if (broken === 'recording') throw new AppError('STORAGE_FAILED', 'nothing can be recorded');
        return CAPTURE;
      },
      download: async () => ({
        name: 'one.npy',
        type: 'application/octet-stream',
        bytes: 3,
        content: Readable.from([Buffer.from('npy')]),
      }),
    },
    access: { host: '127.0.0.1', allowedHosts: [], allowedOrigins: [], isSecure: false },
    trustedProxies: [],
    hstsDays: 0,
    gate: {
      needsSecret: true,
      lets: () => broken !== 'secret',
      renew: () => false,
      enter: async () => {
        if (broken === 'secret') throw new AppError('SECRET_WRONG', 'that is not it');
        return 'token';
      },
      leave: async () => {},
    },
    client: new URL('file:///nowhere/'),
    logError: () => {},
  });
  server = createHttpServer(app, 20);
  const { port } = await listen(server, '127.0.0.1', 0);
  url = `http://127.0.0.1:${port}`;
});

afterEach(() => closeServer(server));

describe('the description of the API', () => {
  it('has every route that there is, and no other', async () => {
    const { paths, openapi } = await readDescription();

    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );

    expect(openapi).toBe('3.1.0');
    expect(described.sort()).toEqual(routesOf(app).sort());
  });

  it('names no schema that it does not have, and has none that it does not name', async () => {
    const description = await readDescription();

    const named = JSON.stringify(description.paths).matchAll(/"#\/components\/schemas\/(\w+)"/g);

    expect([...new Set([...named].map(([, name]) => name))].sort()).toEqual(
      Object.keys(description.components.schemas).sort(),
    );
  });

  it.each<[method: string, path: string, status: number, Request?]>([
    ['GET', '/healthz', 200],
    ['GET', '/healthz', 304, { isKnown: true }],
    ['GET', '/healthz', 503, { breaks: 'health' }],
    ['GET', '/metrics', 200],
    ['GET', '/metrics', 304, { isKnown: true }],
    ['GET', '/api/openapi.json', 200],
    ['GET', '/api/openapi.json', 304, { isKnown: true }],
    ['GET', '/api/system', 200],
    ['GET', '/api/system', 403, { headers: { host: 'evil.example' } }],
    ['GET', '/api/system', 403, { headers: { origin: 'https://evil.example' } }],
    ['GET', '/api/system', 429, { times: 201 }],
    ['GET', '/api/channels', 200],
    ['GET', '/api/channels', 304, { isKnown: true }],
    ['GET', HISTORY, 200],
    ['GET', `${HISTORY}&format=arrow`, 200],
    ['GET', HISTORY, 304, { isKnown: true }],
    ['GET', '/api/channels/lamp/history?from=1', 400],
    ['GET', '/api/channels/none/history?from=1&to=2', 404],
    ['GET', HISTORY, 500, { breaks: 'unforeseen' }],
    ['GET', HISTORY, 503, { breaks: 'history' }],
    ['GET', '/api/captures', 200],
    ['GET', '/api/captures', 304, { isKnown: true }],
    ['GET', '/api/captures?limit=0', 400],
    ['POST', '/api/captures', 201, { body: { channel: 'lamp' } }],
    ['POST', '/api/captures', 400, { body: {} }],
    ['POST', '/api/captures', 403, { body: { channel: 'lamp' }, headers: { origin: 'https://evil.example' } }],
    ['POST', '/api/captures', 404, { body: { channel: 'none' } }],
    ['POST', '/api/captures', 429, { body: { channel: 'lamp' }, times: 31 }],
    ['POST', '/api/captures', 503, { body: { channel: 'lamp' }, breaks: 'recording' }],
    ['POST', '/api/captures', 401, { body: { channel: 'lamp' }, breaks: 'secret' }],
    ['DELETE', '/api/captures/one', 204],
    ['DELETE', '/api/captures/one', 401, { breaks: 'secret' }],
    ['GET', '/api/captures/one', 200],
    ['GET', '/api/captures/one', 304, { isKnown: true }],
    ['GET', '/api/captures/%ff', 400],
    ['GET', '/api/captures/none', 404],
    ...(['data', 'overview', 'meta'] as const).flatMap((kind): [string, string, number, Request?][] => [
      ['GET', `/api/captures/one/${kind}`, 200],
      ['GET', `/api/captures/one/${kind}`, 206, { headers: { range: 'bytes=1-2' } }],
      ['GET', `/api/captures/one/${kind}`, 304, { isKnown: true }],
      ['GET', `/api/captures/%ff/${kind}`, 400],
      ['GET', `/api/captures/none/${kind}`, 404],
      ['GET', `/api/captures/one/${kind}`, 410, { breaks: 'samples' }],
      ['GET', `/api/captures/one/${kind}`, 416, { headers: { range: 'bytes=100-200' } }],
    ]),
    ['GET', '/api/captures/one/download?as=npy', 200],
    ['GET', '/api/captures/one/download?as=zip', 400],
    ['GET', '/api/captures/none/download?as=npy', 404],
    ['GET', '/api/captures/one/download?as=npy', 410, { breaks: 'samples' }],
    ...['journal?', 'journal.csv?', 'kpi?period=hour&'].flatMap((path): [string, string, number, Request?][] => [
      ['GET', `/api/alarms/${path}`, 200],
      ['GET', `/api/alarms/${path}none=1`, 400],
      ['GET', `/api/alarms/${path}`, 503, { breaks: 'journal' }],
    ]),
    ['GET', '/api/alarms/journal?limit=5', 429, { times: 201 }],
    ['GET', '/api/alarms/journal?limit=5', 304, { isKnown: true }],
    ['GET', '/api/alarms/kpi?period=day', 304, { isKnown: true }],
    ['GET', '/api/models', 200],
    ['GET', '/api/models', 304, { isKnown: true }],
    ['GET', '/api/models/one', 200],
    ['GET', '/api/models/one', 304, { isKnown: true }],
    ['GET', '/api/models/none', 404],
    ['GET', '/api/models/%ff', 400],
    ...(['report', 'examples', 'card'] as const).flatMap((paper): [string, string, number, Request?][] => [
      ['GET', `/api/models/one/${paper}`, 200],
      ['GET', `/api/models/one/${paper}`, 304, { isKnown: true }],
      ['GET', `/api/models/bare/${paper}`, 204],
      ['GET', `/api/models/none/${paper}`, 404],
    ]),
    ['GET', '/api/models/one/onnx', 200],
    ['GET', '/api/models/one/onnx', 304, { isKnown: true }],
    ['GET', '/api/models/none/onnx', 404],
    ['GET', '/api/models/bare/onnx', 422],
    ['POST', '/api/models/one/swap', 200, { body: { folder: 'two' } }],
    ['POST', '/api/models/one/swap', 400, { body: { folder: '../two' } }],
    ['POST', '/api/models/one/swap', 403, { body: { folder: 'two' }, headers: { origin: 'https://evil.example' } }],
    ['POST', '/api/models/none/swap', 404, { body: { folder: 'two' } }],
    ['POST', '/api/models/one/swap', 422, { body: { folder: 'cut' } }],
    ['POST', '/api/models/one/swap', 429, { body: { folder: 'two' }, times: 11 }],
    ['POST', '/api/models/one/roll-back', 200],
    ['POST', '/api/models/one/roll-back', 401, { breaks: 'secret' }],
    ['POST', '/api/models/one/swap', 401, { body: { folder: 'two' }, breaks: 'secret' }],
    ['POST', '/api/models/one/roll-back', 403, { headers: { origin: 'https://evil.example' } }],
    ['POST', '/api/models/none/roll-back', 404],
    ['POST', '/api/models/bare/roll-back', 422],
    ['POST', '/api/models/one/roll-back', 429, { times: 11 }],
    ['GET', '/api/alarms/definitions', 200],
    ['GET', '/api/alarms/definitions', 304, { isKnown: true }],
    ['GET', '/api/alarms/definitions', 429, { times: 201 }],
    ['GET', '/api/alarms/definitions.toml', 200],
    ['GET', '/api/alarms/definitions/light', 404],
    ['GET', '/api/alarms/definitions/light/history', 404],
    ['GET', '/api/alarms/definitions/%ff', 400],
    ['PUT', '/api/alarms/definitions/light', 400, { body: {}, headers: KIM }],
    ['PUT', '/api/alarms/definitions/light', 400, { body: CHANGE }],
    ['PUT', '/api/alarms/definitions/light', 401, { body: CHANGE, breaks: 'secret' }],
    ['PUT', '/api/alarms/definitions/light', 403, { body: CHANGE, headers: { origin: 'https://evil.example' } }],
    ['DELETE', '/api/alarms/definitions/light', 400, { headers: KIM }],
    ['DELETE', '/api/alarms/definitions/light?expectedVersion=1', 404, { headers: KIM }],
    ['POST', '/api/alarms/definitions/import', 200, { headers: { ...KIM, 'content-type': 'application/toml' } }],
    ['POST', '/api/alarms/definitions/import', 400, { body: {}, headers: KIM }],
    ['GET', '/api/boards', 200],
    ['GET', '/api/boards', 304, { isKnown: true }],
    ['GET', '/api/boards/one', 200],
    ['GET', '/api/boards/none', 404],
    ['GET', '/api/boards/%ff', 400],
    ['PUT', '/api/boards/one', 200, { body: { expectedVersion: 1, board: boardOf() }, headers: KIM }],
    ['PUT', '/api/boards/one', 400, { body: {}, headers: KIM }],
    ['PUT', '/api/boards/one', 409, { body: { expectedVersion: 0, board: boardOf() }, headers: KIM }],
    ['PUT', '/api/boards/one', 401, { body: {}, breaks: 'secret' }],
    ['DELETE', '/api/boards/one?expectedVersion=1', 204, { headers: KIM }],
    ['DELETE', '/api/boards/none?expectedVersion=1', 404, { headers: KIM }],
    ['GET', '/api/push', 200],
    ['GET', '/api/push', 429, { times: 101 }],
    ['POST', '/api/push/subscribers', 200, { body: SUBSCRIPTION, headers: KIM }],
    ['POST', '/api/push/subscribers', 400, { body: {}, headers: KIM }],
    ['POST', '/api/push/subscribers', 400, { body: SUBSCRIPTION }],
    ['POST', '/api/push/subscribers', 401, { body: SUBSCRIPTION, breaks: 'secret' }],
    ['DELETE', '/api/push/subscribers/none', 404, { headers: KIM }],
    ['GET', '/api/session', 200],
    ['GET', '/api/session', 304, { isKnown: true }],
    ['GET', '/api/session', 429, { times: 201 }],
    ['POST', '/api/session', 200, { body: { secret: 'a secret' } }],
    ['POST', '/api/session', 400, { body: { secret: 1 } }],
    ['POST', '/api/session', 401, { body: { secret: 'another' }, breaks: 'secret' }],
    ['POST', '/api/session', 403, { body: { secret: 'a' }, headers: { origin: 'https://evil.example' } }],
    ['DELETE', '/api/session', 200],
  ])('has what %s %s answers with %i', async (method, path, status, request = {}) => {
    const description = await readDescription(); // before its turns are used up
    broken = request.breaks;
    for (let i = 1; i < (request.times ?? 1); i++) await ask(method, path, request);
    const tag = request.isKnown ? (await ask(method, path, request)).headers.etag : undefined;
    const reply = await ask(method, path, request, tag);

    expect(reply.status).toBe(status);
    const described = describedAnswers(description, method, path)[status];
    expect(described).toBeDefined();
    if (described!.content === undefined) return void expect(reply.body).toHaveLength(0);
    const type = String(reply.headers['content-type']).split(';')[0]!;
    expect(Object.keys(described!.content)).toContain(type);
    const name = described!.content[type]!.schema.$ref?.split('/').at(-1) as keyof typeof REPLIES | undefined;
    if (name === undefined) return;
    expect(REPLIES[name].safeParse(JSON.parse(reply.body.toString())).error?.issues).toBeUndefined();
  });
});

function known(name: string): string {
  if (name === 'none') throw new AppError('MODEL_UNKNOWN', 'no such model');
  return name;
}

interface Request {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** The client says that it has the answer. */
  readonly isKnown?: boolean;
  /** Asked so many times, the last one counts. */
  readonly times?: number;
  /** What does not work meanwhile. */
  readonly breaks?: typeof broken;
}

// The path is one that is described.
function describedAnswers({ paths }: Description, method: string, path: string): Operation['responses'] {
  const [, operations] = Object.entries(paths).find(([name]) =>
    new RegExp(`^${name.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path.split('?')[0]!),
  )!;
  return operations[method.toLowerCase()]!.responses;
}

async function ask(method: string, path: string, { headers, body }: Request, tag?: string) {
  const known = tag === undefined ? {} : { 'if-none-match': tag };
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const call = request(url + path, { method, headers: { ...json, ...known, ...headers } });
  call.end(body && JSON.stringify(body));
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

async function readDescription(): Promise<Description> {
  return (await (await fetch(`${url}/api/openapi.json`)).json()) as Description;
}
