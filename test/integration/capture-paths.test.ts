import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { CaptureFixture, EPOCH_MS, sendSamples } from '../support/capture-fixture.ts';

const fixture = new CaptureFixture();

// What could reach a file outside, or another one inside: in the place of an identifier or in the middle of it.
const TARGETS = ['secret', 'secret.json', 'etc/passwd', 'captures/secret', 'fenestra.toml'];
const DOTS = [
  '../',
  '..%2f',
  '..%2F',
  '%2e%2e/',
  '%2e%2e%2f',
  '..%5c',
  '..\\',
  '%252e%252e%252f',
  '..%c0%af',
  '%c0%ae%c0%ae/',
];
const UP = [
  '....//',
  '..;/',
  '.%2e/',
  '%u002e%u002e/',
  '..%00/',
  '%e2%80%a5/',
  '..%ef%bc%8f',
  '．．/',
  '..%0d%0a/',
  '//..//',
];
const WHOLE = [
  '/etc/passwd',
  '%2fetc%2fpasswd',
  'C:%5cWindows%5cwin.ini',
  'file:%2f%2f%2fetc%2fpasswd',
  '%00',
  'secret%00',
  '.',
  '%2e',
  '..',
  '%2e%2e',
  '~',
  '*',
  'con',
  'nul',
  '%',
  '%zz',
  '%ff',
  'constructor',
  '__proto__',
  'toString',
  '%2520',
  '%20',
  '%0a',
  'é',
  '%F0%9F%92%A9',
  'A'.repeat(5000),
  'secret.sigmf-data',
  'secret.json',
  'secret',
  '-',
];
const VECTORS = [
  ...WHOLE,
  ...[...DOTS, ...UP].flatMap((up) => TARGETS.map((target) => `${up.repeat(4)}${target}`)),
  ...[...DOTS, ...UP].flatMap((up) => [`ID${up}secret`, `ID/${up}secret`, `${up}ID`]),
  ...['', '/data', '/overview', '/download'].map((file) => `ID%2f..%2fsecret${file}`),
  ...['sigmf', 'wav', 'npy'].flatMap((as) => [`ID/download?as=../${as}`, `ID/download?as=${as}%00`]),
];

describe('paths of recordings', () => {
  it(`lead to nothing but recordings, of ${VECTORS.length} that try`, async () => {
    await fixture.start();
    const device = await fixture.open('c');
    await sendSamples(device, 0, 10_000);
    const { id } = await fixture.client.begin({ channel: 'c', fromMs: EPOCH_MS, toMs: EPOCH_MS + 50 });
    await fixture.client.over(id);
    for (const name of ['secret', 'secret.json', 'captures/secret', 'captures/secret.sigmf-data']) {
      writeFileSync(fixture.folder.path(name), SECRET);
    }
    expect(VECTORS.length).toBeGreaterThanOrEqual(200);

    let asked = 0; // a hundred from one address: more are refused for their number
    const outcomes = new Map<number, number>();
    for (const vector of VECTORS) {
      for (const ending of /\?|\/(data|overview|download)$/.test(vector) ? [''] : ['', '/data', '/download?as=sigmf']) {
        const answer = await ask(
          `/api/captures/${vector.replaceAll('ID', id)}${ending}`,
          2 + Math.floor(asked++ / 100),
        );
        expect(answer, vector).not.toContain(SECRET);
        expect(answer, vector).not.toContain('root:');
        const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
        expect([400, 404, 431], `${vector}${ending}: ${answer.slice(0, 200)}`).toContain(status);
        outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
      }
    }
    console.log(`answers by status: ${JSON.stringify(Object.fromEntries(outcomes))}`);
    expect((await fixture.client.file(id, 'data')).status).toBe(200); // the right one is still there
  });

  it('are made by the server, whatever a channel or a comment says', async () => {
    await fixture.start();
    const device = await fixture.open('..');
    await sendSamples(device, 0, 10_000);
    const before = readdirSync(fixture.folder.path());

    const comment = '../../x"; filename="evil.sh\r\nSet-Cookie: a=b <script>alert(1)</script>\0';
    const { id } = await fixture.client.begin({ channel: '..', comment, fromMs: EPOCH_MS, toMs: EPOCH_MS + 50 });
    const capture = await fixture.client.over(id);

    expect(capture.cause).toEqual({ kind: 'person', comment });
    expect(id).toMatch(/^[a-z0-9-]{1,64}$/);
    expect(readdirSync(fixture.folder.path())).toEqual(before);
    expect(existsSync(fixture.folder.path('captures'))).toBe(true);
    for (const [as, name] of [
      ['sigmf', `${id}.sigmf`],
      ['wav', `${id}.wav`],
      ['npy', `${id}.npy`],
    ]) {
      const reply = await fixture.client.file(id, `download?as=${as}`);
      expect(reply.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
      expect(reply.headers.get('set-cookie')).toBeNull();
      expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
      expect((await reply.arrayBuffer()).byteLength).toBe(Number(reply.headers.get('content-length')));
    }
  });
});

const SECRET = 'what nobody may read';

// Not `fetch`, which tidies paths.
async function ask(path: string, from: number): Promise<string> {
  const { hostname, port } = new URL(fixture.server.url);
  const socket = connect({ port: Number(port), host: hostname, localAddress: `127.0.0.${from}` });
  socket.on('error', () => {}); // what the server refuses it may cut
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`);
  return text(socket).catch(() => '');
}
