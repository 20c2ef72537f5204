import { Device } from './device.ts';

const WINDOW = 100;
const WINDOWS_PER_SECOND = 200;
const SAMPLES_PER_SECOND = WINDOW * WINDOWS_PER_SECOND;
const TICK_MS = 20;

/** Devices of 200 windows a second each, over TCP: first a past at once, then in real time until `close`. */
export class Sensors {
  readonly #devices: readonly Device[];
  readonly #startMs = performance.now();
  #sent = 0;
  readonly #timer: NodeJS.Timeout;

  static async start(
    ingest: { readonly host: string; readonly port: number },
    { count, pastSeconds }: { readonly count: number; readonly pastSeconds: number },
  ): Promise<Sensors> {
    const hello = { 'core:sample_rate': SAMPLES_PER_SECOND, 'fenestra:window': WINDOW };
    const names = Array.from({ length: count }, (_, i) => `sensor-${i + 1}`);
    const devices = await Promise.all(names.map((name) => Device.open(ingest, { ...hello, 'fenestra:channel': name })));
    const sensors = new Sensors(devices, pastSeconds);
    await Promise.all(devices.map((device) => device.until(() => sensors.#isTaken(device, pastSeconds))));
    return sensors;
  }

  private constructor(devices: readonly Device[], pastSeconds: number) {
    this.#devices = devices;
    for (let second = 0; second < pastSeconds; second++) this.#send(SAMPLES_PER_SECOND);
    this.#timer = setInterval(() => {
      const elapsedMs = performance.now() - this.#startMs;
      const due = Math.floor((elapsedMs * WINDOWS_PER_SECOND) / 1000) * WINDOW + pastSeconds * SAMPLES_PER_SECOND;
      this.#send(due - this.#sent);
    }, TICK_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#devices.map((device) => device.cut()));
  }

  #send(samples: number): void {
    const first = this.#sent;
    this.#sent += samples;
    const payload = Int16Array.from({ length: samples }, (_, i) => Math.round(1000 * Math.sin((first + i) / 5000)));
    for (const device of this.#devices) device.frame(first, payload);
  }

  #isTaken(device: Device, seconds: number): boolean {
    return (device.acknowledgements.at(-1)?.nextSample ?? 0) >= seconds * SAMPLES_PER_SECOND;
  }
}
