import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { frameBytes } from '../../support/device.ts';
import { IngestFixture, ramp } from '../../support/ingest-fixture.ts';

const fixture = new IngestFixture();

describe('a device that sends frames', () => {
  it('gets its samples reduced to windows', async () => {
    const device = await fixture.open({ 'fenestra:window': 10, 'fenestra:epoch_ns': '1000000000' });

    device.frame(0, ramp(0, 25));
    await device.finish();

    expect(device.answer).toMatchObject({ ok: true, channel: 'test', window: 10, next_sample: '0' });
    expect(fixture.ingest.windows.map(({ index, timeNs, flags }) => [index, timeNs, flags])).toEqual([
      [0, 1_000_000_000n, 0],
      [1, 1_001_000_000n, 0],
      [2, 1_002_000_000n, WindowFlag.Partial],
    ]);
    expect(fixture.ingest.windows[1].summary).toMatchObject({ count: 10, min: 10, max: 19, mean: 14.5, m2: 82.5 });
    expect(device.acknowledgements.at(-1)).toEqual({ nextSample: 20, creditBytes: (1 << 20) + 64 + 50 });
  });

  it('may begin at any index and is expected from there', async () => {
    const device = await fixture.open({ 'fenestra:window': 10 });

    device.frame(1_000_003, ramp(0, 17));
    await device.finish();

    expect(fixture.ingest.windows.map(({ index, flags, summary }) => [index, flags, summary.count])).toEqual([
      [100_000, WindowFlag.Gap, 7],
      [100_001, 0, 10],
    ]);
    expect(fixture.ingest.ledger()).toMatchObject({ received: 17, expected: 17, missing: 0, gaps: 0 });
  });

  it('leaves a gap where its index jumps, with the exact range', async () => {
    const device = await fixture.open({ 'fenestra:window': 10, 'fenestra:epoch_ns': '1', 'fenestra:stream': 'run' });

    device.frame(0, ramp(0, 15));
    device.frame(42, ramp(0, 18));
    await device.finish();

    expect(fixture.ingest.windows.map(({ index, flags, summary }) => [index, flags, summary.count])).toEqual([
      [0, 0, 10],
      [1, WindowFlag.Gap, 5],
      [4, WindowFlag.Gap, 8],
      [5, 0, 10],
    ]);
    expect(fixture.ingest.ledger()).toMatchObject({ received: 33, expected: 60, missing: 27, gaps: 1 });
    expect(fixture.ingest.ledger().gapRanges).toMatchObject([{ stream: 'run', from: 15, to: 42 }]);
  });

  it('flags no window beside a gap that ends where a window begins', async () => {
    const device = await fixture.open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 10));
    device.frame(30, ramp(0, 10));
    await device.finish();

    expect(fixture.ingest.windows.map(({ index, flags }) => [index, flags])).toEqual([
      [0, 0],
      [3, 0],
    ]);
    expect(fixture.ingest.ledger().gapRanges).toMatchObject([{ from: 10, to: 30 }]);
  });

  it('has what overlaps dropped and counted', async () => {
    const device = await fixture.open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 15));
    device.frame(5, ramp(5, 15));
    device.frame(0, ramp(0, 3));
    await device.finish();

    expect(fixture.ingest.windows.map(({ summary }) => summary.mean)).toEqual([4.5, 14.5]);
    expect(fixture.ingest.ledger()).toMatchObject({ received: 20, duplicate: 13, late: 0 });
  });

  it('has samples that come after their gap counted as late, not as duplicates', async () => {
    const device = await fixture.open({ 'fenestra:window': 10 });

    device.frame(10, ramp(0, 10));
    device.frame(30, ramp(0, 10));
    device.frame(15, ramp(0, 20)); // 5 known, 10 late, 5 known
    device.frame(5, ramp(0, 5)); // before the first
    await device.finish();

    expect(fixture.ingest.ledger()).toMatchObject({ received: 20, missing: 10, duplicate: 10, late: 15 });
  });

  it.each([
    [1, 'over-range', WindowFlag.OverRange, [0, 1, 1, 0]],
    [2, 'sample loss before it', WindowFlag.SampleLoss, [0, 1, 0, 0]],
    [4, 'invalid data', WindowFlag.Invalid, [0, 1, 1, 0]],
    [8, 'time not calibrated', WindowFlag.TimeUncalibrated, [0, 1, 1, 0]],
  ])('marks with flag %i (%s) the windows it touches', async (flags, _name, mark, expected) => {
    const device = await fixture.open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 15));
    device.frame(15, ramp(0, 10), { flags });
    device.frame(25, ramp(0, 15));
    await device.finish();

    expect(fixture.ingest.windows.map((window) => window.flags)).toEqual(expected.map((it) => it * mark));
    expect(fixture.ingest.ledger()).toMatchObject({ reduced: 40 });
  });

  it('counts jumps of its frame counter and what it lost itself, and nothing more', async () => {
    const device = await fixture.open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 10), { sequence: 0 });
    device.frame(10, ramp(0, 10), { sequence: 5, deviceLost: 77 });
    device.frame(20, ramp(0, 10), { sequence: 6, deviceLost: 78 });
    await device.finish();

    expect(fixture.ingest.ledger()).toMatchObject({ received: 30, missing: 0, sequenceJumps: 1, deviceLost: 78 });
  });

  it('may send keep-alives, which claim no place', async () => {
    const device = await fixture.open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 10));
    device.frame(999, new Int16Array(0));
    device.frame(10, ramp(0, 10));
    await device.finish();

    expect(fixture.ingest.ledger()).toMatchObject({ received: 20, expected: 20, gaps: 0 });
  });

  it('has its checksums verified', async () => {
    const device = await fixture.open({ 'fenestra:window': 10 });
    const payload = ramp(0, 100_000);

    device.frame(0, payload, { crc32: crc32(payload) });
    await device.finish();

    expect(fixture.ingest.ledger()).toMatchObject({ reduced: 100_000 });
  });

  it('is told within 100 ms how far it is, and may be ahead of that by its credit', async () => {
    const device = await fixture.open({ 'fenestra:window': 10 });

    device.frame(0, ramp(0, 25));
    const sentMs = performance.now();
    await device.until(() => device.acknowledgements.at(-1)?.nextSample === 20);

    console.log(`acknowledged after ${(performance.now() - sentMs).toFixed(1)} ms`);
    expect(device.acknowledgements.at(-1)?.creditBytes).toBe((1 << 20) + 114);
  });

  it('that ends inside a frame has lost its connection: its open window stays open', async () => {
    const device = await fixture.open({ 'fenestra:window': 10 });

    device.send(frameBytes(0, ramp(0, 20)).subarray(0, 64 + 30));
    await device.finish();

    expect(fixture.ingest.windows.length).toBe(1);
    expect(fixture.ingest.ledger()).toMatchObject({ received: 15, reduced: 10, pending: 5, live: false });
  });
});
