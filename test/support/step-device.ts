import { Device } from './device.ts';

const RATE_HZ = 10_000_000;
const WINDOW = 50_000;
/** A frame is a millisecond: what a sensor's computer hands over at a time. */
const FRAME = 10_000;
const FRAME_MS = (FRAME * 1000) / RATE_HZ;

export const WINDOW_MS = (WINDOW * 1000) / RATE_HZ;

/** A device of 10 MS/s, sent as it is measured, that says when the first sample of another level left. */
export class StepDevice {
  readonly #device: Device;
  readonly #startMs = performance.now();
  readonly #timer = setInterval(() => this.#send(), FRAME_MS);
  #samples = new Int16Array(FRAME);
  #sent = 0; // frames
  #onStep: ((sentMs: number) => void) | undefined;

  static async open(address: { readonly host: string; readonly port: number }, channel: string): Promise<StepDevice> {
    return new StepDevice(
      await Device.open(address, {
        'fenestra:channel': channel,
        'fenestra:window': WINDOW,
        'fenestra:epoch_ns': String(BigInt(Date.now()) * 1_000_000n),
        'core:sample_rate': RATE_HZ,
      }),
    );
  }

  private constructor(device: Device) {
    this.#device = device;
  }

  /** From the next frame on all samples are that. Resolves when it has been sent: when, ms since 1970 UTC by the clock of `performance`. */
  step(level: number): Promise<number> {
    this.#samples = new Int16Array(FRAME).fill(level);
    return new Promise((resolve) => {
      this.#onStep = resolve;
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#device.cut();
  }

  #send(): void {
    const due = Math.floor((performance.now() - this.#startMs) / FRAME_MS);
    for (; this.#sent < due; this.#sent++) {
      this.#onStep?.(performance.timeOrigin + performance.now());
      this.#onStep = undefined;
      this.#device.frame(this.#sent * FRAME, this.#samples);
    }
  }
}
