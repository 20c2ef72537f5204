import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SystemReply } from '../../server/wire/rest.ts';
import { COMMAND } from '../support/command.ts';
import { Device } from '../support/device.ts';
import { Fifo } from '../support/fifo.ts';
import { Folder } from '../support/folder.ts';
import { hasTool } from '../support/tools.ts';

// The real server, its standard output a pipe that is read when the test says so.

const SETTINGS = '[server]\nport = 0\n[ingest]\nport = 0\n[log]\nlevel = "debug"\n';
const HELLO = { 'fenestra:channel': 'etch-1', 'core:sample_rate': 10_000, 'fenestra:window': 10 };
/** Each is a line of the log as long as what is refused. */
const REFUSALS = 400;
const BUG = "process.once('SIGUSR2', () => { throw new Error('a bug'); });";
const ORIGIN = `https://${'x'.repeat(7000)}.example`;

interface Listening {
  readonly http: { readonly host: string; readonly port: number };
  readonly ingest: { readonly host: string; readonly port: number };
}

const folder = new Folder();
let fifo: Fifo;
let child: ChildProcess;

describe.skipIf(!hasTool('mkfifo'))('the log', () => {
  beforeEach(() => {
    fifo = new Fifo(folder.path('log'));
  });

  afterEach(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    fifo.close();
  });

  it('holds the bug that ended the server, though it was not read at that moment', async () => {
    const { http } = await start({ NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(BUG)}` });
    await refuseViewers(http.port, 12); // a little more than the pipe holds
    const ended = once(child, 'exit');

    child.kill('SIGUSR2');
    await expect.poll(() => lines().at(-1)?.level, { interval: 20 }).toBe(60);

    expect(await ended).toEqual([1, null]);
    expect(lines().at(-1)).toMatchObject({ level: 60, msg: 'the server has failed', err: { message: 'a bug' } });
  });

  it('stops neither devices nor viewers while nobody reads it, and tells what is missing when it is read again', async () => {
    const { http, ingest } = await start();
    const device = await Device.open(ingest, HELLO);
    await acknowledge(device, 1);

    await refuseViewers(http.port, REFUSALS);
    for (let i = 0; i < 12; i++) await refuseDevice(ingest); // lines of the other thread
    await acknowledge(device, 2);
    const { log, ledger } = await readSystem(http.port);
    expect(log.lost).toBeGreaterThan(0);
    expect(ledger).toMatchObject([{ channel: 'etch-1', received: 20, imbalances: [] }]);

    await expect.poll(() => lostLines()).toBeGreaterThanOrEqual(log.lost);
    expect(await metric(http.port, 'fenestra_log_lost_lines_total')).toBe(lostLines());
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');

    const read = lines();
    const refused = read.filter(({ msg }) => msg === 'viewer refused').length;
    expect(refused).toBeLessThan(REFUSALS);
    expect(refused + lostLines()).toBeGreaterThanOrEqual(REFUSALS); // others were lost too
    expect([code, read.at(-1)?.msg]).toEqual([0, 'stopped']);
    device.socket.destroy();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('does not hold up a stop by %s while nobody reads it', async (signal) => {
    const { http } = await start();
    await refuseViewers(http.port, 50); // more than the pipe holds

    child.kill(signal);

    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

async function start(environment: Readonly<Record<string, string>> = {}): Promise<Listening> {
  const writer = fifo.openWriter();
  child = spawn(process.execPath, [COMMAND, 'serve', '--config', folder.write('fenestra.toml', SETTINGS)], {
    env: { ...process.env, FENESTRA_STORAGE_DIRECTORY: folder.path('data'), ...environment },
    stdio: ['ignore', writer, 'ignore'],
  });
  await expect.poll(() => lines().some(({ msg }) => msg === 'listening')).toBe(true);
  return lines().find(({ msg }) => msg === 'listening') as unknown as Listening;
}

function lines(): Record<string, unknown>[] {
  return fifo.read().map((line) => JSON.parse(line) as Record<string, unknown>);
}

function lostLines(): number {
  return lines().reduce((sum, { lost = 0 }) => sum + (lost as number), 0);
}

/** Sends window number `count` and waits for its acknowledgement. */
async function acknowledge(device: Device, count: number): Promise<void> {
  device.frame((count - 1) * 10, new Int16Array(10));
  await device.until(() => device.acknowledgements.at(-1)?.nextSample === count * 10);
}

async function refuseViewers(port: number, count: number): Promise<void> {
  for (let i = 0; i < count; i++) expect(await upgrade(port)).toBe(403);
}

function upgrade(port: number): Promise<number | undefined> {
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    Origin: ORIGIN,
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/api/live', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

async function refuseDevice(address: Listening['ingest']): Promise<void> {
  const device = await Device.open(address, { ...HELLO, 'core:datatype': 'nonsense' });
  expect(device.answer?.ok).toBe(false);
  device.socket.destroy();
}

async function readSystem(port: number): Promise<SystemReply> {
  return (await (await fetch(`http://127.0.0.1:${port}/api/system`)).json()) as SystemReply;
}

async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
}
