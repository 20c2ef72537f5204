import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { KeepingDevice, type KeepingDeviceOptions } from './keeping-device.ts';
import { ownPort } from './own-port.ts';
import { startServer, type TestServer } from './server.ts';
import { faultsOf, readStored, type StoredRow } from './stored-windows.ts';

export interface StorageServerOptions {
  /** Of `history` in the settings. */
  readonly history?: object;
}

/**
 * One storage directory and the servers that have it one after the other, on
 * the same ports, as one that is killed and started again.
 */
export class StorageServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'fenestra-'));
  readonly directory = join(this.folder, 'data');
  /** From the start of a process to its word that it listens, ms. */
  readonly readyMs: number[] = [];
  readonly devices: KeepingDevice[] = [];
  readonly #options: StorageServerOptions;
  #server: TestServer | undefined;
  #ports: Record<string, object> | undefined;

  constructor(options: StorageServerOptions = {}) {
    this.#options = options;
  }

  get server(): TestServer {
    if (this.#server === undefined) throw new Error('the server is not started');
    return this.#server;
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
    const { history = {} } = this.#options;
    this.#ports ??= { server: { port: await ownPort() }, ingest: { port: await ownPort() } };
    const startMs = performance.now();
    const settings = { ...this.#ports, storage: { directory: this.directory }, history };
    this.#server = await startServer(settings, env);
    this.readyMs.push(performance.now() - startMs);
    return this.#server;
  }

  /** Kills it, unless it is dead already. */
  async kill(): Promise<void> {
    this.server.kill('SIGKILL');
    await this.server.ended;
  }

  /** Starts so many devices, each on a channel of its own. */
  async startDevices(count: number, options: Omit<KeepingDeviceOptions, 'channel' | 'seed'>): Promise<void> {
    const { ingest } = this.server;
    for (let seed = 0; seed < count; seed++) {
      this.devices.push(new KeepingDevice(ingest, { ...options, channel: `keeping.${seed}`, seed }));
    }
    await Promise.all(this.devices.map((device) => device.start()));
  }

  /**
   * Ends all devices, once everything is acknowledged, and the server, whose
   * books it checks; then fails unless every window is stored, once, as it was
   * sent, and in every tier. Returns what is stored.
   */
  async expectKept(): Promise<StoredRow[][]> {
    const { devices } = this;
    await Promise.all(devices.map((device) => device.finish()));
    expect(await this.server.close()).toBe(0);
    const stored = await readStored(this.directory);
    expect(devices.map(({ forgotten }) => forgotten)).toEqual(devices.map(() => 0));
    expect(devices.map(({ acknowledged }) => acknowledged)).toEqual(devices.map(({ measured }) => measured));
    const faults = devices.flatMap((device) => faultsOf(device, stored, device.measured));
    expect(faults.slice(0, 20)).toEqual([]);
    return stored;
  }

  /** From the last sample of a window sent to its acknowledgement, of all devices: the p99, ms. */
  get acknowledgementP99Ms(): number {
    const sorted = this.devices.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  }

  async remove(): Promise<void> {
    for (const device of this.devices) device.destroy();
    if (this.#server !== undefined) await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
