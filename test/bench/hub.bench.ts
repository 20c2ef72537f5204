import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { SystemReply } from '../../server/wire/rest.ts';
import { Device } from '../support/device.ts';
import { processCpuMs } from '../support/process-cpu.ts';
import { startServer, type TestServer } from '../support/server.ts';

// The built server with devices over TCP, watched by viewers in processes of
// their own. BENCH_VIEWERS and BENCH_SECONDS make it smaller.

const VIEWERS = Number(process.env.BENCH_VIEWERS ?? 1000);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 30);
const WINDOWS_PER_SECOND = 200;
const INTERVAL_MS = 40;
/** With and without slow viewers is measured so many times by turns, */
const ROUNDS = 5;
/** each time for so long: who acknowledges nothing is cut off after 10 s, and that is to be seen, too. */
const ROUND_SECONDS = 13;
const SETTLE_MS = 3000;
const MIB = 1024 * 1024;

it('brings 16 channels at 200/s from the last raw sample to decode with p99 under 60 ms', async () => {
  await withDevices(16, async (server) => {
    const { figures, load } = await measure(server, { viewers: 4 });

    print('16 channels, 4 viewers', figures, load);
    expect([figures.missing, figures.doubled]).toEqual([0, 0]);
    expect(figures.readToDecodeMs.p99).toBeLessThan(60);
  });
});

it(`brings 8 channels to ${VIEWERS} viewers, beside a bare broadcast`, async () => {
  const { figures, load } = await withDevices(8, (server) => measure(server, { viewers: VIEWERS }));
  print(`${VIEWERS} viewers`, figures, load);
  const bare = await measureBare(figures.bytes / figures.frames);
  print(`${VIEWERS} of a bare ws broadcast`, bare.figures, bare.load);

  expect([figures.missing, figures.doubled, figures.closed]).toEqual([0, 0, {}]);
  expect(figures.readToDecodeMs.p99).toBeLessThan(250);
  expect(load.rssBytes).toBeLessThan(600 * MIB);
});

it(`brings as much to the same viewers, and as soon, when slow ones join them`, async () => {
  const slow = Math.round(VIEWERS / 20);
  const viewers = VIEWERS - 2 * slow;
  const joining = { deaf: slow, thin: slow, thinBytesPerSecond: 1000, rounds: ROUNDS };
  const { figures, load } = await withDevices(8, (server) =>
    measure(server, { viewers, slow: joining, measureMs: ROUND_SECONDS * 1000 }),
  );
  const alone = figures.rounds.map((round) => round.alone.p99);
  const among = figures.rounds.map((round) => round.among.p99);
  const change = median(among) / median(alone) - 1;
  console.log(
    `${viewers} viewers, read to decode p99: alone ${alone.join(', ')} ms; among ${slow} who read nothing and ${slow} ` +
      `who read 1 kB/s ${among.join(', ')} ms; medians change by ${(change * 100).toFixed(1)} %; ` +
      `longest queue ${load.longestQueueBytes} bytes, coarsened ${load.coarsened}, cut off ${load.cutOff}`,
  );

  expect([figures.missing, figures.doubled, figures.closed]).toEqual([0, 0, {}]);
  expect(load.longestQueueBytes).toBeLessThanOrEqual(MIB);
  expect(load.coarsened).toBeGreaterThan(0);
  expect(load.cutOff).toBeGreaterThanOrEqual(ROUNDS * slow); // those who acknowledge nothing
  expect(median(among)).toBeLessThan(250);
  expect(change).toBeLessThan(0.1);
});

interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

interface Figures {
  readonly frames: number;
  readonly bytes: number;
  readonly windows: number;
  readonly missing: number;
  readonly doubled: number;
  readonly coarser: number;
  readonly closed: Readonly<Record<string, number>>;
  readonly cpu: number;
  readonly readToDecodeMs: Quantiles;
  readonly sentToDecodeMs: Quantiles;
  /** Read to decode of the same viewers, where slow ones came and went. */
  readonly rounds: readonly { readonly alone: Quantiles; readonly among: Quantiles }[];
}

/** Of the process that serves. */
interface Load {
  readonly cpu: number;
  readonly rssBytes: number;
  /** The most that ever waited for one viewer. */
  readonly longestQueueBytes: number;
  readonly coarsened: number;
  readonly cutOff: number;
}

