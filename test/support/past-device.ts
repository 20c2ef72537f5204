import { Device } from './device.ts';

/** What a device has measured before anybody listened. */
export interface PastSamples {
  readonly channel: string;
  readonly stream?: string;
  readonly unit?: string;
  /** Time of its first sample, ms since 1970 UTC. */
  readonly startMs: number;
  readonly sampleMs: number;
  /** Samples a window. */
  readonly window: number;
  readonly samples: number;
  readonly valueAt: (sample: number) => number;
  readonly scale?: number;
}

// Samples a frame, and what is sent ahead of the last acknowledgement.
const FRAME = 5_000;
const AHEAD = 200_000;

/** Sends all of it, with its own times, and resolves once it is safe. The caller closes the device. */
export async function sendPast(address: { host: string; port: number }, past: PastSamples): Promise<Device> {
  const { channel, stream = 'past', unit = 'V', startMs, sampleMs, window, samples, valueAt, scale = 1 } = past;
  const device = await Device.open(address, {
    'fenestra:channel': channel,
    'fenestra:stream': stream,
    'fenestra:unit': unit,
    'fenestra:scale': scale,
    'fenestra:window': window,
    'fenestra:epoch_ns': `${startMs}000000`,
    'core:sample_rate': 1000 / sampleMs,
  });
  const safe = () => device.acknowledgements.at(-1)?.nextSample ?? 0;
  for (let first = 0; first < samples; first += FRAME) {
    await device.until(() => safe() >= first - AHEAD || device.isEnded);
    const payload = Int16Array.from({ length: Math.min(FRAME, samples - first) }, (_, i) => valueAt(first + i));
    device.frame(first, payload, { timeNs: BigInt(startMs + first * sampleMs) * 1_000_000n });
  }
  await device.until(() => safe() >= samples || device.isEnded);
  return device;
}
