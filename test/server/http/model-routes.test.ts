import { request, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeServer } from '../../../server/http/http-server.ts';
import { ModelCatalogue } from '../../../server/inference/model-catalogue.ts';
import { Folder } from '../../support/folder.ts';
import { foreignOrigins } from '../../support/foreign-origins.ts';
import { testReport, writeWholeModel } from '../../support/model-folders.ts';
import { noModels } from '../../support/no-models.ts';
import { serveApp } from '../../support/served-app.ts';
import { levelGraph, writeModel } from '../../support/test-models.ts';

const folder = new Folder();
const changed: string[] = [];
let server: Server;
let port: number;

beforeEach(async () => {
  changed.length = 0;
  writeWholeModel(folder.path('models/level'));
  writeModel(folder.path('secret'), levelGraph(), { name: 'secret' });
  const catalogue = new ModelCatalogue({ directory: folder.path('models'), entries: () => [] });
  ({ server, port } = await serveApp({
    models: {
      list: noModels().list,
      manifest: (name) => catalogue.manifest(name),
      report: (name) => catalogue.report(name),
      card: (name, language) => catalogue.card(name, language),
      examples: (name) => catalogue.examples(name),
      graph: (name) => catalogue.graph(name),
      swap: async (name, to) => {
        await catalogue.folderOf(name, to);
        changed.push(`${name} by ${to}`);
      },
      rollBack: async (name) => {
        await catalogue.manifest(name);
        changed.push(`${name} back`);
      },
      compare: (name, { version, runs }) => {
        changed.push(`${runs.length} runs of ${name} ${version}`);
        return { compared: 1, different: 0, greatest: 0 };
      },
    },
    access: { host: '127.0.0.1', allowedHosts: [], allowedOrigins: ['https://wall.example'], isSecure: false },
  }));
});
afterEach(() => closeServer(server));

describe('a model', () => {
  it('is its manifest, its report, its card and its graph', async () => {
    const [manifest, report, card, graph] = await Promise.all(
      ['', '/report', '/card', '/onnx'].map((part) => get(`/api/models/level${part}`)),
    );

    expect(JSON.parse(manifest!.text)).toMatchObject({ name: 'level', version: '1' });
    expect(JSON.parse(report!.text)).toEqual(testReport());
    expect(card!.text).toBe('# level\n\nTells low from high.');
    expect(card!.headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(graph!.body.equals(Buffer.from(levelGraph()))).toBe(true);
    expect(graph!.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="level.onnx"',
      'x-content-type-options': 'nosniff',
      etag: `"${JSON.parse(manifest!.text).sha256}"`,
    });
    expect((await get('/api/models/level/onnx', { 'if-none-match': String(graph!.headers.etag) })).status).toBe(304);
  });

  it.each([
    '..',
    '.',
    '%2e%2e',
    '..%2fsecret',
    '..%2f..%2fsecret',
    '%2e%2e%2fsecret',
    '..%5csecret',
    'level%2f..%2f..%2fsecret',
    '%2fetc%2fpasswd',
    'secret',
    'level%00',
    'level%0a',
    'LEVEL',
    '%ff',
    '__proto__',
    'constructor',
    'a'.repeat(5000),
    '%252e%252e',
  ])('is not found by %s', async (name) => {
    for (const part of ['', '/report', '/card', '/examples', '/onnx']) {
      const reply = await get(`/api/models/${name}${part}`);

      expect([400, 404]).toContain(reply.status);
      expect(reply.text).not.toMatch(/root:|sha256/);
    }
    for (const part of ['swap', 'roll-back']) {
      const reply = await post(`/api/models/${name}/${part}`, { folder: 'level' });
      expect([400, 404, 405]).toContain(reply.status);
    }
    expect(changed).toEqual([]);
  });
});

