import { MessageChannel, Worker } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../server/base/clock.ts';
import { SharedRead } from '../../server/base/shared-read.ts';
import type { FromCapture, ToCapture } from '../../server/capture/capture-link.ts';
import type { ToMain } from '../../server/stream-messages.ts';
import type { StreamThread } from '../../server/stream-thread.ts';
import { windowImbalances } from '../../server/trend/window-account.ts';
import type { CaptureReply } from '../../server/wire/captures.ts';
import { Device } from '../support/device.ts';
import { expectBalance } from '../support/ingest.ts';
import { startThread, type TestThread } from '../support/ingest-thread.ts';
import { keepingHistory } from '../support/keeping-port.ts';

const threads: TestThread[] = [];

afterEach(async () => {
  for (const started of threads.splice(0)) await started.close();
});

it('carries a device from its socket to the buses of the main thread', async () => {
  const { thread, windows, opened } = await start();
  const device = await Device.open(thread.address, { 'fenestra:channel': 'pmt.1', 'fenestra:window': 10 });

  device.frame(0, new Int16Array(1000).fill(7));
  await device.finish();
  const ledger = await thread.readLedger();

  expect(opened.map(({ channel, window }) => [channel, window])).toEqual([['pmt.1', 10]]);
  expect(windows.map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(windows.every(({ channel, summary }) => channel === 'pmt.1' && summary.mean === 7)).toBe(true);
  expect(ledger).toMatchObject([{ channel: 'pmt.1', received: 1000, reduced: 1000, pending: 0, windows: 100 }]);
  expectBalance(ledger);
  expect(thread.windows()).toEqual({ made: 100, taken: 100, waiting: 0, dropped: 0 });
});

it('gives what a device sends again to the history alone: no viewer sees it, and no limit is passed a second time', async () => {
  const history = keepingHistory();
  const recordings = recordingPort();
  const { thread, windows } = await start({
    history: { port: history.port, marks: [] },
    capturePort: recordings.port,
    channels: { test: { capture: { above: 20_000, hold_off_seconds: 0.1, before_seconds: 0, after_seconds: 0.001 } } },
  });
  const hello = { 'fenestra:window': 10, 'fenestra:stream': 'run' };
  const spikes = [55, 4055, 8055]; // further apart than the limit is held off
  const samples = Int16Array.from({ length: 10_000 }, (_, i) => (spikes.includes(i) ? 25_000 : 0));
  const first = await Device.open(thread.address, hello);
  first.frame(0, samples);
  await first.until(() => first.acknowledgements.at(-1)?.nextSample === 10_000);
  history.giveUp({ channel: 'test', stream: 'run', nextSample: 0 });
  await first.until(() => first.isEnded);
  first.socket.destroy();

  const second = await Device.open(thread.address, hello);
  second.frame(0, samples);
  second.frame(10_000, samples.slice(0, 100)); // new again, and beyond the limit
  await second.until(() => second.acknowledgements.at(-1)?.nextSample === 10_100);
  await thread.readLedger();

  const upTo = (windows: number) => Array.from({ length: windows }, (_, i) => i);
  expect(history.windows.map(({ index }) => index)).toEqual([...upTo(1000), ...upTo(1010)]);
  expect(windows.map(({ index }) => index)).toEqual(upTo(1010));
  expect(recordings.begun.map(({ triggerSample }) => triggerSample)).toEqual([...spikes, 10_055]);
  await second.finish();
});

it.each([0, 3])('tells of a parcel of windows that is lost between the threads: %i', async (lost) => {
  const { thread, windows } = await start();
  const device = await Device.open(thread.address, { 'fenestra:window': 10 });
  let parcels = 0;
  const { emit } = Worker.prototype;
  const spy = vi.spyOn(Worker.prototype, 'emit').mockImplementation(function (this: Worker, event, ...args) {
    if ((args[0] as ToMain | undefined)?.kind === 'windows' && parcels++ === lost) return true;
    return emit.call(this, event, ...args);
  });

  for (let i = 0; i < 5; i++) {
    device.frame(i * 10, new Int16Array(10));
    while (parcels <= i) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const ledger = await thread.readLedger();
  spy.mockRestore();
  await device.finish();
  await thread.close();
  threads.pop();

  expectBalance(ledger);
  expect(windows.length).toBe(4);
  expect(windowImbalances(thread.windows())).toEqual(['windows made 5 != taken 4 + waiting 0 + dropped 0']);
});

it('puts a window on the bus soon after its last sample was read', async () => {
  const { thread, windows, delaysMs } = await start();
  const device = await Device.open(thread.address, { 'fenestra:window': 10 });

  for (let i = 0; i < 20; i++) {
    device.frame(i * 10, new Int16Array(10));
    while (windows.length <= i) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  console.log(`window on the bus after ${delaysMs.sort((a, b) => a - b)[10].toFixed(1)} ms (median of 20)`);
  expect(windows.length).toBe(20);
  device.socket.destroy();
});

it('acknowledges every frame while many read the ledger without a pause', async () => {
  const { thread } = await start();
  await leaveGaps(thread.address, { channels: 8, streams: 8, gaps: 100 });
  let reads = 0;
  const readLedger = () => {
    reads++;
    return thread.readLedger();
  };
  const ledger = new SharedRead(readLedger, 250, systemClock);
  const device = await Device.open(thread.address, { 'fenestra:window': 10 });
  const startMs = performance.now();
  let answers = 0;
  let isOver = false;
  const poll = async () => {
    while (!isOver) {
      expectBalance(await ledger.read());
      answers++;
    }
  };
  const polls = Array.from({ length: 50 }, poll);

  for (let i = 1; i <= 30; i++) {
    device.frame((i - 1) * 10, new Int16Array(10));
    await device.until(() => device.acknowledgements.at(-1)?.nextSample === i * 10);
  }
  isOver = true;
  await Promise.all(polls);
  await device.finish();

  expect(device.acknowledgements.length).toBeGreaterThanOrEqual(30);
  expect(answers).toBeGreaterThanOrEqual(50);
  expect(reads).toBeLessThanOrEqual(2 + (performance.now() - startMs) / 249);
});

it('answers with the last account once the thread has ended', async () => {
  const { thread } = await start();
  const device = await Device.open(thread.address, { 'fenestra:window': 10 });
  device.frame(0, new Int16Array(10));
  await device.finish();
  const ledger = await thread.readLedger();
  await thread.close();
  threads.pop();

  expect(await thread.readLedger()).toEqual(ledger);
});

it('rejects with LISTEN_FAILED where the port is taken', async () => {
  const { thread } = await start();

  await expect(start({ port: thread.address.port })).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
});

it('reports a thread that dies', async () => {
  const bug = new URL(`data:text/javascript,${encodeURIComponent(DYING_WORKER)}`);

  const { failures } = await start({ worker: bug });
  while (failures.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));

  expect(failures.map(({ message }) => message)).toEqual(['a bug']);
  threads.pop();
});

it('tells devices that the server stops and keeps their open windows to itself', async () => {
  const { thread, windows, close } = await start();
  const device = await Device.open(thread.address, { 'fenestra:window': 10 });
  device.frame(0, new Int16Array(15));
  await device.until(() => device.acknowledgements.at(-1)?.nextSample === 10);

  await close();
  threads.pop();
  await device.until(() => device.isEnded);

  expect(device.error?.code).toBe('SERVER_STOPPING');
  expect(windows.map(({ index }) => index)).toEqual([0]);
});

/** For an ingest thread: leads to recordings that are never written. */
function recordingPort() {
  const { port1: recorder, port2: port } = new MessageChannel();
  const begun: CaptureReply[] = [];
  const fill = { bytes: 0, recordings: 0, spareBytes: 0, spareRecordings: 0 };
  recorder.on('message', (message: ToCapture) => {
    if (message.kind === 'begin') begun.push(message.capture);
    if (message.kind === 'end') recorder.postMessage({ kind: 'over', id: message.id, fill } satisfies FromCapture);
  });
  recorder.unref();
  return { port, begun };
}

async function leaveGaps(
  address: StreamThread['address'],
  { channels, streams, gaps }: { channels: number; streams: number; gaps: number },
): Promise<void> {
  for (let i = 0; i < channels * streams; i++) {
    const channel = `ch${i % channels}`;
    const device = await Device.open(address, { 'fenestra:channel': channel, 'fenestra:window': 10 });
    for (let at = 0; at <= gaps; at++) device.frame(at * 20, new Int16Array(10));
    await device.finish();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const DYING_WORKER = `
import { parentPort } from 'node:worker_threads';
parentPort.postMessage({ kind: 'listening', host: '127.0.0.1', port: 1 });
setTimeout(() => { throw new Error('a bug'); }, 50);
`;

async function start(options: Parameters<typeof startThread>[0] = {}): Promise<TestThread> {
  const started = await startThread(options);
  threads.push(started);
  return started;
}
