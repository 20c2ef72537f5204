import { afterEach, describe, expect, it } from 'vitest';
import { WindowFlag } from '../../../server/trend/trend-window.ts';
import { Device } from '../../support/device.ts';
import { startIngest, type TestIngest, type TestIngestOptions } from '../../support/ingest.ts';

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
    expect(ingest.windows[1].summary).toEqual({
      count: 10,
      min: 10,
      max: 19,
      mean: 14.5,
      m2: 82.5,
      clipped: 0,
      nonfinite: 0,
    });
    expect(device.acknowledgements.at(-1)).toEqual({ nextSample: 20, creditBytes: (1 << 20) + 64 + 50 });
  });
});

async function open(hello: Readonly<Record<string, unknown>>, options?: TestIngestOptions): Promise<Device> {
  ingest = await startIngest(options);
  const device = await Device.open(ingest.address, hello);
  devices.push(device);
  return device;
}

function ramp(from: number, samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => from + i);
}
