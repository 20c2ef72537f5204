// Over 300 lines: every sentence of the protocol page has its test here, in the order of the page.

import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { Device, frameBytes } from '../../support/device.ts';
import { startIngest, type TestIngest, type TestIngestOptions } from '../../support/ingest.ts';

type Hello = Readonly<Record<string, unknown>>;

let ingest: TestIngest;
const devices: Device[] = [];

afterEach(async () => {
  for (const device of devices.splice(0)) device.socket.destroy();
  await ingest.close();
});

describe('a device that sends frames', () => {
  it('gets its samples reduced to windows', async () => {
    const device = await open({ 'fenestra:window': 10, 'fenestra:epoch_ns': '1000000000' });

    device.frame(0, ramp(0, 25));
    await device.finish();

    expect(device.answer).toMatchObject({ ok: true, channel: 'test', window: 10, next_sample: '0' });
    expect(ingest.windows.map(({ index, timeNs, flags }) => [index, timeNs, flags])).toEqual([
      [0, 1_000_000_000n, 0],
      [1, 1_001_000_000n, 0],
      [2, 1_002_000_000n, WindowFlag.Partial],
    ]);
    expect(ingest.windows[1].summary).toMatchObject({ count: 10, min: 10, max: 19, mean: 14.5, m2: 82.5 });
    expect(device.acknowledgements.at(-1)).toEqual({ nextSample: 20, creditBytes: (1 << 20) + 64 + 50 });
  });

  it('may begin at any index and is expected from there', async () => {
    const device = await open({ 'fenestra:window': 10 });

    device.frame(1_000_003, ramp(0, 17));
    await device.finish();

    expect(ingest.windows.map(({ index, flags, summary }) => [index, flags, summary.count])).toEqual([
      [100_000, WindowFlag.Gap, 7],
      [100_001, 0, 10],
    ]);
    expect(ingest.ledger()).toMatchObject({ received: 17, expected: 17, missing: 0, gaps: 0 });
  });

  it('leaves a gap where its index jumps, with the exact range', async () => {
    const device = await open({ 'fenestra:window': 10, 'fenestra:epoch_ns': '1', 'fenestra:stream': 'run' });

    device.frame(0, ramp(0, 15));
    device.frame(42, ramp(0, 18));
    await device.finish();

    expect(ingest.windows.map(({ index, flags, summary }) => [index, flags, summary.count])).toEqual([
      [0, 0, 10],
      [1, WindowFlag.Gap, 5],
      [4, WindowFlag.Gap, 8],
      [5, 0, 10],
    ]);
    expect(ingest.ledger()).toMatchObject({ received: 33, expected: 60, missing: 27, gaps: 1 });
    expect(ingest.ledger().gapRanges).toMatchObject([{ stream: 'run', from: 15, to: 42 }]);
  });

  it('flags no window beside a gap that ends where a window begins', async () => {
    const device = await open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 10));
    device.frame(30, ramp(0, 10));
    await device.finish();

    expect(ingest.windows.map(({ index, flags }) => [index, flags])).toEqual([
      [0, 0],
      [3, 0],
    ]);
    expect(ingest.ledger().gapRanges).toMatchObject([{ from: 10, to: 30 }]);
  });

  it('has what overlaps dropped and counted', async () => {
    const device = await open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 15));
    device.frame(5, ramp(5, 15));
    device.frame(0, ramp(0, 3));
    await device.finish();

    expect(ingest.windows.map(({ summary }) => summary.mean)).toEqual([4.5, 14.5]);
    expect(ingest.ledger()).toMatchObject({ received: 20, duplicate: 13, late: 0 });
  });

  it('has samples that come after their gap counted as late, not as duplicates', async () => {
    const device = await open({ 'fenestra:window': 10 });

    device.frame(10, ramp(0, 10));
    device.frame(30, ramp(0, 10));
    device.frame(15, ramp(0, 20)); // 5 known, 10 late, 5 known
    device.frame(5, ramp(0, 5)); // before the first
    await device.finish();

    expect(ingest.ledger()).toMatchObject({ received: 20, missing: 10, duplicate: 10, late: 15 });
  });

  it.each([
    [1, 'over-range', WindowFlag.OverRange, [0, 1, 1, 0]],
    [2, 'sample loss before it', WindowFlag.SampleLoss, [0, 1, 0, 0]],
    [4, 'invalid data', WindowFlag.Invalid, [0, 1, 1, 0]],
    [8, 'time not calibrated', WindowFlag.TimeUncalibrated, [0, 1, 1, 0]],
  ])('marks with flag %i (%s) the windows it touches', async (flags, _name, mark, expected) => {
    const device = await open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 15));
    device.frame(15, ramp(0, 10), { flags });
    device.frame(25, ramp(0, 15));
    await device.finish();

    expect(ingest.windows.map((window) => window.flags)).toEqual(expected.map((it) => it * mark));
    expect(ingest.ledger()).toMatchObject({ reduced: 40 });
  });

  it('counts jumps of its frame counter and what it lost itself, and nothing more', async () => {
    const device = await open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 10), { sequence: 0 });
    device.frame(10, ramp(0, 10), { sequence: 5, deviceLost: 77 });
    device.frame(20, ramp(0, 10), { sequence: 6, deviceLost: 78 });
    await device.finish();

    expect(ingest.ledger()).toMatchObject({ received: 30, missing: 0, sequenceJumps: 1, deviceLost: 78 });
  });

  it('may send keep-alives, which claim no place', async () => {
    const device = await open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 10));
    device.frame(999, new Int16Array(0));
    device.frame(10, ramp(0, 10));
    await device.finish();

    expect(ingest.ledger()).toMatchObject({ received: 20, expected: 20, gaps: 0 });
  });

  it('has its checksums verified', async () => {
    const device = await open({ 'fenestra:window': 10 });
    const payload = ramp(0, 100_000);

    device.frame(0, payload, { crc32: crc32(payload) });
    await device.finish();

    expect(ingest.ledger()).toMatchObject({ reduced: 100_000 });
  });

  it('is told within 100 ms how far it is, and may be ahead of that by its credit', async () => {
    const device = await open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 25));
    const sentMs = performance.now();
    await device.until(() => device.acknowledgements.at(-1)?.nextSample === 20);

    console.log(`acknowledged after ${(performance.now() - sentMs).toFixed(1)} ms`);
    expect(device.acknowledgements.at(-1)?.creditBytes).toBe((1 << 20) + 114);
  });

  it('that ends inside a frame has lost its connection: its open window stays open', async () => {
    const device = await open({ 'fenestra:window': 10 });

    device.send(frameBytes(0, ramp(0, 20)).subarray(0, 64 + 30));
    await device.finish();

    expect(ingest.windows.length).toBe(1);
    expect(ingest.ledger()).toMatchObject({ received: 15, reduced: 10, pending: 5, live: false });
  });
});

