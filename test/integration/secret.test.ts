import { afterEach, expect, it } from 'vitest';
import { Folder } from '../support/folder.ts';
import { ownPort } from '../support/own-port.ts';
import { startServer, type TestServer } from '../support/server.ts';

const SECRET = 'correct horse battery';

const folder = new Folder();
let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

it('does not start beyond this machine without a secret, and says how to make one', async () => {
  const refusal = startServer({ server: { host: '0.0.0.0' } });

  await expect(refusal).rejects.toThrow(/ended with 1: fenestra: .*\n +server\.operator_secret: is empty.*0\.0\.0\.0/);
  await expect(refusal).rejects.toThrow(/node -p/);
});

it('lets act beyond this machine who gave the secret, also after a kill', async () => {
  const port = await ownPort();
  const storage = { directory: folder.path('data') };
  const settings = { server: { host: '0.0.0.0', port, operator_secret: SECRET }, storage };
  server = await startServer(settings);
  const url = `http://127.0.0.1:${port}`;
  const json = { 'content-type': 'application/json' };
  const capture = async (cookie: string) =>
    (await fetch(`${url}/api/captures`, { method: 'POST', headers: { ...json, cookie }, body: '{}' })).status;

  expect((await fetch(`${url}/api/system`)).status).toBe(200);
  expect(await capture('')).toBe(401);
  const reply = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ secret: SECRET }),
  });
  const cookie = reply.headers.get('set-cookie')!.split(';')[0]!;
  expect(await capture(cookie)).toBe(400); // the wish says nothing
  expect(JSON.stringify(server.logs)).not.toContain(SECRET);

  server.kill('SIGKILL');
  await server.ended;
  server = await startServer(settings);

  expect([await capture(cookie), await capture('')]).toEqual([400, 401]);
});
