import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/command.ts';
import { Folder } from '../support/folder.ts';

const folder = new Folder();

describe('fenestra cert', () => {
  it('makes what a server proves itself with to who trusts its authority', async () => {
    const { stdout, status } = await runCommand(['cert', '--host', 'Plant.example', '10.9.8.7'], folder.path());

    expect(status).toBe(0);
    expect(stdout).toContain(`tls_key = "${folder.path('fenestra-cert/server.key')}"`);
    expect(stdout).toContain('https://plant.example:8080/');
    const read = (name: string) => readFileSync(folder.path(`fenestra-cert/${name}`), 'utf8');
    const server = createServer({ cert: read('server.crt'), key: read('server.key') }, (socket) => socket.end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const proves = async (servername: string) => {
      const socket = connect({ host: '127.0.0.1', port, servername, ca: read('fenestra-ca.crt') });
      return once(socket, 'secureConnect').then(
        () => true,
        () => false,
      );
    };
    expect(await Promise.all(['plant.example', 'localhost', 'other.example'].map(proves))).toEqual([true, true, false]);
    server.close();
  });

  it('keeps the key to its owner, and replaces nothing unless it is told to', async () => {
    await runCommand(['cert', '-o', 'tls'], folder.path());
    const before = readFileSync(folder.path('tls/server.key'), 'utf8');

    const again = await runCommand(['cert', '-o', 'tls'], folder.path());

    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('are there already; --force replaces')]);
    expect(readFileSync(folder.path('tls/server.key'), 'utf8')).toBe(before);
    expect((await runCommand(['cert', '-o', 'tls', '--force'], folder.path())).status).toBe(0);
    expect(readFileSync(folder.path('tls/server.key'), 'utf8')).not.toBe(before);
    expect(statSync(folder.path('tls/server.key')).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'a b', 'http://plant.example', '-x', 'plant.example:8080', 'x'.repeat(300)])(
    'refuses the host %j',
    async (host) => {
      const { status, stderr } = await runCommand(['cert', `--host=${host}`], folder.path());

      expect([status, stderr]).toEqual([1, expect.stringContaining('expected a name such as plant.example')]);
    },
  );
});