async function withDevices<T>(channels: number, use: (server: TestServer) => Promise<T>): Promise<T> {
  const server = await startServer({ hub: { viewer_limit: 5000, interval_ms: INTERVAL_MS } });
  const window = 100;
  const devices = await Promise.all(
    Array.from({ length: channels }, (_, i) =>
      Device.open(server.ingest, {
        'fenestra:channel': `bench-${i + 1}`,
        'core:sample_rate': window * WINDOWS_PER_SECOND,
        'fenestra:window': window,
      }),
    ),
  );
  let sent = 0;
  const startMs = performance.now();
  const samples = Int16Array.from({ length: window }, (_, i) => i);
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) / 1000) * WINDOWS_PER_SECOND);
    for (; sent < due; sent++) for (const device of devices) device.frame(sent * window, samples);
  }, 1000 / WINDOWS_PER_SECOND);
  try {
    return await use(server);
  } finally {
    clearInterval(timer);
    await Promise.all(devices.map((device) => device.cut()));
    await server.close();
  }
}

async function measure(server: TestServer, viewers: object): Promise<{ figures: Figures; load: Load }> {
  const load = { rssBytes: 0, coarsened: 0, cutOff: 0 };
  const timer = setInterval(async () => {
    const reply = await fetch(`${server.url}/api/system`).catch(() => undefined);
    if (!reply?.ok) return; // asked too often or stopping: the next second tells
    const { hub, process } = (await reply.json()) as SystemReply;
    load.rssBytes = Math.max(load.rssBytes, process.rssBytes);
    Object.assign(load, { coarsened: hub.coarsened, cutOff: hub.cutOff });
  }, 1000);
  const before = { cpuMs: processCpuMs(server.pid), atMs: performance.now() };
  const figures = await runViewers({ url: server.url, ...viewers });
  const cpu = (processCpuMs(server.pid) - before.cpuMs) / (performance.now() - before.atMs);
  clearInterval(timer);
  return { figures, load: { ...load, cpu, longestQueueBytes: await readLongestQueue(server.url) } };
}

async function readLongestQueue(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^fenestra_hub_longest_queue_bytes (\d+)$/m.exec(metrics)?.[1]);
}

async function measureBare(frameBytes: number): Promise<{ figures: Figures; load: Load }> {
  const child = run('bare-broadcast.mjs', [String(frameBytes), String(INTERVAL_MS)]);
  const [port] = await lines(child, 1);
  const before = { cpuMs: processCpuMs(child.pid!), atMs: performance.now() };
  const figures = await runViewers({ url: `http://127.0.0.1:${port}`, viewers: VIEWERS, isBare: true });
  const cpu = (processCpuMs(child.pid!) - before.cpuMs) / (performance.now() - before.atMs);
  const rssBytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024;
  child.kill();
  return { figures, load: { cpu, rssBytes, longestQueueBytes: 0, coarsened: 0, cutOff: 0 } };
}

async function runViewers(options: object): Promise<Figures> {
  const child = run('viewers.mjs', [JSON.stringify({ settleMs: SETTLE_MS, measureMs: SECONDS * 1000, ...options })]);
  const [, figures] = await lines(child, 2);
  return JSON.parse(figures) as Figures;
}

function run(script: string, args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(`hub/${script}`, import.meta.url));
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The first `count` lines that `child` prints; rejects where it ends before. */
function lines(child: ChildProcess, count: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const printed: string[] = [];
    createInterface({ input: child.stdout! })
      .on('line', (line) => printed.push(line) === count && resolve(printed))
      .on('close', () => reject(new Error(`${child.spawnfile} ended after ${printed.length} lines`)));
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function print(name: string, figures: Figures, load: Load): void {
  const { readToDecodeMs: read, sentToDecodeMs: sent, windows, missing, coarser, closed, cpu } = figures;
  console.log(
    `${name}: read to decode p50 ${read.p50} p99 ${read.p99} max ${read.max} ms, sent to decode p99 ${sent.p99} ms; ` +
      `${windows} windows, ${missing} missing, ${coarser} times coarser, closed ${JSON.stringify(closed)}; ` +
      `server ${load.cpu.toFixed(2)} cores, ${Math.round(load.rssBytes / MIB)} MiB, longest queue ${load.longestQueueBytes} bytes, ` +
      `coarsened ${load.coarsened}, cut off ${load.cutOff}; viewers ${cpu.toFixed(2)} cores`,
  );
}
