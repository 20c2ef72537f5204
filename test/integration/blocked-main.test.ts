import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { helloBytes } from '../support/device.ts';
import { Folder } from '../support/folder.ts';
import { startHistoryThread } from '../support/history-thread.ts';
import { startThread } from '../support/ingest-thread.ts';

const FRAMES = 80;
const BLOCK_MS = 1500;
const folder = new Folder();

it('acknowledges a device while the main thread stands still, and loses nothing', async () => {
  const { thread: history, marks, ingestPort } = await startHistoryThread(folder.path());
  const { thread, windows, close } = await startThread({ history: { port: ingestPort!, marks } });
  const acknowledged = new Int32Array(new SharedArrayBuffer(4));
  const hello = helloBytes({ 'fenestra:channel': 'a', 'fenestra:window': 10 });
  const device = new Worker(DEVICE, {
    eval: true,
    workerData: { address: thread.address, hello, frames: FRAMES, acknowledged },
  });
  const exited = once(device, 'exit');
  while (Atomics.load(acknowledged, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));

  const before = Atomics.load(acknowledged, 0);
  const published = windows.length;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCK_MS); // nothing of this thread runs
  const during = Atomics.load(acknowledged, 0) - before;
  expect(windows.length).toBe(published);
  await exited;
  const ledger = await thread.readLedger();
  await close();
  await history.close();

  expect(during).toBeGreaterThanOrEqual(5); // one a commit where the machine is free, 15
  expect(ledger).toMatchObject([{ received: FRAMES * 10, reduced: FRAMES * 10, missing: 0, duplicate: 0 }]);
  expect(windows.map(({ index }) => index)).toEqual(Array.from({ length: FRAMES }, (_, i) => i));
});

// A device on a thread of its own: sends a frame of ten samples, waits for its
// acknowledgement, sends the next.
const DEVICE = `
const { connect } = require('node:net');
const { workerData } = require('node:worker_threads');
const { address, hello, frames, acknowledged } = workerData;
const socket = connect(address, () => socket.write(hello));
let received = Buffer.alloc(0);
let isAnswered = false;
let sent = 0;

function sendFrame() {
  const frame = Buffer.alloc(64 + 20);
  frame.write('FNST');
  frame.writeUInt16LE(1, 4);
  frame.writeUInt16LE(64, 6);
  frame.writeUInt32LE(20, 8);
  frame.writeBigUInt64LE(BigInt(sent), 16);
  frame.writeBigUInt64LE(BigInt(sent * 10), 24);
  sent++;
  socket.write(frame);
}

socket.on('data', (chunk) => {
  received = Buffer.concat([received, chunk]);
  if (!isAnswered) {
    if (received.length < 4 || received.length < 4 + received.readUInt32LE(0)) return;
    received = received.subarray(4 + received.readUInt32LE(0));
    isAnswered = true;
    sendFrame();
  }
  for (; received.length >= 24; received = received.subarray(24)) {
    if (Number(received.readBigUInt64LE(8)) !== sent * 10) continue;
    Atomics.add(acknowledged, 0, 1);
    if (sent < frames) sendFrame();
    else socket.end();
  }
});
`;
