import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { processCpuMs } from '../support/process-cpu.ts';
import { runs } from '../support/runs.ts';

// How fast samples come in over loopback TCP. Sender and receiver are two
// processes, each with its own CPU time; a bare reader of sockets in the same
// run, turn by turn with ours, is the ceiling.

const SECONDS = runs(2, 20);
// At a device's own rate what counts is the hours after the start, in which code is compiled.
const START_S = 3;
const STEADY_S = runs(10, 20);
const ROUNDS = 2;
const SIMULATOR = fileURLToPath(new URL('../../build/program/fenestra.js', import.meta.url));

it.each([1, 8, 16, 100])('pushes %i channels at least half as fast as a bare reader takes bytes', async (channels) => {
  const best = { fenestra: 0, bare: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of ['bare', 'fenestra'] as const) {
      const { bytesPerSecond, receiverCores, senderCores } = await measure(kind, channels);
      best[kind] = Math.max(best[kind], bytesPerSecond);
      console.log(
        `${String(channels).padStart(3)} channels, ${kind.padEnd(8)}: ${(bytesPerSecond / 2e6).toFixed(0).padStart(5)} MS/s int16, ` +
          `receiver ${receiverCores.toFixed(2)} cores, sender ${senderCores.toFixed(2)}`,
      );
    }
  }
  console.log(`${String(channels).padStart(3)} channels: ${(best.fenestra / best.bare).toFixed(2)} of the ceiling`);

  expect(best.fenestra / best.bare).toBeGreaterThanOrEqual(0.5);
});

it.each([
  [8, 0.25],
  [16, 0.5],
])('takes %i channels of 10 MS/s with less than %f cores and loses nothing', async (channels, cores) => {
  const { receiverCores, threadCores, senderCores, last, samples } = await measure('fenestra', channels, 10e6);
  console.log(
    `${channels} x 10 MS/s: receiver ${receiverCores.toFixed(3)} cores (its ingest thread ${threadCores.toFixed(3)}), sender ${senderCores.toFixed(3)}`,
  );

  expect(last).toMatchObject({ bytes: samples * 2, missing: 0, pending: 0, windows: samples / 50_000 });
  expect(receiverCores).toBeLessThan(cores);
});

it('simulates eight sensors of 10 MS/s with less than half a core', async () => {
  const receiver = start('receiver.mjs', 'fenestra');
  const { port } = await answer(receiver);
  const simulator = fork(SIMULATOR, ['simulate', '--port', String(port)], { stdio: 'ignore' });
  await wait(4); // while it makes its tables
  const from = await answer(receiver, 'read');
  const fromCpuMs = processCpuMs(simulator.pid as number);
  await wait(SECONDS);
  const to = await answer(receiver, 'read');
  const cpuMs = processCpuMs(simulator.pid as number) - fromCpuMs;
  simulator.kill('SIGKILL');
  receiver.kill('SIGKILL');

  const elapsedMs = to.atMs - from.atMs;
  const cores = cpuMs / elapsedMs;
  const samplesPerSecond = (to.bytes - from.bytes) / 2 / (elapsedMs / 1000);
  console.log(`simulator: ${(samplesPerSecond / 1e6).toFixed(1)} MS/s with ${cores.toFixed(3)} cores`);

  expect(samplesPerSecond).toBeGreaterThan(0.98 * 80e6);
  expect(cores).toBeLessThan(0.5);
});

async function measure(kind: 'fenestra' | 'bare', channels: number, rateHz?: number) {
  const receiver = start('receiver.mjs', kind);
  const sender = start('sender.mjs');
  const [startS, measuredS] = rateHz === undefined ? [0.5, SECONDS] : [START_S, STEADY_S];
  try {
    const { port } = await answer(receiver);
    await answer(sender, { port, channels, rateHz });
    await wait(startS);
    const from = await answer(receiver, 'read');
    await wait(measuredS);
    const to = await answer(receiver, 'read');
    const sent = await answer(sender, 'stop');
    await wait(rateHz === undefined ? 0 : 0.5);
    const last = await answer(receiver, 'read');

    const seconds = (to.atMs - from.atMs) / 1000;
    return {
      bytesPerSecond: (to.bytes - from.bytes) / seconds,
      receiverCores: (to.cpuUs - from.cpuUs) / 1e6 / seconds,
      threadCores: to.threadCpu,
      senderCores: sent.cpuUs / 1e6 / (seconds + startS),
      samples: sent.samples,
      last,
    };
  } finally {
    receiver.kill('SIGKILL');
    sender.kill('SIGKILL');
  }
}

function start(file: string, ...args: string[]): ChildProcess {
  return fork(fileURLToPath(new URL(`ingest/${file}`, import.meta.url)), args, { stdio: 'inherit' });
}

/** Sends `message`, if there is one, and resolves with what the process says next; rejects where it dies instead. */
function answer(child: ChildProcess, message?: unknown): Promise<Record<string, number>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (reply) => {
      child.off('exit', onExit);
      resolve(reply as Record<string, number>);
    });
    if (message !== undefined) child.send(message as object);
  });
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
