import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeviceClient } from '../../../server/ingest/device-client.ts';
import type { DeviceEvent, DeviceOptions } from '../../../server/ingest/device-options.ts';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { CuttingRelay } from '../../support/cutting-relay.ts';
import { startIngest, type TestIngest } from '../../support/ingest.ts';
import { StingyServer } from '../../support/stingy-server.ts';

const FRAME = 500;

let ingest: TestIngest;
const toClose: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  ingest = await startIngest({ listed: { guarded: { token: 'secret' } } });
  toClose.push(ingest);
});

afterEach(async () => {
  for (const part of toClose.splice(0).reverse()) await part.close();
});

describe('a device client', () => {
  it('delivers every sample in frames, within the credit, and hears that they are safe', async () => {
    const device = createDevice();

    await device.open();
    await sendRamp(device, 0, 1_500_000); // 3 MB: three times the credit
    await device.end();

    expect(means()).toEqual(rampMeans(1_500_000));
    expect(device.nextSample).toBe(1_500_000);
    expect(device.window).toBe(1000);
    expect(device.counts).toEqual({ sentSamples: 1_500_000, sentBytes: 3_192_000, lostSamples: 0, connections: 1 });
    expect(ingest.ledger()).toMatchObject({ received: 1_500_000, duplicate: 0, gaps: 0, missing: 0 });
  });

  it('delivers bare samples and ends its stream cleanly', async () => {
    const device = createDevice({}, { framing: 'none' });

    await device.open();
    await sendRamp(device, 0, 100_500);
    await device.end();

    expect(means().slice(0, 100)).toEqual(rampMeans(100_000));
    expect(ingest.windows.at(-1)).toMatchObject({ flags: WindowFlag.Partial, summary: { count: 500 } });
    expect(device.counts.sentBytes).toBe(201_000);
  });

  it('loses nothing and makes nothing up when its connection is cut again and again', async () => {
    const relay = await CuttingRelay.start(ingest.address, (cuts) => (cuts < 5 ? 200_000 + cuts * 77_777 : Infinity));
    toClose.push(relay);
    const events: DeviceEvent[] = [];
    const device = createDevice({ ...relay.address, onEvent: (event) => events.push(event) });

    await device.open();
    await sendRamp(device, 0, 1_000_000);
    await device.end();

    expect(relay.cuts).toBe(5);
    expect(means()).toEqual(rampMeans(1_000_000));
    expect(device.counts).toMatchObject({ connections: 6, lostSamples: 0 });
    expect(events.filter(({ kind }) => kind === 'connected')).toHaveLength(6);
    expect(ingest.ledger()).toMatchObject({ received: 1_000_000, gaps: 0, missing: 0, connections: 6 });
  });

  it('that cannot wait gives up the oldest samples, counts them and says so', async () => {
    const relay = await CuttingRelay.start(ingest.address);
    const device = createDevice({ ...relay.address, whenFull: 'drop', bufferBytes: 0, retryMs: [5, 5] });
    await device.open();
    await sendRamp(device, 0, 3000);
    await until(() => device.nextSample === 3000);

    const { port } = relay.address;
    await relay.close();
    await until(() => !device.isConnected);
    await sendRamp(device, 3000, 10_000);
    const lost = device.counts.lostSamples;
    const again = await CuttingRelay.start(ingest.address, undefined, port);
    toClose.push(again);
    await until(() => device.isConnected);
    await device.end();

    expect(lost).toBe(10_000 - 5 * FRAME); // two windows and a frame are kept
    expect(device.counts.lostSamples).toBe(lost);
    expect(ingest.ledger()).toMatchObject({ received: 13_000 - lost, missing: lost, gaps: 1, deviceLost: lost });
    const [, , , after] = ingest.windows;
    expect(after.flags & WindowFlag.SampleLoss).not.toBe(0);
  });

  it.each([
    ['a wrong token', { channel: 'guarded', token: 'guess' }, 'TOKEN_INVALID'],
    ['an impossible rate', { rateHz: -1 }, 'HELLO_INVALID'],
  ])('is refused for good with %s', async (_name, hello, code) => {
    const device = createDevice({ retryFirst: true }, hello);

    await expect(device.open()).rejects.toMatchObject({ code: 'DEVICE_REFUSED', details: { code } });
    expect(() => device.takeRoom()).toThrow(code);
  });

  it('that gives up what waits for credit ends what it has sent, in order', async () => {
    const server = await StingyServer.start({ creditBytes: 64 + 2 * FRAME, endsToo: true });
    toClose.push(server);
    const device = createDevice(server.address);
    await device.open();
    await sendRamp(device, 0, 3 * FRAME);

    device.dropUnsent();
    await device.end();

    expect([device.counts.sentSamples, server.received]).toEqual([FRAME, 64 + 2 * FRAME]);
  });

  it('says where nobody listens', async () => {
    const { port } = ingest.address;
    await ingest.close();
    toClose.splice(0);

    await expect(createDevice({ port }).open()).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  });

  it('gives up once it had no connection for as long as it was told', async () => {
    const device = createDevice({ giveUpMs: 30, retryMs: [10, 10] });
    await device.open();

    await ingest.server.close();

    await expect(device.end()).rejects.toMatchObject({ code: 'DEVICE_REFUSED' });
  });
});

function createDevice(options: Partial<DeviceOptions> = {}, hello: Partial<DeviceOptions['hello']> = {}): DeviceClient {
  return new DeviceClient({
    ...ingest.address,
    hello: { channel: 'c', datatype: 'ri16_le', rateHz: 10_000, window: 1000, stream: 'run', ...hello },
    sampleBytes: 2,
    frameSamples: FRAME,
    bufferBytes: 256 << 10,
    whenFull: 'wait',
    retryFirst: false,
    retryMs: [20, 20],
    ...options,
  });
}

async function sendRamp(device: DeviceClient, from: number, samples: number): Promise<void> {
  for (let first = from; first < from + samples; first += FRAME) {
    const frame = await device.room();
    const values = new Int16Array(frame.payload.buffer, frame.payload.byteOffset, FRAME);
    for (let i = 0; i < FRAME; i++) values[i] = valueAt(first + i);
    device.send(frame, { firstSample: first, samples: FRAME });
  }
}

// Each window of 1,000 has a mean of its own, so that a swapped or lost one shows.
function valueAt(index: number): number {
  return Math.floor(index / 1000) % 30_000;
}

function rampMeans(samples: number): [index: number, count: number, mean: number][] {
  return Array.from({ length: samples / 1000 }, (_, i) => [i, 1000, valueAt(i * 1000)]);
}

// The last word on each window: where a cut looks like an end, it is first handed out partial.
function means(): [index: number, count: number, mean: number][] {
  const last = new Map(ingest.windows.map((window) => [window.index, window.summary]));
  return [...last].map(([index, { count, mean }]) => [index, count, mean]);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
