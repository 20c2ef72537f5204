import { once } from 'node:events';
import { request } from 'node:https';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SystemReply } from '../../server/wire/rest.ts';
import { Folder } from '../support/folder.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { testCertificate } from '../support/test-certificate.ts';
import { TestViewer } from '../support/viewer.ts';

const SECRET = 'correct horse battery';

const folder = new Folder();
let first: ReturnType<typeof testCertificate>;
let server: TestServer | undefined;
let port: number;

beforeEach(async () => {
  first = testCertificate();
  write(first);
  server = await startServer({
    server: {
      operator_secret: SECRET,
      tls_hsts_days: 2,
      tls_certificate: folder.path('server.crt'),
      tls_key: folder.path('server.key'),
    },
  });
  port = Number(new URL(server.url).port);
});
afterEach(async () => {
  server?.kill('SIGTERM');
  await server?.ended;
});

it('speaks https and wss on its port, by TLS 1.2 or newer, and nothing else', async () => {
  const page = await ask('GET', '/api/system');
  const viewer = await TestViewer.open(server!.url, { ca: first.authority });
  const entered = await ask('POST', '/api/session', JSON.stringify({ secret: SECRET }));

  expect(page.status).toBe(200);
  expect(page.headers['strict-transport-security']).toBe('max-age=172800');
  expect((JSON.parse(page.body) as SystemReply).access.certificate).toMatchObject({
    names: ['127.0.0.1', 'localhost'],
    daysLeft: 99,
  });
  expect(entered.headers['set-cookie']![0]).toMatch(
    /^__Host-fenestra-session-\d+=[^;]+;.*; Path=\/;.* HttpOnly; Secure; SameSite=Strict$/,
  );
  await viewer.close();
  const old: ConnectionOptions = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' };
  await expect(shake(old)).rejects.toThrow(/alert protocol version|EPROTO|unsupported/i);
  expect((await shake({ maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2');
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

it('goes on with another certificate, and open connections with it, and keeps it where a broken one comes', async () => {
  const viewer = await TestViewer.open(server!.url, { ca: first.authority });
  let isClosed = false;
  void viewer.closed.then(() => (isClosed = true));
  const second = testCertificate({ days: 50 });
  write(second);
  process.kill(server!.pid, 'SIGHUP');

  await expect.poll(() => issuedBy(second)).toBe(true);
  await expect(shake({ ca: first.authority })).rejects.toThrow(/certificate|signature/);

  folder.write('server.key', first.key);
  process.kill(server!.pid, 'SIGHUP');
  const problems = async () => JSON.parse((await ask('GET', '/healthz', undefined, second)).body).problems as string[];
  await expect.poll(problems).toEqual([expect.stringContaining('the TLS certificate was not replaced: ')]);
  expect(await issuedBy(second)).toBe(true);

  write(testCertificate({ days: 10 }));
  await expect.poll(() => issuedBy(second), { timeout: 60_000 }).toBe(false); // nobody told it: it looks by itself
  expect(isClosed).toBe(false);
  await viewer.close();
});

function write({ certificate, key }: ReturnType<typeof testCertificate>): void {
  folder.write('server.crt', certificate);
  folder.write('server.key', key);
}

function issuedBy({ authority }: ReturnType<typeof testCertificate>): Promise<boolean> {
  return shake({ ca: authority }).then(
    () => true,
    () => false,
  );
}

async function shake(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca: first.authority, ...options });
  socket.once('secureConnect', () => socket.end());
  await once(socket, 'secureConnect');
  return socket;
}

async function ask(method: string, path: string, body?: string, { authority } = first) {
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const call = request(`${server!.url}${path}`, { method, headers, ca: authority, agent: false }).end(body);
  const [response] = await once(call, 'response');
  let text = '';
  for await (const piece of response) text += String(piece);
  return { status: response.statusCode as number, headers: response.headers, body: text };
}