describe('a device that comes back', () => {
  const hello = { 'fenestra:window': 10, 'fenestra:stream': 'run' };

  it('is told where to resume, and what the server holds already is dropped', async () => {
    const first = await open(hello);
    first.frame(0, ramp(0, 25));
    await first.until(() => first.acknowledgements.at(-1)?.nextSample === 20);
    await first.cut();

    const second = await reopen(hello);
    second.frame(20, ramp(20, 20));
    await second.finish();

    expect(second.answer?.next_sample).toBe('20');
    expect(ingest.windows.map(({ index, flags, summary }) => [index, flags, summary.count, summary.mean])).toEqual([
      [0, 0, 10, 4.5],
      [1, 0, 10, 14.5],
      [2, 0, 10, 24.5],
      [3, 0, 10, 34.5],
    ]);
    expect(ingest.ledger()).toMatchObject({ received: 40, duplicate: 5, connections: 2, streams: 1, gaps: 0 });
  });

  it('without a buffer leaves a gap in the window it broke off in', async () => {
    const first = await open(hello);
    first.frame(0, ramp(0, 25));
    await first.until(() => first.acknowledgements.at(-1)?.nextSample === 20);
    await first.cut();

    const second = await reopen(hello);
    second.frame(28, ramp(0, 2));
    await second.finish();

    expect(ingest.windows.at(-1)).toMatchObject({ index: 2, flags: WindowFlag.Gap, summary: { count: 7 } });
    expect(ingest.ledger().gapRanges).toMatchObject([{ from: 25, to: 28 }]);
  });

  it('after ending its stream gets the partial window handed out again, whole', async () => {
    const first = await open(hello);
    first.frame(0, ramp(0, 14));
    await first.finish();

    const second = await reopen(hello);
    second.frame(10, ramp(10, 10));
    await second.finish();

    expect(ingest.windows.map(({ index, flags, summary }) => [index, flags, summary.count, summary.mean])).toEqual([
      [0, 0, 10, 4.5],
      [1, WindowFlag.Partial, 4, 11.5],
      [1, 0, 10, 14.5],
    ]);
    expect(ingest.ledger()).toMatchObject({ received: 20, reduced: 20, pending: 0, duplicate: 4 });
  });

  it('with another stream begins anew, and can go back to the one before', async () => {
    const first = await open(hello);
    first.frame(0, ramp(0, 15));
    await first.until(() => first.acknowledgements.at(-1)?.nextSample === 10);
    await first.cut();
    const other = await reopen({ ...hello, 'fenestra:stream': 'other', 'core:datatype': 'rf32_le' });
    other.frame(0, new Float32Array(12));
    await other.finish();

    const again = await reopen(hello);
    again.frame(10, ramp(10, 10));
    await again.finish();

    expect(other.answer?.next_sample).toBe('0');
    expect(again.answer?.next_sample).toBe('10');
    expect(ingest.windows.map(({ stream, index }) => `${stream} ${index}`)).toEqual([
      'run 0',
      'other 0',
      'other 1',
      'run 1',
    ]);
    expect(ingest.windows[3].summary).toMatchObject({ count: 10, mean: 14.5, min: 10, max: 19 });
    expect(ingest.ledger()).toMatchObject({ received: 32, reduced: 32, streams: 2, stream: 'run' });
  });

  it('without a stream name begins a new stream each time', async () => {
    const first = await open({ 'fenestra:window': 10 });
    await first.finish();
    const second = await reopen({ 'fenestra:window': 10 });

    expect(second.answer?.stream).not.toBe(first.answer?.stream);
    expect(ingest.ledger().streams).toBe(2);
  });

  it.each([
    ['datatype', { 'core:datatype': 'ru16_le' }],
    ['rate', { 'core:sample_rate': 5 }],
    ['window', { 'fenestra:window': 20 }],
  ])('is refused with another %s in the same stream', async (_name, change) => {
    const first = await open(hello);
    await first.finish();

    const second = await reopen({ ...hello, ...change });

    expect(second.answer).toMatchObject({ ok: false, code: 'CHANNEL_CHANGED' });
  });
});

