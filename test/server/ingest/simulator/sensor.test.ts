import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlasmaLight } from '../../../../server/ingest/simulator/plasma-light.ts';
import { Sensor } from '../../../../server/ingest/simulator/sensor.ts';
import { createNoiseTables } from '../../../../server/ingest/simulator/shot-noise.ts';
import { startIngest, type TestIngest } from '../../../support/ingest.ts';

const RATE = 100_000;
const START_MS = 1_700_000_000_000;

let ingest: TestIngest;
let light: PlasmaLight;
let sensor: Sensor;

beforeEach(async () => {
  ingest = await startIngest({ window: 1000 });
  light = new PlasmaLight({
    seed: '1',
    rateHz: RATE,
    anomaliesPerMinute: 0,
    firstRunMs: 0,
    noise: createNoiseTables('1'),
    onTruth: () => undefined,
  });
  const { host, port } = ingest.address;
  sensor = new Sensor({ host, port, channel: 'c', stream: 's', rateHz: RATE, light, onEvent: () => undefined });
  await sensor.open();
  sensor.begin(START_MS);
});

afterEach(async () => {
  sensor.destroy();
  await ingest.close();
});

describe('a simulated sensor', () => {
  it('has sampled as much as time has passed, in whole frames of 10 ms', () => {
    sensor.advance(START_MS + 9.9);
    expect(light.position).toBe(0);

    sensor.advance(START_MS + 35);
    expect(light.position).toBe(3000);
  });

  it('makes up for a short delay a tenth of a second at a time', () => {
    const positions = Array.from({ length: 6 }, () => {
      sensor.advance(START_MS + 500);
      return light.position;
    });

    expect(positions).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 50_000]);
  });

  it('goes on at the right time after its machine slept, with no gap in its samples', async () => {
    sensor.advance(START_MS + 50);
    sensor.advance(START_MS + 60_000);
    sensor.advance(START_MS + 60_050);
    await sensor.end();

    expect(light.position).toBe(10_000);
    expect(ingest.windows.map(({ timeNs }) => Number(timeNs / 1_000_000n) - START_MS)).toEqual([
      0, 10, 20, 30, 40, 60_000, 60_010, 60_020, 60_030, 60_040,
    ]);
    expect(ingest.ledger()).toMatchObject({ received: 10_000, missing: 0, reanchored: 1 });
  });

  it('goes on at once when the system clock was set back', async () => {
    sensor.advance(START_MS + 50);
    sensor.advance(START_MS - 60_000);
    sensor.advance(START_MS - 59_950);
    await sensor.end();

    expect(light.position).toBe(10_000);
    expect(ingest.windows.map(({ timeNs }) => Number(timeNs / 1_000_000n) - START_MS)).toEqual([
      0, 10, 20, 30, 40, -60_000, -59_990, -59_980, -59_970, -59_960,
    ]);
  });

  it('loses the oldest samples, and no more than it must, while its server is away', async () => {
    await ingest.server.close();
    for (let ms = 0; ms <= 3000; ms += 50) sensor.advance(START_MS + ms);

    expect(light.position).toBe(300_000);
    expect(sensor.counts.lostSamples).toBeGreaterThanOrEqual(200_000 - 1000);
    expect(sensor.counts.lostSamples).toBeLessThanOrEqual(200_000);
  });
});
