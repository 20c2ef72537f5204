import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { Device, frameBytes, helloBytes } from '../support/device.ts';
import { expectBalance } from '../support/ingest.ts';
import { startThread, type TestThread } from '../support/ingest-thread.ts';
import { LoadThread } from '../support/load-thread.ts';

// Devices that misbehave beside one that does not, at the protocol's real
// times. The one sends 1 MS/s in windows of 5,000: 200 windows a second. What
// it feels is told by rounds, one alone and one beside them in turn, so that
// whatever else the machine does falls on both.

const RATE = 1_000_000;
const HELLO = { 'core:sample_rate': RATE, 'fenestra:window': 5000 };
const TICK_MS = 10;
const BACKLOG = backlogBytes(2 * RATE);

let running: TestThread | undefined;
let load: LoadThread | undefined;
const devices: Device[] = [];

afterEach(async () => {
  for (const device of devices.splice(0)) device.socket.destroy();
  await load?.close();
  await running?.close();
});

describe('B6: connections that say nothing, or almost nothing', () => {
  it('are dropped within 10 s, a thousand of them, while a device beside them is unmoved', async () => {
    const { thread } = await start();
    const droppedMs: number[] = [];
    const { calm, beside } = await compare({ rounds: 7, seconds: 11 }, async () => {
      load = await LoadThread.start({
        port: thread.address.port,
        greetings: Array.from({ length: 1000 }, () => new Uint8Array(0)),
      });
      const round = devices.length;
      const halfOpen = await open({ ...HELLO, 'fenestra:channel': `half-open.${round}` });
      const trickling = await open({ ...HELLO, 'fenestra:channel': `trickling.${round}` });
      const ends = Promise.all([halfOpen, trickling].map(timeToEnd));
      const bytes = frameBytes(0, new Int16Array(100));
      let at = 0;
      const trickle = setInterval(() => trickling.send(bytes.subarray(at, ++at)), 1000);
      return async () => {
        clearInterval(trickle);
        const strange = await load!.outcomes;
        droppedMs.push(...(await ends), ...strange.map(({ endedMs }) => endedMs));
        expect(strange.every(({ heard }) => heard.includes('HELLO_TIMEOUT'))).toBe(true);
        expect([halfOpen.error?.code, trickling.error?.code]).toEqual(['SILENT', 'SILENT']);
        await load!.close();
      };
    });

    console.log(`the last of ${droppedMs.length} was dropped after ${(Math.max(...droppedMs) / 1000).toFixed(2)} s`);
    expect(Math.max(...droppedMs)).toBeLessThan(10_500); // and the server's look at its clock
    // Unmoved: half the rounds beside them are no slower than rounds alone are by themselves.
    expect(median(beside)).toBeLessThanOrEqual(Math.max(...calm));
    expect((await thread.readLedger()).every(({ missing }) => missing === 0)).toBe(true);
  });
});

describe('B5: devices that were held back', () => {
  it('send ten backlogs of 2 s at line rate, nothing is lost, and the p99 of a device beside them stays below twice its own', async () => {
    const { thread } = await start();
    const { calm, beside } = await compare({ rounds: 7, seconds: 4 }, async (round) => {
      load = await LoadThread.start({
        port: thread.address.port,
        greetings: Array.from({ length: 10 }, (_, i) =>
          helloBytes({ ...HELLO, 'fenestra:channel': `late.${i}`, 'fenestra:stream': `round ${round}` }),
        ),
        backlog: BACKLOG,
      });
      const released = setTimeout(() => load!.release(), 1000); // amid what is watched
      return async () => {
        clearTimeout(released);
        await load!.outcomes;
        await load!.close();
      };
    });

    const ledger = (await thread.readLedger()).filter(({ channel }) => channel.startsWith('late.'));
    expect(ledger.map(({ received, reduced, missing }) => [received, reduced, missing])).toEqual(
      Array.from({ length: 10 }, () => [7 * 2 * RATE, 7 * 2 * RATE, 0]),
    );
    expectBalance(await thread.readLedger());
    expect(median(beside)).toBeLessThan(2 * median(calm));
  });
});

/** The p99 of a steady device in each round, alone and beside what `disturb` starts; that returns what ends it. */
async function compare(
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  disturb: (round: number) => Promise<() => Promise<void>>,
): Promise<{ calm: readonly number[]; beside: readonly number[] }> {
  const calm: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < rounds; round++) {
    calm.push(await watch(seconds));
    const settle = await disturb(round);
    beside.push(await watch(seconds));
    await settle();
  }
  const words = (p99: readonly number[]) =>
    `${median(p99).toFixed(1)} ms (${p99.map((ms) => ms.toFixed(1)).join(', ')})`;
  console.log(`window to bus, p99, median of ${rounds} rounds: ${words(calm)} alone, ${words(beside)} beside them`);
  return { calm, beside };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function backlogBytes(samples: number): Buffer {
  const payload = new Int16Array(100_000);
  const frames = Array.from({ length: samples / payload.length }, (_, i) =>
    frameBytes(i * payload.length, payload, { sequence: i }),
  );
  return Buffer.concat(frames);
}

async function start(): Promise<TestThread> {
  running = await startThread();
  return running;
}

async function connect(): Promise<Device> {
  const device = await Device.connect(running!.thread.address);
  devices.push(device);
  return device;
}

async function open(hello: Readonly<Record<string, unknown>>): Promise<Device> {
  const device = await connect();
  device.hello(hello);
  await device.until(() => device.answer !== undefined);
  return device;
}

async function timeToEnd({ socket }: Device): Promise<number> {
  const startMs = performance.now();
  await once(socket, 'end');
  return performance.now() - startMs;
}

/** Sends steadily for some seconds and returns the p99 of its windows' way to the bus, ms. */
async function watch(seconds: number): Promise<number> {
  const { windows, delaysMs } = running!;
  const channel = `steady.${devices.length}`;
  const device = await open({ ...HELLO, 'fenestra:channel': channel });
  const payload = new Int16Array((RATE * TICK_MS) / 1000);
  const startMs = performance.now();
  for (let at = 0; at < seconds * RATE; at += payload.length) {
    const waitMs = startMs + (at / RATE) * 1000 - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    device.frame(at, payload);
  }
  await device.finish();
  const own = delaysMs.filter((_, i) => windows[i].channel === channel).sort((a, b) => a - b);
  return own[Math.floor(own.length * 0.99)];
}
