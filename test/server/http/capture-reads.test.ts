import { existsSync, readdirSync, readlinkSync, truncateSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { captureFiles } from '../../../server/capture/capture-files.ts';
import { openDownload } from '../../../server/capture/download.ts';
import { closeServer } from '../../../server/http/http-server.ts';
import { OpenReads } from '../../../server/http/open-reads.ts';
import type { CaptureReply } from '../../../server/wire/captures.ts';
import { Folder } from '../../support/folder.ts';
import { noCaptures } from '../../support/no-captures.ts';
import { serveApp } from '../../support/served-app.ts';

const LIMIT = 3;
const IDLE_MS = 500;
const BYTES = 2 ** 30; // more than sockets take on their own
const CAPTURE = {
  id: 'one',
  state: 'ready',
  datatype: 'ri16_le',
  rateHz: 1000,
  bytes: BYTES,
  sha512: '',
} as CaptureReply;
const folder = new Folder();
const sockets: Socket[] = [];
let reads: OpenReads;
let server: Server;
let port: number;

beforeEach(async () => {
  truncateSync(folder.write('one.sigmf-data', ''), BYTES);
  reads = new OpenReads({ limit: LIMIT, idleMs: IDLE_MS });
  const files = captureFiles(folder.path(), 'one');
  ({ server, port } = await serveApp({
    captures: {
      ...noCaptures(),
      find: () => CAPTURE,
      files: () => files,
      download: (capture, as) => openDownload(capture, files, as),
      reads,
    },
  }));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await closeServer(server);
});

describe('requests that read recordings', () => {
  it('are refused past so many at a time, with a code, until one is over', async () => {
    for (const path of ['data', 'download?as=npy', 'overview'].slice(0, 2)) stall(path);
    const third = stall('download?as=wav');
    await expect.poll(() => reads.status().reading).toBe(LIMIT);

    const refused = await get('data');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({
      code: 'CAPTURE_BUSY',
      message: expect.stringContaining('allowed are 3'),
    });
    expect((await get('')).status).toBe(200); // what is not a file is answered

    third.destroy();
    await expect.poll(() => reads.status().reading).toBe(LIMIT - 1);
    const part = await get('data', { Range: 'bytes=0-99' });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 100]);
    expect(reads.status().readsRefused).toBe(1);
  });

  it('are cut, and let go of the file, when nobody takes what they are sent', async () => {
    const stalled = [stall('data'), stall('download?as=npy')];
    await expect.poll(openFiles).toBe(existsSync('/proc/self/fd') ? 2 : 0);

    await expect.poll(() => reads.status()).toEqual({ reading: 0, readsRefused: 0, readsCut: 2 });
    await expect.poll(openFiles).toBe(0);
    for (const socket of stalled) socket.resume();
    await expect.poll(() => stalled.every(({ destroyed }) => destroyed)).toBe(true);
  });
});

/** Asks and reads nothing of the answer. */
function stall(path: string): Socket {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined); // it is cut
  socket.write(`GET /api/captures/one/${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  return socket.pause();
}

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/api/captures/one${path === '' ? '' : `/${path}`}`, { headers });
}

/** How often this process has the samples open; 0 where the system does not tell. */
function openFiles(): number {
  if (!existsSync('/proc/self/fd')) return 0;
  return readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === folder.path('one.sigmf-data')).length;
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // closed meanwhile
  }
}
