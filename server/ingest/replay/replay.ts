import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';
import { DATATYPES } from '../../trend/datatype.ts';
import { WindowFlag } from '../../trend/trend-window.ts';
import { DeviceClient } from '../device-client.ts';
import type { DeviceCounts, DeviceEvent } from '../device-options.ts';
import type { SampleRun, SampleSource } from './sample-source.ts';

export interface ReplayOptions {
  readonly host: string;
  readonly port: number;
  readonly channel: string;
  /** One run of the sample counter; another replay is another stream. */
  readonly stream: string;
  /** Samples a window; default: as when it was measured, where the recording tells. */
  readonly window?: number | undefined;
  readonly token?: string | undefined;
  /** Times the recording's own rate; `Infinity` is as fast as the server acknowledges. */
  readonly speed: number;
  readonly clock: Clock;
  /**
   * Ends the replay early, in order: what was sent is a whole stream. What
   * waits for credit is not sent any more, and a server that does not answer
   * the end is left after half a second.
   */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: DeviceEvent) => void;
  readonly onProgress?: (progress: number) => void;
}

// A frame holds so much time, so that a live view moves smoothly, and so many bytes at most.
const FRAME_SECONDS = 0.02;
const FRAME_BYTES = 256 * 1024;
const BUFFER_BYTES = 32 * 1024 * 1024;
const GIVE_UP_MS = 60_000;
const STOP_MS = 500;

/**
 * Sends a recording as a device would: gaps stay gaps, times stay the
 * recording's own. Resolves when the server has read everything. The source
 * stays the caller's. Throws what the source throws, and `DEVICE_REFUSED`.
 */
export async function replay(source: SampleSource, options: ReplayOptions): Promise<DeviceCounts> {
  const { host, port, speed, signal, onEvent } = options;
  const sampleBytes = DATATYPES.get(source.datatype)!.bytes;
  const paced = Math.ceil(source.rateHz * speed * FRAME_SECONDS);
  const frameSamples = Math.max(1, Math.min(paced, FRAME_BYTES / sampleBytes));
  const client = new DeviceClient({
    host,
    port,
    hello: helloOf(source, options),
    sampleBytes,
    frameSamples,
    bufferBytes: BUFFER_BYTES,
    whenFull: 'wait',
    retryFirst: false,
    giveUpMs: GIVE_UP_MS,
    ...(onEvent && { onEvent }),
  });

  let stopTimer: NodeJS.Timeout | undefined;
  const stop = () => {
    client.dropUnsent();
    stopTimer = setTimeout(() => client.destroy(), client.isConnected ? STOP_MS : 0);
  };
  signal?.addEventListener('abort', stop, { once: true });

  try {
    await client.open();
    const startMs = options.clock.monotonicMs();
    let origin: number | undefined; // a recording may begin late in its stream
    for await (const run of source.runs()) {
      origin ??= run.firstSample;
      for (let at = 0; at < run.bytes.length && !signal?.aborted; at += frameSamples * sampleBytes) {
        const bytes = run.bytes.subarray(at, at + frameSamples * sampleBytes);
        const firstSample = run.firstSample + at / sampleBytes;
        const end = firstSample - origin + bytes.length / sampleBytes;
        await waitFor(startMs + (end / source.rateHz / speed) * 1000, options);
        const frame = await client.room();
        if (signal?.aborted) break;
        frame.payload.set(bytes);
        client.send(frame, { firstSample, samples: bytes.length / sampleBytes, ...saidOf(run, at) });
      }
      if (signal?.aborted) break;
      options.onProgress?.(source.progress);
    }
    await client.end();
    return client.counts;
  } finally {
    signal?.removeEventListener('abort', stop);
    clearTimeout(stopTimer);
    client.destroy();
  }
}

// A capture's time goes with its first sample, and so does what was lost before it; the server reckons the rest.
function saidOf({ timeNs, flags = 0 }: SampleRun, at: number) {
  if (at > 0) return { flags: flags & ~WindowFlag.SampleLoss };
  return { flags, ...(timeNs !== undefined && { timeNs }) };
}

// A sample is sent when it would have been taken.
async function waitFor(dueMs: number, { clock, speed, signal }: ReplayOptions): Promise<void> {
  if (speed === Number.POSITIVE_INFINITY) return;
  const waitMs = dueMs - clock.monotonicMs();
  if (waitMs <= 0) return;
  await sleep(waitMs, undefined, signal && { signal }).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}

function helloOf(source: SampleSource, options: ReplayOptions) {
  const { channel, stream, window = source.window, token } = options;
  const { datatype, rateHz, scale, offset, unit, fullScale, epochNs, epochSample, description, hardware } = source;
  return {
    channel,
    stream,
    datatype,
    rateHz,
    scale,
    offset,
    unit: unit.slice(0, 16),
    description: description.slice(0, 256),
    hardware: hardware.slice(0, 256),
    recorder: 'fenestra replay',
    ...(fullScale && { fullScale }),
    ...(epochNs !== undefined && { epochNs }),
    ...(epochSample !== undefined && { epochSample }),
    ...(window !== undefined && { window }),
    ...(token !== undefined && { token }),
  };
}
