import { Device } from './device.ts';

const RATE_HZ = 20_000;
const WINDOW = 100;
const WINDOW_MS = (WINDOW * 1000) / RATE_HZ;
const SEND_MS = 25;
// Every so many windows one is lost while the device is lossy.
const LOSS = 7;

/** A device of 200 windows a second, sent as they are measured, whose samples all have the level that a test sets. */
export class LevelDevice {
  level = 0;
  /** Loses a window now and then, so that no run is whole. */
  isLossy = false;
  /** Sends nothing; what it measures meanwhile comes later. */
  isPaused = false;
  readonly #device: Device;
  readonly #startMs = performance.now();
  readonly #timer = setInterval(() => this.#send(), SEND_MS);
  #sent = 0;

  static async open(address: { readonly host: string; readonly port: number }, channel: string): Promise<LevelDevice> {
    return new LevelDevice(
      await Device.open(address, {
        'fenestra:channel': channel,
        'fenestra:window': WINDOW,
        'fenestra:epoch_ns': String(BigInt(Date.now()) * 1_000_000n),
        'core:datatype': 'rf32_le',
        'core:sample_rate': RATE_HZ,
      }),
    );
  }

  private constructor(device: Device) {
    this.#device = device;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#device.cut();
  }

  #send(): void {
    if (this.isPaused) return;
    const due = Math.floor((performance.now() - this.#startMs) / WINDOW_MS);
    for (; this.#sent < due; this.#sent++) {
      if (this.isLossy && this.#sent % LOSS === 0) continue;
      this.#device.frame(this.#sent * WINDOW, new Float32Array(WINDOW).fill(this.level));
    }
  }
}
