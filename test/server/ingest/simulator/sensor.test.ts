import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlasmaLight } from '../../../../server/ingest/simulator/plasma-light.ts';
import { Sensor } from '../../../../server/ingest/simulator/sensor.ts';
import { createNoiseTables, VOLTS_PER_COUNT } from '../../../../server/ingest/simulator/shot-noise.ts';
import { WindowFlag } from '../../../../server/trend/trend-window.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { startIngest, type TestIngest } from '../../../support/ingest.ts';

const RATE = 100_000;
const START_MS = 1_700_000_000_000;

let ingest: TestIngest;
let clock: FakeClock;
let light: PlasmaLight;
let sensor: Sensor;

beforeEach(async () => {
  ingest = await startIngest({ window: 1000 });
  clock = new FakeClock();
  light = createLight();
  const { host, port } = ingest.address;
  const onEvent = () => undefined;
  sensor = new Sensor({ host, port, channel: 'c', stream: 's', rateHz: RATE, light, clock, onEvent });
  await sensor.open();
  sensor.begin();
});

afterEach(async () => {
  sensor.destroy();
  await ingest.close();
});

describe('a simulated sensor', () => {
  it('has sampled as much as time has passed, in whole frames of 10 ms', () => {
    advance(9.9);
    expect(light.position).toBe(0);

    advance(25.1);
    expect(light.position).toBe(3000);
  });

  it('makes up for a short delay a tenth of a second at a time', () => {
    clock.advance(500);
    const positions = Array.from({ length: 6 }, () => advance(0));

    expect(positions).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 50_000]);
  });

  it('loses what it had no time for, counts it, and goes on in its place', async () => {
    advance(50);
    for (let i = 0; i < 7; i++) advance(i === 0 ? 60_000 : 0); // as a process that was stopped for a minute
    advance(50);
    await sensor.end();

    const lost = 6_000_000;
    expect(light.position).toBe(10_000 + lost);
    expect(sensor.counts.lostSamples).toBe(lost);
    expect(ingest.ledger()).toMatchObject({
      received: 10_000,
      missing: lost,
      gaps: 1,
      deviceLost: lost,
      reanchored: 0,
      stepsRefused: 0,
      gapRanges: [{ from: 5000, to: 5000 + lost }],
    });
    expect(times()).toEqual([0, 10, 20, 30, 40, 60_050, 60_060, 60_070, 60_080, 60_090]);
    expect(ingest.windows.map(({ flags }) => flags)).toEqual([0, 0, 0, 0, 0, WindowFlag.SampleLoss, 0, 0, 0, 0]);
    expect(ingest.windows.at(-1)?.summary).toMatchObject(extremesFrom(light.position - 1000));
  });

  it('stops its counter for longer than a stream may jump', async () => {
    advance(50);
    advance(25 * 3_600_000);
    advance(50);
    await sensor.end();

    expect(light.position).toBe(10_000);
    expect(ingest.ledger()).toMatchObject({ received: 10_000, missing: 0, reanchored: 1 });
  });

  it.each([60_000, -60_000])('follows the system’s clock when it is set by %i ms, and loses nothing', async (setMs) => {
    advance(50);
    clock.set(setMs);
    advance(50);
    await sensor.end();

    expect(times()).toEqual([0, 10, 20, 30, 40, ...[50, 60, 70, 80, 90].map((ms) => ms + setMs)]);
    expect(ingest.ledger()).toMatchObject({ received: 10_000, missing: 0, reanchored: 1, deviceLost: 0 });
  });

  it('loses the oldest samples, and no more than it must, while its server is away', async () => {
    await ingest.server.close();
    for (let ms = 0; ms < 3000; ms += 50) advance(50);

    expect(light.position).toBe(300_000);
    expect(sensor.counts.lostSamples).toBeGreaterThanOrEqual(200_000 - 1000);
    expect(sensor.counts.lostSamples).toBeLessThanOrEqual(200_000);
  });
});

function createLight(): PlasmaLight {
  return new PlasmaLight({
    seed: '1',
    rateHz: RATE,
    anomaliesPerMinute: 60,
    firstRunMs: 0,
    noise: createNoiseTables('1'),
    onTruth: () => undefined,
  });
}

function advance(ms: number): number {
  clock.advance(ms);
  sensor.advance();
  return light.position;
}

// Of the windows, ms since the sensor began.
function times(): number[] {
  return ingest.windows.map(({ timeNs }) => Number(timeNs / 1_000_000n) - START_MS);
}

// What a light that was never skipped shows in the window that begins there.
function extremesFrom(first: number) {
  const whole = createLight();
  const samples = new Int16Array(1000);
  while (whole.position <= first) whole.render(samples);
  return { min: Math.min(...samples) * VOLTS_PER_COUNT, max: Math.max(...samples) * VOLTS_PER_COUNT };
}