describe('a change of models', () => {
  it('is made for the own page, an allowed one, and a program', async () => {
    for (const origin of [`http://127.0.0.1:${port}`, 'https://wall.example', undefined]) {
      const headers: Record<string, string> = origin === undefined ? {} : { origin };
      expect((await post('/api/models/level/swap', { folder: 'level' }, headers)).status).toBe(200);
      expect((await post('/api/models/level/roll-back', undefined, headers)).status).toBe(200);
    }
    expect(changed).toEqual(Array.from({ length: 3 }, () => ['level by level', 'level back']).flat());
  });

  it('is refused to pages of other sites', async () => {
    for (const origin of foreignOrigins(port).slice(0, 5)) {
      const swap = await post('/api/models/level/swap', { folder: 'level' }, { origin });
      const back = await post('/api/models/level/roll-back', undefined, { origin });
      expect([origin, swap.status, back.status]).toEqual([origin, 403, 403]);
    }
    expect(changed).toEqual([]);
  });

  it.each<[unknown, number]>([
    [{}, 400],
    [{ folder: '../secret' }, 400],
    [{ folder: '/etc' }, 400],
    [{ folder: '' }, 400],
    [{ folder: ['level'] }, 400],
    [{ folder: 'level', path: '/etc' }, 400],
    ['{"folder":', 400],
    [{ folder: 'x'.repeat(2000) }, 400],
    [{ folder: 'secret' }, 404],
  ])('is refused by %j', async (body, status) => {
    const reply = await post('/api/models/level/swap', body);

    expect([reply.status, changed]).toEqual([status, []]);
  });

  it('is refused where the body does not say that it is JSON', async () => {
    const reply = await post('/api/models/level/swap', { folder: 'level' }, { 'content-type': 'text/plain' });

    expect([reply.status, changed]).toEqual([400, []]);
  });
});

describe('what a page found', () => {
  const run = {
    channel: 'view.a',
    fromNs: '1700000000000000000',
    kind: 'class',
    label: '1',
    probabilities: [0.25, 0.75],
  };
  const runs = (count: number, fields: object = {}) => ({
    version: '1',
    runs: Array.from({ length: count }, (_, first) => ({ ...run, first, ...fields })),
  });

  it('is compared, of up to 64 runs of 64 classes', async () => {
    const widest = runs(64, {
      probabilities: Array.from({ length: 64 }, () => 0.12345678901234566),
      unknownScore: 1.5,
    });
    const reply = await post('/api/models/level/parity', widest);

    expect([reply.status, reply.text]).toEqual([200, '{"compared":1,"different":0,"greatest":0}']);
    expect(changed).toEqual(['64 runs of level 1']);
  });

  it.each<[string, unknown, number]>([
    ['nothing', {}, 400],
    ['no run', runs(0), 400],
    ['a run too many', runs(65), 400],
    ['a class too many', runs(1, { probabilities: new Array(65).fill(0) }), 400],
    ['a probability that is none', runs(1, { probabilities: ['0.5'] }), 400],
    ['a probability beyond 1', runs(1, { probabilities: [1e308] }), 400],
    ['a probability below 0', runs(1, { probabilities: [-0.1, 1.1] }), 400],
    ['the same run twice', runs(2, { first: 100 }), 400],
    ['an outcome that is none', runs(1, { kind: 'dropped' }), 400],
    ['a number that is none', JSON.stringify(runs(1, { unknownScore: 5 })).replace(':5}', ':1e999}'), 400],
    ['a channel that is none', runs(1, { channel: '../x' }), 400],
    ['a time that is none', runs(1, { fromNs: '9'.repeat(20) }), 400],
    ['a member more', runs(1, { path: '/etc' }), 400],
    ['more than a page can send', { ...runs(1), version: 'x'.repeat(300_000) }, 400],
    ['JSON that is cut off', '{"version":', 400],
  ])('is refused where it is %s', async (_, body, status) => {
    const reply = await post('/api/models/level/parity', body);

    expect([reply.status, changed]).toEqual([status, []]);
  });

  it('is refused from pages of other sites, and where there is too much of it', async () => {
    for (const origin of foreignOrigins(port).slice(0, 5)) {
      expect((await post('/api/models/level/parity', runs(1), { origin })).status).toBe(403);
    }
    expect(changed).toEqual([]);
    const statuses = new Set<number>();
    for (let i = 0; i < 201; i++) statuses.add((await post('/api/models/level/parity', runs(1))).status);
    expect([...statuses]).toEqual([200, 429]);
  });
});

function get(path: string, headers: Readonly<Record<string, string>> = {}) {
  return send('GET', path, headers);
}

function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return send('POST', path, { ...json, ...headers }, typeof body === 'string' ? body : JSON.stringify(body));
}

// `fetch` would tidy the path.
async function send(method: string, path: string, headers: Readonly<Record<string, string>>, body?: string) {
  return new Promise<{ status: number; headers: Readonly<Record<string, unknown>>; body: Buffer; text: string }>(
    (resolve, reject) => {
      const call = request({ host: '127.0.0.1', port, method, path, headers }, async (response) => {
        const bytes = await buffer(response);
        resolve({ status: response.statusCode!, headers: response.headers, body: bytes, text: bytes.toString() });
      });
      call.on('error', reject);
      call.end(body);
    },
  );
}
