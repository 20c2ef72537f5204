import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { CaptureReply } from '../../server/wire/captures.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { CaptureClient } from './capture-client.ts';
import { processCpuMs } from './process-cpu.ts';
import type { TestServer } from './server.ts';

const SENDER = fileURLToPath(new URL('../bench/ingest/sender.mjs', import.meta.url));
const RECORDINGS = 10;
const TOLD_RATE_HZ = 10e6; // by the sender, however fast it sends

export interface CaptureLoad {
  readonly captures: readonly CaptureReply[];
  /** Cores of the whole server before the recordings and while they were made. */
  readonly idleCores: number;
  readonly busyCores: number;
  readonly samplesPerSecond: number;
}

/**
 * Lets a process send eight channels of `rateHz` and makes ten recordings at
 * once, a second before and a second after. Fails where ingest loses a sample,
 * or a recording is not what was sent; it may end early if it says so.
 */
export async function recordUnderLoad(server: TestServer, rateHz: number): Promise<CaptureLoad> {
  const client = new CaptureClient(server.url);
  const seconds = rateHz / TOLD_RATE_HZ; // as the devices count: a second of the test's time
  const sender = fork(SENDER, [], { stdio: 'inherit' });
  try {
    await answer(sender, { port: server.ingest.port, channels: 8, rateHz });
    await wait(2);
    const idle = await measure(server, () => wait(1));
    const captures: CaptureReply[] = [];
    const busy = await measure(server, async () => {
      const begun = await Promise.all(
        Array.from({ length: RECORDINGS }, (_, i) =>
          client.begin({ channel: `bench.${i % 8}`, beforeSeconds: seconds, afterSeconds: seconds }),
        ),
      );
      for (const { id } of begun) captures.push(await client.over(id));
    });
    await answer(sender, 'stop');
    await expectNothingLost(server);
    for (const capture of captures) await expectWhole(client, capture);
    return { captures, idleCores: idle.cores, busyCores: busy.cores, samplesPerSecond: busy.samplesPerSecond };
  } finally {
    sender.kill('SIGKILL');
  }
}

async function measure(server: TestServer, act: () => Promise<void>) {
  const [from, fromCpuMs, fromMs] = [await received(server), processCpuMs(server.pid), performance.now()];
  await act();
  const seconds = (performance.now() - fromMs) / 1000;
  return {
    cores: (processCpuMs(server.pid) - fromCpuMs) / 1000 / seconds,
    samplesPerSecond: ((await received(server)) - from) / seconds,
  };
}

async function received(server: TestServer): Promise<number> {
  return (await readSystem(server)).ledger.reduce((sum, entry) => sum + entry.received, 0);
}

async function expectNothingLost(server: TestServer): Promise<void> {
  await expect.poll(async () => (await readSystem(server)).recording.active).toBe(0); // it is as of the last second
  const { ledger, windows, recording } = await readSystem(server);
  expect(ledger).toHaveLength(8);
  for (const entry of ledger) expect(entry).toMatchObject({ missing: 0, gaps: 0, imbalances: [] });
  expect(windows).toMatchObject({ dropped: 0, imbalances: [] });
  expect(recording).toMatchObject({ begun: RECORDINGS, refused: 0, inFlightBytes: 0 });
}

// The sender repeats one frame of 100,000 samples.
async function expectWhole(client: CaptureClient, capture: CaptureReply): Promise<void> {
  const { id, from, to, samples, overtaken, note, segments } = capture;
  expect(segments).toHaveLength(1);
  expect(note === undefined).toBe(samples === to - from && overtaken === 0);
  const data = await client.bytes(id, 'data');
  const frame = Int16Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 30_000);
  const values = new Int16Array(data.buffer, data.byteOffset, data.length / 2);
  let wrong = values.length - samples;
  for (let i = 0; i < values.length; i++) if (values[i] !== frame[(segments[0]!.index + i) % 100_000]) wrong++;
  expect(wrong).toBe(0);
}

async function readSystem(server: TestServer): Promise<SystemReply> {
  return (await (await fetch(`${server.url}/api/system`)).json()) as SystemReply;
}

function answer(child: ChildProcess, message: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the sender ended with ${code}`)));
    child.send(message as object);
  });
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
