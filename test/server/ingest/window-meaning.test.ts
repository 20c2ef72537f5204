import { describe, expect, it } from 'vitest';
import { IngestFixture, ramp } from '../../support/ingest-fixture.ts';

const fixture = new IngestFixture();

describe('the clock of a stream', () => {
  const hello = { 'fenestra:window': 10, 'core:sample_rate': 1000 };
  const SECOND = 1_000_000_000n;

  it('starts with the first time that is given, rather than the epoch', async () => {
    const device = await fixture.open({ ...hello, 'fenestra:epoch_ns': '5' });

    device.frame(5, ramp(0, 15), { timeNs: 100n * SECOND });
    await device.finish();

    expect(fixture.ingest.windows.map(({ timeNs }) => timeNs)).toEqual([99_995_000_000n, 100_005_000_000n]);
    expect(fixture.ingest.ledger().reanchored).toBe(0);
  });

  it('starts with the arrival where nothing is given', async () => {
    const device = await fixture.open(hello);

    device.frame(0, ramp(0, 10));
    await device.finish();

    expect(Math.abs(Number(fixture.ingest.windows[0].timeNs) / 1e6 - Date.now())).toBeLessThan(5000);
  });

  it('follows a time that is off by more than 1 ms from there on, and earlier windows keep theirs', async () => {
    const device = await fixture.open(hello);

    device.frame(0, ramp(0, 15), { timeNs: 100n * SECOND });
    device.frame(15, ramp(0, 5), { timeNs: 100n * SECOND + 16_000_000n }); // 1 ms off: within
    device.frame(20, ramp(0, 5), { timeNs: 100n * SECOND + 21_000_001n }); // more
    device.frame(25, ramp(0, 5), { timeNs: 200n * SECOND }); // inside a window
    device.frame(30, ramp(0, 10));
    await device.finish();

    expect(fixture.ingest.windows.map(({ timeNs }) => timeNs)).toEqual([
      100n * SECOND,
      100n * SECOND + 10_000_000n,
      100n * SECOND + 21_000_001n,
      200n * SECOND + 5_000_000n,
    ]);
    expect(fixture.ingest.ledger().reanchored).toBe(2);
  });

  it('tells when a gap began as it was then, however often it steps afterwards', async () => {
    const device = await fixture.open(hello);

    device.frame(0, ramp(0, 10), { timeNs: 100n * SECOND });
    for (const hour of [1n, 2n, 3n]) device.frame(Number(hour) * 20, ramp(0, 10), { timeNs: hour * 3600n * SECOND });
    await device.finish();

    expect(fixture.ingest.ledger().gapRanges.map(({ from, timeMs }) => [from, timeMs])).toEqual([
      [10, 100_010],
      [30, 3_600_010],
      [50, 7_200_010],
    ]);
  });
});

describe('what a window says', () => {
  it('is in the unit of the channel: scaled, extremes swapped by a negative scale', async () => {
    const device = await fixture.open({ 'fenestra:window': 10, 'fenestra:scale': -2, 'fenestra:offset': 100 });

    device.frame(0, ramp(0, 10));
    await device.finish();

    expect(fixture.ingest.windows[0].summary).toMatchObject({ min: 82, max: 100, mean: 91, m2: 330 });
  });

  it('counts samples at or beyond full scale as clipped', async () => {
    const device = await fixture.open({ 'fenestra:window': 10, 'fenestra:full_scale': [2, 7] });

    device.frame(0, ramp(0, 10));
    await device.finish();

    expect(fixture.ingest.windows[0].summary.clipped).toBe(6);
    expect(fixture.ingest.ledger().clipped).toBe(6);
  });

  it('leaves out what is no number, and counts it', async () => {
    const device = await fixture.open({ 'fenestra:window': 10, 'core:datatype': 'rf64_le' });

    device.frame(0, Float64Array.of(1, NaN, 2, Infinity, 3, -Infinity, 4, 5, 6, 7));
    await device.finish();

    expect(fixture.ingest.windows[0].summary).toMatchObject({ count: 7, nonfinite: 3, min: 1, max: 7, mean: 4 });
    expect(fixture.ingest.ledger()).toMatchObject({ reduced: 10, nonfinite: 3 });
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
    const device = await fixture.open(hello, options);

    expect(device.answer?.window).toBe(expected);
    expect(fixture.ingest.opened[0].window).toBe(expected);
  });
});
