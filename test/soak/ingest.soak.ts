import { afterEach, describe, expect, it } from 'vitest';
import { Device, frameBytes } from '../support/device.ts';
import { expectBalance } from '../support/ingest.ts';
import { startThread, type TestThread } from '../support/ingest-thread.ts';

// Devices that misbehave beside one that does not, at the protocol's real
// times. The one sends 1 MS/s in windows of 5,000: 200 windows a second.

const RATE = 1_000_000;
const HELLO = { 'core:sample_rate': RATE, 'fenestra:window': 5000 };
const TICK_MS = 10;

let running: TestThread | undefined;
const devices: Device[] = [];

afterEach(async () => {
  for (const device of devices.splice(0)) device.socket.destroy();
  await running?.close();
});

describe('B6: connections that say nothing, or almost nothing', () => {
  it('are dropped within 10 s, a thousand of them, while a device beside them is unmoved', async () => {
    const { thread } = await start();
    const calm = await watch(4);
    const strange = await Promise.all(Array.from({ length: 1000 }, () => connect()));
    const startedMs = performance.now();
    const halfOpen = await open({ ...HELLO, 'fenestra:channel': 'half-open' });
    const trickling = await open({ ...HELLO, 'fenestra:channel': 'trickling' });
    const ended = [...strange, halfOpen, trickling];
    const dropped = Promise.all(ended.map(({ socket }) => new Promise((resolve) => socket.once('end', resolve)))).then(
      () => (performance.now() - startedMs) / 1000,
    );
    const bytes = frameBytes(0, new Int16Array(100));
    let at = 0;
    const trickle = setInterval(() => trickling.send(bytes.subarray(at, ++at)), 1000);
    const beside = await watch(11);
    clearInterval(trickle);

    const droppedSeconds = await dropped;
    console.log(`the last of ${ended.length} was dropped after ${droppedSeconds.toFixed(2)} s`);
    console.log(`window to bus, p99: ${calm.toFixed(1)} ms alone, ${beside.toFixed(1)} ms beside them`);
    expect(droppedSeconds).toBeLessThan(10.5); // 10 s of silence, and the server's look at its clock
    expect(strange.every((device) => device.answer?.code === 'HELLO_TIMEOUT')).toBe(true);
    expect([halfOpen.error?.code, trickling.error?.code]).toEqual(['SILENT', 'SILENT']);
    expect(beside).toBeLessThan(Math.max(2 * calm, 30));
    expect((await thread.readLedger()).every(({ missing }) => missing === 0)).toBe(true);
  });
});

describe('B5: devices that were held back', () => {
  it('send ten backlogs of 2 s at line rate, nothing is lost, and a device beside them is hardly moved', async () => {
    const { thread } = await start();
    const late = await Promise.all(
      Array.from({ length: 10 }, (_, i) => open({ ...HELLO, 'fenestra:channel': `late.${i}` })),
    );
    const calm = await watch(4);
    const payload = new Int16Array(100_000);
    for (let at = 0; at < 2 * RATE; at += payload.length) for (const device of late) device.frame(at, payload);
    const beside = await watch(4);
    await Promise.all(late.map((device) => device.finish()));

    console.log(`window to bus, p99: ${calm.toFixed(1)} ms alone, ${beside.toFixed(1)} ms beside the backlogs`);
    const ledger = (await thread.readLedger()).filter(({ channel }) => channel.startsWith('late.'));
    expect(ledger.map(({ received, reduced, missing }) => [received, reduced, missing])).toEqual(
      Array.from({ length: 10 }, () => [2 * RATE, 2 * RATE, 0]),
    );
    expectBalance(await thread.readLedger());
    expect(beside).toBeLessThan(Math.max(2 * calm, 30));
  });
});

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
