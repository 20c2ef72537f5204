import { Device } from './device.ts';

export interface SteadyDeviceOptions {
  readonly channel: string;
  readonly window: number;
  readonly windowsPerSecond: number;
}

/**
 * A device that measures on its own clock whoever listens: sample 0 at a time
 * it names, one frame a window, the value of each sample its window's number.
 * What it measures while it is not connected is lost, as on a device without a
 * buffer; it connects again by itself.
 */
export class SteadyDevice {
  readonly startMs = Date.now();
  readonly #address: { readonly host: string; readonly port: number };
  readonly #options: SteadyDeviceOptions;
  #device: Device | undefined;
  #measured = 0;
  #isConnecting = false;
  readonly #timer: NodeJS.Timeout;

  constructor(address: { readonly host: string; readonly port: number }, options: SteadyDeviceOptions) {
    this.#address = address;
    this.#options = options;
    this.#timer = setInterval(() => this.#measure(), 1000 / options.windowsPerSecond);
  }

  /** Windows measured so far, sent or not. */
  get measured(): number {
    return this.#measured;
  }

  /** Measures no more, and stays connected. */
  pause(): void {
    clearInterval(this.#timer);
  }

  async close(): Promise<void> {
    this.pause();
    await this.#device?.cut();
  }

  #measure(): void {
    const { window, windowsPerSecond } = this.#options;
    const due = Math.floor(((Date.now() - this.startMs) / 1000) * windowsPerSecond);
    if (this.#device === undefined || this.#device.isEnded) void this.#connect();
    for (; this.#measured < due; this.#measured++) {
      if (!this.#device || this.#device.isEnded) continue;
      this.#device.frame(this.#measured * window, new Int16Array(window).fill(this.#measured % 30_000));
    }
  }

  async #connect(): Promise<void> {
    if (this.#isConnecting) return;
    this.#isConnecting = true;
    const { channel, window, windowsPerSecond } = this.#options;
    try {
      this.#device = await Device.open(this.#address, {
        'fenestra:channel': channel,
        'fenestra:stream': 'steady',
        'fenestra:epoch_ns': String(BigInt(this.startMs) * 1_000_000n),
        'fenestra:window': window,
        'core:sample_rate': window * windowsPerSecond,
      });
    } catch {
      // nobody listens: the next window tries again
    } finally {
      this.#isConnecting = false;
    }
  }
}
