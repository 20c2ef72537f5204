import { DeviceClient } from '../../server/ingest/device-client.ts';
import type { DeviceEvent } from '../../server/ingest/device-options.ts';

export interface KeepingDeviceOptions {
  readonly channel: string;
  readonly window: number;
  readonly windowsPerSecond: number;
  /** Time of sample 0, ns since 1970 UTC; now where it is left out. */
  readonly epochNs?: bigint;
  /** Its clock is set at each of these windows, by so many seconds. */
  readonly clockSteps?: readonly { readonly at: number; readonly seconds: number }[];
  /** Makes the values of one device unlike those of others. */
  readonly seed?: number;
  /** Windows kept at most until they are acknowledged; without a limit where it is left out. */
  readonly keeps?: number;
}

const TICK_MS = 10;
const RETRY_MS = [50, 200] as const;
const ALL_BYTES = 256 << 20;
const STREAM = 'run';

/**
 * A device that measures on its own clock, keeps everything until it is
 * acknowledged, and notes what it was ever told to be safe. One frame a
 * window. What each window comes to is known: `expected`.
 */
export class KeepingDevice {
  readonly channel: string;
  readonly stream = STREAM;
  readonly options: KeepingDeviceOptions;
  readonly epochNs: bigint;
  /** From the last sample of a window sent to its acknowledgement, ms; of windows acknowledged on the connection they were first sent on. */
  readonly latenciesMs: number[] = [];
  readonly events: DeviceEvent[] = [];
  readonly #client: DeviceClient;
  #forgotten = 0;
  #measured = 0;
  #acknowledged = 0;
  #startMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #sentMs = new Map<number, number>(); // by window
  #told = 0;

  constructor(address: { readonly host: string; readonly port: number }, options: KeepingDeviceOptions) {
    const { channel, window, windowsPerSecond, keeps } = options;
    this.channel = channel;
    this.options = options;
    this.epochNs = options.epochNs ?? BigInt(Date.now()) * 1_000_000n;
    this.#client = new DeviceClient({
      ...address,
      hello: {
        channel,
        datatype: 'ri16_le',
        rateHz: window * windowsPerSecond,
        window,
        stream: STREAM,
        epochNs: this.epochNs,
      },
      sampleBytes: 2,
      frameSamples: window,
      bufferBytes: keeps === undefined ? ALL_BYTES : keeps * window * 2,
      whenFull: 'drop',
      retryFirst: true,
      retryMs: RETRY_MS,
      onEvent: (event) => this.#note(event),
    });
  }

  /** Whole windows measured so far. */
  get measured(): number {
    return this.#measured;
  }

  /** Windows that it was ever told to be safe. */
  get acknowledged(): number {
    this.#look();
    return this.#acknowledged;
  }

  /** The most windows by which a server fell behind what it had acknowledged. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get connections(): number {
    return this.#client.counts.connections;
  }

  get isConnected(): boolean {
    return this.#client.isConnected;
  }

  /** Connects and begins to measure. */
  async start(): Promise<void> {
    await this.#client.open();
    this.#startMs = performance.now();
    this.#timer = setInterval(() => this.#measure(), TICK_MS);
  }

  /** Measures no more, and resolves when everything is acknowledged. */
  async finish(): Promise<void> {
    clearInterval(this.#timer);
    await this.#client.end();
    this.#look();
  }

  destroy(): void {
    clearInterval(this.#timer);
    this.#client.destroy();
  }

  /** What window `index` comes to. */
  expected(index: number): { min: number; max: number; mean: number; m2: number; count: number; timeNs: bigint } {
    const { window } = this.options;
    const min = this.#baseOf(index);
    return {
      min,
      max: min + window - 1,
      mean: min + (window - 1) / 2,
      m2: (window * (window ** 2 - 1)) / 12,
      count: window,
      timeNs: this.#timeOf(index),
    };
  }

  #timeOf(index: number): bigint {
    const { windowsPerSecond, clockSteps = [] } = this.options;
    const stepped = clockSteps.filter(({ at }) => at <= index).reduce((sum, { seconds }) => sum + seconds, 0);
    return this.epochNs + BigInt(Math.round((index * 1e9) / windowsPerSecond)) + BigInt(stepped) * 1_000_000_000n;
  }

  #baseOf(index: number): number {
    return ((index * 37 + (this.options.seed ?? 0) * 1009) % 20_000) - 10_000;
  }

  #measure(): void {
    this.#look();
    const { window, windowsPerSecond } = this.options;
    const due = Math.floor(((performance.now() - this.#startMs) / 1000) * windowsPerSecond);
    for (; this.#measured < due; this.#measured++) {
      const frame = this.#client.takeRoom();
      const samples = new Int16Array(frame.payload.buffer, frame.payload.byteOffset, window);
      const base = this.#baseOf(this.#measured);
      for (let i = 0; i < window; i++) samples[i] = base + i;
      const timeNs = this.#timeOf(this.#measured);
      this.#client.send(frame, { firstSample: this.#measured * window, samples: window, timeNs });
      if (this.#client.isConnected) this.#sentMs.set(this.#measured, performance.now());
    }
  }

  #note(event: DeviceEvent): void {
    this.events.push(event);
    if (event.kind === 'connected') {
      this.#forgotten = Math.max(this.#forgotten, this.#acknowledged - event.nextSample / this.options.window);
    }
    this.#look();
    this.#sentMs.clear();
  }

  #look(): void {
    const { nextSample } = this.#client;
    const told = nextSample / this.options.window;
    const nowMs = performance.now();
    for (; this.#told < told; this.#told++) {
      const sentMs = this.#sentMs.get(this.#told);
      if (sentMs !== undefined) this.latenciesMs.push(nowMs - sentMs);
      this.#sentMs.delete(this.#told);
    }
    this.#acknowledged = Math.max(this.#acknowledged, told);
  }
}
