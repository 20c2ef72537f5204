import { afterEach, expect } from 'vitest';
import { CaptureClient } from './capture-client.ts';
import { Device } from './device.ts';
import { Folder } from './folder.ts';
import { startServer, type TestServer } from './server.ts';

/** Time of sample 0 of every device, ms since 1970 UTC. */
export const EPOCH_MS = 1_700_000_000_000;
export const RATE_HZ = 100_000;
export const WINDOW = 500;

/** A server a test that keeps its recordings over restarts, and devices of it. Closed, and its books checked, after the test. */
export class CaptureFixture {
  readonly folder = new Folder();
  readonly #devices: Device[] = [];
  #server: TestServer | undefined;

  constructor() {
    afterEach(async () => {
      for (const device of this.#devices.splice(0)) device.socket.destroy();
      await this.#server?.close();
      this.#server = undefined;
    });
  }

  get server(): TestServer {
    if (this.#server === undefined) throw new Error('no server was started');
    return this.#server;
  }

  get client(): CaptureClient {
    return new CaptureClient(this.server.url);
  }

  async start(settings: Readonly<Record<string, object>> = {}): Promise<void> {
    this.#server = await startServer({ ...settings, storage: { directory: this.folder.path() } });
  }

  /** Stops the server and checks its books; its devices lose their connections. */
  async stop(): Promise<void> {
    expect(await this.server.close()).toBe(0);
    this.#server = undefined;
    for (const device of this.#devices.splice(0)) device.socket.destroy();
  }

  /** Opens a device of 100 kHz; int16 unless `hello` says otherwise. */
  async open(channel: string, hello: Readonly<Record<string, unknown>> = {}): Promise<Device> {
    const device = await Device.open(this.server.ingest, {
      'fenestra:channel': channel,
      'fenestra:epoch_ns': `${EPOCH_MS}000000`,
      'fenestra:window': WINDOW,
      'core:sample_rate': RATE_HZ,
      ...hello,
    });
    this.#devices.push(device);
    return device;
  }
}

/** Sends a frame and waits until the server has read it: it grants as many bytes more. */
export async function sendFrame(
  device: Device,
  from: number,
  samples: Int16Array | Float32Array,
  flags = 0,
): Promise<void> {
  const granted = () => device.acknowledgements.at(-1)?.creditBytes ?? Number(device.answer!.credit_bytes);
  const before = granted();
  device.frame(from, samples, { flags });
  await device.until(() => granted() >= before + samples.byteLength);
}

/** Sends samples of which `sampleAt` tells the values. */
export function sendSamples(device: Device, from: number, samples: number): Promise<void> {
  return sendFrame(device, from, Int16Array.from(range(from, from + samples), sampleAt));
}

export function sampleAt(index: number): number {
  return (index * 7919) % 30_000;
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
