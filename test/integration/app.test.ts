import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startApp } from '../../server/app.ts';
import { LogOutput } from '../../server/base/log-output.ts';
import { Config } from '../../server/config.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { Folder } from '../support/folder.ts';
import { silentLog } from '../support/silent-log.ts';
import { BALANCED } from '../support/system-source.ts';
import { TestViewer } from '../support/viewer.ts';

const BUILD = new URL('../../build/', import.meta.url);
const BASIC_ALARMS = new URL('../../server/alarms/shipped/basic.toml', import.meta.url);
const KERNELS = readFileSync(new URL('assembly/kernels.wasm', BUILD));

const folder = new Folder();

describe('startApp', () => {
  it('goes on without its ingest thread, unhealthy, and tells what was last measured', async () => {
    const app = await start({ worker: dyingWorker() });
    const url = `http://${app.http.host}:${app.http.port}`;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);

    await fetch(`${url}/api/system`); // which it dies of
    await expect.poll(async () => (await fetch(`${url}/healthz`)).status).toBe(503);

    const health = await (await fetch(`${url}/healthz`)).json();
    expect(health).toEqual({ ok: false, problems: ['the ingest thread has failed'] });
    const system = (await (await fetch(`${url}/api/system`)).json()) as SystemReply;
    expect(system.ledger).toMatchObject([{ channel: BALANCED.channel, received: BALANCED.received, live: false }]);
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    await app.close();
  });

  it('is unhealthy while the ingest thread hangs', async () => {
    const app = await start({ worker: hangingWorker() });
    const health = `http://${app.http.host}:${app.http.port}/healthz`;
    expect((await fetch(health)).status).toBe(200);

    await expect.poll(async () => (await fetch(health)).status).toBe(503);
    expect(await (await fetch(health)).json()).toMatchObject({ problems: [expect.stringContaining('silent')] });
    await app.close();
  });

  it('is unhealthy when windows were dropped or the books do not balance', async () => {
    const entries = [{ ...BALANCED, pending: 0, windows: 5 }]; // of which none comes
    const books = { entries, waiting: 1, dropped: 3 };
    const app = await start({ worker: tellingWorker([{ kind: 'ledger', books }]) });
    const health = `http://${app.http.host}:${app.http.port}/healthz`;

    await expect.poll(async () => (await fetch(health)).status).toBe(503);
    expect(await (await fetch(health)).json()).toEqual({
      ok: false,
      problems: ['windows were dropped within the last minute', 'the ledger does not balance: etch-1, windows'],
    });
    await app.close();
  });

  it.each([
    ['missing', undefined, 'ENOENT'],
    ['cut', KERNELS.subarray(0, 500), 'past end'],
    ['noise', Buffer.from('garbage'), 'magic word'],
    ['of another version', Buffer.from('0061736d01000000', 'hex'), 'ABI undefined'],
  ])('says in a sentence that its kernels are %s, and that a build makes them', async (_name, bytes, reason) => {
    if (bytes) folder.write('kernels.wasm', bytes);
    const wasm = pathToFileURL(folder.path('kernels.wasm'));

    const refused: unknown = await start({ wasm }).catch((error: unknown) => error);

    expect(refused).toMatchObject({ code: 'KERNELS_INVALID' });
    expect(String(refused)).toMatch(/kernels\.wasm \(make them anew with: npm run build\): /);
    expect(String(refused)).toContain(reason);
  });

  it('tells its viewers that it stops though its ingest thread is stuck', async () => {
    const app = await start({ worker: stuckWorker() });
    const viewer = await TestViewer.open(`http://${app.http.host}:${app.http.port}`);
    await new Promise((resolve) => setTimeout(resolve, 100));

    await app.close();

    expect(await viewer.closed).toMatchObject({ code: 1001 });
    expect(viewer.errors()).toMatchObject([{ code: 'SERVER_STOPPING' }]);
  });

  it('leaves nothing running when it cannot listen', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as { port: number };
    const ingest = await freePort();

    await expect(start({ server: { port }, ingest: { port: ingest } })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
    });

    const again = createServer().listen(ingest, '127.0.0.1');
    await once(again, 'listening'); // the ingest thread is gone
    again.close();
    blocker.close();
  });
});

interface Start {
  readonly wasm?: URL;
  readonly worker?: URL;
  readonly server?: object;
  readonly ingest?: object;
}

function start({ worker, wasm, server, ingest }: Start) {
  const config = Config.parse({
    log: { level: 'silent' },
    server: { port: 0, ...server },
    ingest: { port: 0, ...ingest },
    storage: { directory: folder.path('data') },
    alarms: { definitions: fileURLToPath(BASIC_ALARMS) },
  });
  return startApp(config, {
    log: silentLog(),
    logOutput: new LogOutput(1), // to which nothing goes
    version: 'test',
    worker: worker ?? new URL('program/stream-worker.js', BUILD),
    captureWorker: new URL('program/capture-worker.js', BUILD),
    historyWorker: new URL('program/history-worker.js', BUILD),
    wasm: wasm ?? new URL('assembly/kernels.wasm', BUILD),
    client: new URL('client/', BUILD),
  });
}

/** Says that it listens, accounts once, and throws at the first thing it is asked. */
function dyingWorker(): URL {
  const books = { entries: [{ ...BALANCED, live: true, windows: 0 }], waiting: 0, dropped: 0 };
  const source = `
    import { parentPort } from 'node:worker_threads';
    parentPort.once('message', () => {
      parentPort.on('message', () => { throw new Error('a bug in the thread'); });
      parentPort.postMessage({ kind: 'listening', host: '127.0.0.1', port: 1 });
      parentPort.postMessage(${JSON.stringify({ kind: 'ledger', books })});
    });
  `;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

/** Says that it listens, and then never comes to anything else. */
function stuckWorker(): URL {
  const source = `
    import { parentPort } from 'node:worker_threads';
    parentPort.once('message', () => {
      parentPort.postMessage({ kind: 'listening', host: '127.0.0.1', port: 1 });
      setTimeout(() => { for (;;); }, 50);
    });
  `;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

/** Listens, accounts once, and then says nothing more until it is closed. */
function hangingWorker(): URL {
  return tellingWorker([{ kind: 'ledger', books: { entries: [], waiting: 0, dropped: 0 } }]);
}

/** Says that it listens and then `messages`; ends when it is closed. */
function tellingWorker(messages: readonly object[]): URL {
  const source = `
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ kind }) => kind === 'close' && parentPort.close());
    parentPort.postMessage({ kind: 'listening', host: '127.0.0.1', port: 1 });
    setTimeout(() => ${JSON.stringify(messages)}.forEach((message) => parentPort.postMessage(message)), 50);
  `;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
