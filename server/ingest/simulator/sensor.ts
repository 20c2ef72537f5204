import type { Clock } from '../../base/clock.ts';
import { DeviceClient } from '../device-client.ts';
import type { DeviceCounts, DeviceEvent } from '../device-options.ts';
import { JUMP_SECONDS } from '../protocol.ts';
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
  readonly clock: Clock;
  readonly onEvent: (event: DeviceEvent) => void;
}

const FRAME_STEPS = 20; // 10 ms
const BUFFER_SECONDS = 1; // kept for a server that stalls; then the oldest samples are lost
/** How far behind its time a sensor still makes up for it; past it, its converter has overrun. */
const BEHIND_MS = 2000;
/** Frames at a time: five times as fast as time passes, and the socket gets its turn in between. */
const FRAMES_AT_ONCE = 10;
const SKIPPED_AT_ONCE = 1000; // frames, 10 s
/** How far the system's clock may be from the sensor's own before times follow it; less is the machine's haste. */
const CLOCK_STEP_MS = 1000;

/**
 * A photomultiplier before a plasma, with its converter: samples in real time,
 * as a device of the raw stream protocol.
 *
 * The converter goes by the monotonic clock. Samples that its machine has no
 * time for are lost but counted, so that the stream has a gap and not a shift;
 * over a day of them is more than a stream may jump, and stops its counter.
 * The system's clock only tells when that was, and may be set.
 */
export class Sensor {
  readonly #options: SensorOptions;
  readonly #client: DeviceClient;
  readonly #frameSamples: number;
  #startMs = 0; // of sample 0, on the monotonic clock
  #aheadMs = 0; // from there to ms since 1970
  #lostSamples = 0; // since the last frame

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

  /** Begins sampling. */
  begin(): void {
    const { clock } = this.#options;
    this.#startMs = clock.monotonicMs();
    this.#aheadMs = clock.nowMs() - this.#startMs;
  }

  /** Sends whole frames up to now, or some of them where there are many. Throws `DEVICE_REFUSED` when the server does not want the stream any more. */
  advance(): void {
    const { clock, light } = this.#options;
    const nowMs = clock.monotonicMs();
    const aheadMs = clock.nowMs() - nowMs;
    if (Math.abs(aheadMs - this.#aheadMs) > CLOCK_STEP_MS) this.#aheadMs = aheadMs;
    if (nowMs - this.#timeMs(light.position) > BEHIND_MS && !this.#caughtUp(nowMs)) return;
    for (let i = 0; i < FRAMES_AT_ONCE; i++) {
      if (this.#timeMs(light.position + this.#frameSamples) > nowMs) return;
      this.#sendFrame();
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

  #sendFrame(): void {
    const { rateHz, light } = this.#options;
    const frame = this.#client.takeRoom();
    const firstSample = light.position;
    light.render(new Int16Array(frame.payload.buffer, frame.payload.byteOffset, this.#frameSamples));
    const originUs = Math.round((this.#startMs + this.#aheadMs) * 1000);
    const timeNs = BigInt(originUs) * 1000n + BigInt(Math.round((firstSample / rateHz) * 1e9));
    this.#client.send(frame, { firstSample, samples: this.#frameSamples, timeNs, lostBefore: this.#lostSamples });
    this.#lostSamples = 0;
  }

  // Loses the frames that are overdue; false where even that takes longer than one turn.
  #caughtUp(nowMs: number): boolean {
    const { rateHz, light } = this.#options;
    const behindMs = nowMs - this.#timeMs(light.position);
    if (behindMs > JUMP_SECONDS * 1000) {
      this.#startMs += behindMs;
      return true;
    }
    const overdue = Math.floor(((behindMs / 1000) * rateHz) / this.#frameSamples);
    const frames = Math.min(overdue, SKIPPED_AT_ONCE);
    light.skip(frames * FRAME_STEPS);
    this.#lostSamples += frames * this.#frameSamples;
    return frames === overdue;
  }

  // On the monotonic clock.
  #timeMs(sample: number): number {
    return this.#startMs + (sample / this.#options.rateHz) * 1000;
  }
}
