import { DeviceClient } from '../device-client.ts';
import type { DeviceCounts, DeviceEvent } from '../device-options.ts';
import type { PlasmaLight } from './plasma-light.ts';
import { VOLTS_PER_COUNT } from './shot-noise.ts';

export interface SensorOptions {
  readonly host: string;
  readonly port: number;
  readonly channel: string;
  /** One run of the sample counter. */
  readonly stream: string;
  readonly rateHz: number;
  readonly light: PlasmaLight;
  readonly onEvent: (event: DeviceEvent) => void;
}

const FRAME_STEPS = 20; // 10 ms
const BUFFER_SECONDS = 1; // kept for a server that stalls; then the oldest samples are lost
/** How far behind its time a sensor still makes up for it; past it, its clock has stood still. */
const BEHIND_MS = 2000;
/** Frames at a time: five times as fast as time passes, and the socket gets its turn in between. */
const FRAMES_AT_ONCE = 10;

/** A photomultiplier before a plasma, with its converter: samples in real time, as a device of the raw stream protocol. */
export class Sensor {
  readonly #options: SensorOptions;
  readonly #client: DeviceClient;
  readonly #frameSamples: number;
  #originMs = 0; // time of sample 0, ms since 1970

  constructor(options: SensorOptions) {
    const { host, port, channel, stream, rateHz, light, onEvent } = options;
    this.#options = options;
    this.#frameSamples = FRAME_STEPS * light.stepSamples;
    this.#client = new DeviceClient({
      host,
      port,
      hello: {
        channel,
        stream,
        datatype: 'ri16_le',
        rateHz,
        scale: VOLTS_PER_COUNT,
        unit: 'V',
        description: 'simulated plasma light',
        hardware: 'photomultiplier, simulated',
        recorder: 'fenestra simulate',
      },
      sampleBytes: 2,
      frameSamples: this.#frameSamples,
      bufferBytes: BUFFER_SECONDS * rateHz * 2,
      whenFull: 'drop',
      retryFirst: false,
      onEvent,
    });
  }

  get counts(): DeviceCounts {
    return this.#client.counts;
  }

  /** Connects. Rejects with `DEVICE_REFUSED`. */
  open(): Promise<void> {
    return this.#client.open();
  }

  /** Begins sampling at `nowMs`, ms since 1970. */
  begin(nowMs: number): void {
    this.#originMs = nowMs;
  }

  /** Sends whole frames up to `nowMs`, or some of them where there are many. Throws `DEVICE_REFUSED` when the server does not want the stream any more. */
  advance(nowMs: number): void {
    const { rateHz, light } = this.#options;
    const behindMs = nowMs - this.#timeMs(light.position);
    if (Math.abs(behindMs) > BEHIND_MS) this.#originMs += behindMs; // it slept or the clock was set: the times sent say so
    for (let i = 0; i < FRAMES_AT_ONCE; i++) {
      if (this.#timeMs(light.position + this.#frameSamples) > nowMs) return;
      const frame = this.#client.takeRoom();
      const firstSample = light.position;
      light.render(new Int16Array(frame.payload.buffer, frame.payload.byteOffset, this.#frameSamples));
      const timeNs =
        BigInt(Math.round(this.#originMs * 1000)) * 1000n + BigInt(Math.round((firstSample / rateHz) * 1e9));
      this.#client.send(frame, { firstSample, samples: this.#frameSamples, timeNs });
    }
  }

  /** Ends the stream; resolves when the server has all of it. */
  async end(): Promise<void> {
    this.#options.light.finish();
    await this.#client.end();
  }

  /** Lets go of the connection as it is. */
  destroy(): void {
    this.#options.light.finish();
    this.#client.destroy();
  }

  #timeMs(sample: number): number {
    return this.#originMs + (sample / this.#options.rateHz) * 1000;
  }
}
