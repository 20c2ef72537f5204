import { afterEach } from 'vitest';
import { Device } from './device.ts';
import { startIngest, type TestIngest, type TestIngestOptions } from './ingest.ts';

export type HelloFields = Readonly<Record<string, unknown>>;

/** One ingest server a test, closed and its books checked after it, and the devices of it. */
export class IngestFixture {
  #ingest: TestIngest | undefined;
  readonly #devices: Device[] = [];

  constructor() {
    afterEach(async () => {
      for (const device of this.#devices.splice(0)) device.socket.destroy();
      await this.#ingest?.close();
      this.#ingest = undefined;
    });
  }

  get ingest(): TestIngest {
    if (this.#ingest === undefined) throw new Error('no ingest server was opened');
    return this.#ingest;
  }

  /** Starts the server and opens a device on it. */
  async open(hello: HelloFields, options?: TestIngestOptions): Promise<Device> {
    this.#ingest = await startIngest(options);
    return this.reopen(hello);
  }

  /** Opens a device once the connections before it have left their channels. */
  async reopen(hello: HelloFields): Promise<Device> {
    await this.until(() => this.ingest.server.ledger().every((entry) => !entry.live));
    const device = await Device.open(this.ingest.address, hello);
    this.#devices.push(device);
    return device;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function ramp(from: number, samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => from + i);
}