describe('a device that sends bare samples', () => {
  it('gets them reduced until it ends, and hears nothing', async () => {
    const device = await open({ 'fenestra:window': 10, 'fenestra:framing': 'none' });

    device.send(Buffer.from(ramp(0, 25).buffer));
    await device.finish();

    expect(ingest.windows.map(({ index, flags }) => [index, flags])).toEqual([
      [0, 0],
      [1, 0],
      [2, WindowFlag.Partial],
    ]);
    expect(device.acknowledgements).toEqual([]);
    expect(ingest.ledger()).toMatchObject({ received: 25 });
  });

  it('resumes at the sample it was told', async () => {
    const hello = { 'fenestra:window': 10, 'fenestra:framing': 'none', 'fenestra:stream': 'run' };
    const first = await open(hello);
    first.send(Buffer.from(ramp(0, 25).buffer));
    await until(() => ingest.windows.length === 2);
    await first.cut();

    const second = await reopen(hello);
    second.send(Buffer.from(ramp(20, 20).buffer));
    await second.finish();

    expect(second.answer?.next_sample).toBe('20');
    expect(ingest.windows.map(({ summary }) => summary.mean)).toEqual([4.5, 14.5, 24.5, 34.5]);
  });
});

describe('the clock of a stream', () => {
  const hello = { 'fenestra:window': 10, 'core:sample_rate': 1000 };
  const SECOND = 1_000_000_000n;

  it('starts with the first time that is given, rather than the epoch', async () => {
    const device = await open({ ...hello, 'fenestra:epoch_ns': '5' });

    device.frame(5, ramp(0, 15), { timeNs: 100n * SECOND });
    await device.finish();

    expect(ingest.windows.map(({ timeNs }) => timeNs)).toEqual([99_995_000_000n, 100_005_000_000n]);
    expect(ingest.ledger().reanchored).toBe(0);
  });

  it('starts with the arrival where nothing is given', async () => {
    const device = await open(hello);

    device.frame(0, ramp(0, 10));
    await device.finish();

    expect(Math.abs(Number(ingest.windows[0].timeNs) / 1e6 - Date.now())).toBeLessThan(5000);
  });

  it('follows a time that is off by more than 1 ms from there on, and earlier windows keep theirs', async () => {
    const device = await open(hello);

    device.frame(0, ramp(0, 15), { timeNs: 100n * SECOND });
    device.frame(15, ramp(0, 5), { timeNs: 100n * SECOND + 16_000_000n }); // 1 ms off: within
    device.frame(20, ramp(0, 5), { timeNs: 100n * SECOND + 21_000_001n }); // more
    device.frame(25, ramp(0, 5), { timeNs: 200n * SECOND }); // inside a window
    device.frame(30, ramp(0, 10));
    await device.finish();

    expect(ingest.windows.map(({ timeNs }) => timeNs)).toEqual([
      100n * SECOND,
      100n * SECOND + 10_000_000n,
      100n * SECOND + 21_000_001n,
      200n * SECOND + 5_000_000n,
    ]);
    expect(ingest.ledger().reanchored).toBe(2);
  });
});

