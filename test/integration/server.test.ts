import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { SystemReply } from '../../server/wire/rest.ts';
import { Device } from '../support/device.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { TestViewer } from '../support/viewer.ts';

const HELLO = { 'fenestra:channel': 'etch-1', 'core:sample_rate': 10_000, 'fenestra:window': 100 };

let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe('the server', () => {
  it('brings samples from a socket to a viewer, and keeps its books', async () => {
    server = await startServer();
    const viewer = await TestViewer.open(server.url, { keepsBlocks: true });
    await viewer.subscribe([{ name: '*' }]);

    const device = await Device.open(server.ingest, HELLO);
    device.frame(
      0,
      Int16Array.from({ length: 1050 }, (_, i) => i),
    );
    device.frame(1250, new Int16Array(100));
    await device.finish();
    await viewer.until(() => (viewer.viewed.get('etch-1')?.windows ?? 0) >= 13);

    const system = await readSystem(server.url);
    expect(system.ledger).toMatchObject([{ received: 1150, reduced: 1150, pending: 0, missing: 200, imbalances: [] }]);
    expect(system.windows).toMatchObject({ made: 13, taken: 13, waiting: 0, dropped: 0, imbalances: [] });
    const [first] = viewer.view('etch-1').blocks;
    expect([first?.min[0], first?.max[0], first?.mean[0]]).toEqual([0, 99, 49.5]);

    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('fenestra_channel_samples_received_total{channel="etch-1"} 1150\n');
    expect(metrics).toContain('fenestra_channel_samples_missing_total{channel="etch-1"} 200\n');
    expect(metrics).toContain('fenestra_channel_ledger_imbalances{channel="etch-1"} 0\n');
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await viewer.close();
  });

  it.each(['constructor', '__proto__', 'toString', '...'])('takes %s for a channel like any other', async (name) => {
    server = await startServer({ channels: { 'etch-1': { label: 'Etch 1' } } });

    const device = await Device.open(server.ingest, { ...HELLO, 'fenestra:channel': name });
    device.frame(0, new Int16Array(200));
    await device.finish();
    const viewer = await TestViewer.open(server.url);
    await viewer.until(() => viewer.channels.some((channel) => channel.name === name));

    expect(viewer.channels.find((channel) => channel.name === name)).toMatchObject({ label: name, window: 100 });
    expect((await readSystem(server.url)).ledger).toMatchObject([{ channel: name, received: 200, imbalances: [] }]);
    await viewer.close();
  });

  it('logs one JSON object a line, and nothing else, to standard output', async () => {
    server = await startServer();

    await fetch(`${server.url}/nothing`);
    await server.close();

    expect(server.logs.filter((line) => 'notJson' in line)).toEqual([]);
    expect(server.logs.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['listening', 'stopping', 'stopped']));
  });
});

describe('a stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('by %s tells devices and viewers, and is clean', async (signal) => {
    server = await startServer();
    const viewer = await TestViewer.open(server.url);
    const device = await Device.open(server.ingest, HELLO);
    device.frame(0, new Int16Array(1000));
    await device.until(() => device.acknowledgements.at(-1)?.nextSample === 1000);
    const idle = await openSocket(server.ingest);
    await server.expectBalance();

    server.kill(signal);

    await device.until(() => device.error !== undefined && device.isEnded);
    expect(device.error).toMatchObject({ code: 'SERVER_STOPPING' });
    expect((await viewer.closed).code).toBe(1001);
    expect(await server.ended).toBe(0);
    idle.destroy();
  });

  it('does not wait for a request that never ends', async () => {
    server = await startServer();
    const { port } = new URL(server.url);
    const half = await openSocket({ host: '127.0.0.1', port: Number(port) });
    half.write('GET / HTTP/1.1\r\nHost: ');

    expect(await server.close()).toBe(0);
    half.destroy();
  });

  it('is at once on the second signal', async () => {
    server = await startServer();
    const viewer = await TestViewer.open(server.url);
    viewer.pause(); // it never answers the close, so a clean stop waits for it

    server.kill('SIGTERM');
    while (!server.logs.some(({ msg }) => msg === 'stopping')) await new Promise((resolve) => setTimeout(resolve, 5));
    server.kill('SIGTERM');

    expect(await server.ended).toBe(1);
    viewer.unpause();
    await viewer.closed;
  });
});

describe('a start', () => {
  it.each(['server', 'ingest'])('on a busy port of [%s] ends with one sentence', async (section) => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as { port: number };

    const start = startServer({ [section]: { port } });

    await expect(start).rejects.toThrow(
      `the server ended with 1: fenestra: cannot listen on 127.0.0.1:${port} (${section}.port): another program uses that port\n`,
    );
    blocker.close();
  });

  it('with wrong settings names every bad field and listens nowhere', async () => {
    const start = startServer({ server: { port: 0, prot: 1 }, hub: { interval_ms: 1 } });

    await expect(start).rejects.toThrow(
      /ended with 1: fenestra: the settings are wrong:\n(?:.*\n)* {2}hub\.interval_ms: .*/,
    );
    await expect(start).rejects.toThrow(/\n {2}server\.prot: no such setting/);
  });
});

describe('a request', () => {
  it('that names a foreign host is refused', async () => {
    server = await startServer({
      server: { allowed_hosts: ['wall.example'], operator_secret: 'correct horse battery' },
    });
    const { port } = new URL(server.url);

    const statuses = await Promise.all(['evil.example', 'wall.example'].map((host) => statusFor(Number(port), host)));

    expect(statuses).toEqual([403, 200]);
  });
});

/** A connection that says nothing by itself and does not mind how it ends. */
async function openSocket(address: { readonly host: string; readonly port: number }): Promise<Socket> {
  const socket = connect(address);
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

async function readSystem(url: string): Promise<SystemReply> {
  return (await (await fetch(`${url}/api/system`)).json()) as SystemReply;
}

function statusFor(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/healthz', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
