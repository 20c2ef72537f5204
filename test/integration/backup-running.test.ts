import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CaptureClient } from '../support/capture-client.ts';
import { runCommand } from '../support/command.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { StorageServer } from '../support/storage-server.ts';
import { faultsOf, readStored } from '../support/stored-windows.ts';

// The built server with devices that stream, and the built command beside it.

const CHANNELS = 2;
const SPEED = { window: 100, windowsPerSecond: 100 };
const POLL = { interval: 20 };

let plant: StorageServer;
let restored: TestServer | undefined;

beforeEach(() => {
  plant = new StorageServer({ history: { segment_seconds: 1 } });
});
afterEach(async () => {
  await restored?.close();
  restored = undefined;
  await plant.remove();
});

it('a backup of a running server has every window that was acknowledged, and its recordings, in a server made of it', async () => {
  await plant.start();
  await plant.startDevices(CHANNELS, SPEED);
  await expect.poll(() => plant.devices.every(({ acknowledged }) => acknowledged > 200), POLL).toBe(true);
  const client = new CaptureClient(plant.server.url);
  const begun = await client.begin({ channel: 'keeping.0', beforeSeconds: 1, afterSeconds: 0 });
  const recording = await client.over(begun.id);
  await expect.poll(() => existsSync(join(plant.directory, 'history/sealed/tier=0')), POLL).toBe(true);

  const safe = plant.devices.map(({ acknowledged }) => acknowledged);
  const backup = await fenestra('backup', 'copy', '--storage', 'data');
  const after = plant.devices.map(({ measured }) => measured);
  const restore = await fenestra('restore', 'copy', '--storage', 'restored');

  expect([backup.stderr, backup.status, restore.stderr, restore.status]).toEqual(['', 0, '', 0]);
  expect(after.map((measured, i) => measured > safe[i]!)).toEqual([true, true]); // they did not stop for it
  const directory = join(plant.folder, 'restored');
  restored = await startServer({ storage: { directory } });
  const copies = new CaptureClient(restored.url);
  expect((await copies.list()).captures).toEqual([recording]);
  const data = await copies.bytes(recording.id, 'data');
  expect(data).toHaveLength(recording.bytes);
  expect(createHash('sha512').update(data).digest('hex')).toBe(recording.sha512);
  expect(await restored.close()).toBe(0);

  const stored = await readStored(directory);
  expect(plant.devices.flatMap((device, i) => faultsOf(device, stored, safe[i]!))).toEqual([]);
  expect(existsSync(join(directory, 'history/quarantine'))).toBe(false);
  expect(statSync(join(plant.directory, 'control.sock')).isSocket()).toBe(true); // it was asked, and still is to be
});

function fenestra(...args: string[]) {
  return runCommand(args, plant.folder);
}