describe('what a window says', () => {
  it('is in the unit of the channel: scaled, extremes swapped by a negative scale', async () => {
    const device = await open({ 'fenestra:window': 10, 'fenestra:scale': -2, 'fenestra:offset': 100 });

    device.frame(0, ramp(0, 10));
    await device.finish();

    expect(ingest.windows[0].summary).toMatchObject({ min: 82, max: 100, mean: 91, m2: 330 });
  });

  it('counts samples at or beyond full scale as clipped', async () => {
    const device = await open({ 'fenestra:window': 10, 'fenestra:full_scale': [2, 7] });

    device.frame(0, ramp(0, 10));
    await device.finish();

    expect(ingest.windows[0].summary.clipped).toBe(6);
    expect(ingest.ledger().clipped).toBe(6);
  });

  it('leaves out what is no number, and counts it', async () => {
    const device = await open({ 'fenestra:window': 10, 'core:datatype': 'rf64_le' });

    device.frame(0, Float64Array.of(1, NaN, 2, Infinity, 3, -Infinity, 4, 5, 6, 7));
    await device.finish();

    expect(ingest.windows[0].summary).toMatchObject({ count: 7, nonfinite: 3, min: 1, max: 7, mean: 4 });
    expect(ingest.ledger()).toMatchObject({ reduced: 10, nonfinite: 3 });
  });
});

describe('the size of windows', () => {
  it.each([
    ['the default', {}, {}, 50_000],
    ['what the device asks for', { 'fenestra:window': 100 }, {}, 100],
    ['the setting of the channel', { 'fenestra:window': 100 }, { listed: { test: { window: 70 } } }, 70],
    ['as many as keep 1,000 a second', { 'fenestra:window': 100, 'core:sample_rate': 1_000_001 }, {}, 1001],
    ['as many also against the setting', { 'core:sample_rate': 1e6 }, { listed: { test: { window: 10 } } }, 1000],
  ])('is %s', async (_name, hello, options, expected) => {
    const device = await open(hello, options);

    expect(device.answer?.window).toBe(expected);
    expect(ingest.opened[0].window).toBe(expected);
  });
});

async function open(hello: Hello, options?: TestIngestOptions): Promise<Device> {
  ingest = await startIngest(options);
  return reopen(hello);
}

// Waits until the connection before has left the channel.
async function reopen(hello: Hello): Promise<Device> {
  await until(() => ingest.server.ledger().every((entry) => !entry.live));
  const device = await Device.open(ingest.address, hello);
  devices.push(device);
  return device;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function ramp(from: number, samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => from + i);
}
