import type { Clock } from '../../base/clock.ts';
import type { DeviceEvent } from '../device-options.ts';
import { PlasmaLight, type Truth } from './plasma-light.ts';
import { Sensor } from './sensor.ts';
import { createNoiseTables } from './shot-noise.ts';

export interface PlantOptions {
  readonly host: string;
  readonly port: number;
  readonly channels: number;
  readonly rateHz: number;
  readonly seed: string;
  /** On each channel, on average. */
  readonly anomaliesPerMinute: number;
  /** Tells one run of the plant from another. */
  readonly stream: string;
  readonly clock: Clock;
  readonly onTruth: (channel: string, truth: Truth) => void;
  readonly onEvent: (channel: string, event: DeviceEvent) => void;
  /** A sensor cannot go on. */
  readonly onFailure: (error: unknown) => void;
}

export interface PlantCounts {
  readonly sentSamples: number;
  readonly lostSamples: number;
}

/** Sensors that one process simulates at most. */
export const CHANNEL_LIMIT = 64;
const TICK_MS = 20;
const FIRST_IGNITION_MS = 400;
const NEXT_IGNITION_MS = 150;

/** Etch chambers with two views each, one sensor a view, driven by one timer. */
export class Plant {
  readonly #options: PlantOptions;
  readonly #sensors: readonly Sensor[];
  #timer: NodeJS.Timeout | undefined;
  #isEnding = false;

  constructor(options: PlantOptions) {
    this.#options = options;
    const noise = createNoiseTables(options.seed);
    this.#sensors = Array.from({ length: options.channels }, (_, i) => {
      const { host, port, rateHz, seed, anomaliesPerMinute, stream, clock, onTruth } = options;
      const channel = channelName(i);
      const light = new PlasmaLight({
        seed: `${seed}/${channel}`,
        rateHz,
        anomaliesPerMinute,
        firstRunMs: FIRST_IGNITION_MS + i * NEXT_IGNITION_MS,
        noise,
        onTruth: (truth) => onTruth(channel, truth),
      });
      const onEvent = (event: DeviceEvent) => this.#onEvent(i, event);
      return new Sensor({ host, port, channel, stream, rateHz, light, clock, onEvent });
    });
  }

  get counts(): PlantCounts {
    const counts = this.#sensors.map((sensor) => sensor.counts);
    return {
      sentSamples: counts.reduce((sum, { sentSamples }) => sum + sentSamples, 0),
      lostSamples: counts.reduce((sum, { lostSamples }) => sum + lostSamples, 0),
    };
  }

  /** Connects every sensor, then lets them run. Rejects with `DEVICE_REFUSED` and leaves nothing open. */
  async start(): Promise<void> {
    try {
      await Promise.all(this.#sensors.map((sensor) => sensor.open()));
    } catch (error) {
      this.destroy();
      throw error;
    }
    for (const sensor of this.#sensors) sensor.begin();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Ends every stream; resolves when the server has all of them, or is gone. */
  async end(): Promise<void> {
    this.#isEnding = true;
    clearInterval(this.#timer);
    await Promise.all(this.#sensors.map((sensor) => sensor.end()));
  }

  /** Stops at once. */
  destroy(): void {
    clearInterval(this.#timer);
    for (const sensor of this.#sensors) sensor.destroy();
  }

  // A server that stops at the same time, as on Ctrl-C, is not waited for.
  #onEvent(index: number, event: DeviceEvent): void {
    if (this.#isEnding && event.kind === 'lost') this.#sensors[index].destroy();
    else this.#options.onEvent(channelName(index), event);
  }

  #tick(): void {
    try {
      for (const sensor of this.#sensors) sensor.advance();
    } catch (error) {
      this.destroy();
      this.#options.onFailure(error);
    }
  }
}

/** The name of sensor `index`: `etch-1.view-a`, `etch-1.view-b`, `etch-2.view-a`, … */
export function channelName(index: number): string {
  return `etch-${Math.floor(index / 2) + 1}.view-${index % 2 === 0 ? 'a' : 'b'}`;
}
