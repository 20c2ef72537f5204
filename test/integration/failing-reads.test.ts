import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { HistoryReply } from '../../server/wire/history.ts';
import { CaptureClient } from '../support/capture-client.ts';
import { FileFaults } from '../support/file-faults.ts';
import { StorageServer } from '../support/storage-server.ts';
import { hasTool } from '../support/tools.ts';

const SPEED = { window: 100, windowsPerSecond: 100 };
const CHANNEL = 'keeping.0';
const FILES = '*.[ps]*[ta]'; // .parquet, .sigmf-data
const POLL = { interval: 100 };

const notes = mkdtempSync(join(tmpdir(), 'fenestra-'));
let plant: StorageServer;

afterEach(async () => {
  await plant.remove();
  rmSync(notes, { recursive: true, force: true });
});

it.skipIf(!hasTool('gcc'))('a disk that does not read for a while makes nothing damaged for good', async () => {
  plant = new StorageServer({ history: { segment_seconds: 1 } });
  await plant.start();
  await plant.startDevices(1, SPEED);
  const [device] = plant.devices;
  await expect.poll(() => device.acknowledged, POLL).toBeGreaterThan(100);
  const made = new CaptureClient(plant.server.url);
  const recording = await made.begin({ channel: CHANNEL, beforeSeconds: 0.5, afterSeconds: 0 });
  const { id, sha512 } = await made.over(recording.id);
  await expect.poll(isSealed, POLL).toBe(true);
  await device.finish();
  await plant.server.close();

  const faults = new FileFaults(notes);
  const plan = { calls: ['read'], path: FILES, count: Infinity, action: ['EIO'], isSwitched: true } as const;
  faults.isOn = true; // from the start on, or files may have been found good before
  await plant.start(faults.environment(plant.directory, plan));
  const captures = new CaptureClient(plant.server.url);
  expect((await history()).status).toBe(503);
  await captures.file(id, 'data').then(
    (reply) => reply.arrayBuffer(),
    () => undefined,
  ); // checked first, and it fails
  expect((await captures.find(id)).state).toBe('ready');
  faults.isOn = false;
  const failed = faults.take().map(({ path }) => path.split('.').at(-1));

  const { rows } = (await (await history()).json()) as HistoryReply;
  expect(rows.count.reduce((sum, count) => sum + count, 0)).toBe(device.measured * SPEED.window);
  const data = await captures.file(id, 'data');
  expect([data.status, (await captures.find(id)).sha512]).toEqual([200, sha512]);
  expect(new Set(failed)).toEqual(new Set(['parquet', 'sigmf-data']));
  expect(existsSync(join(plant.directory, 'history/quarantine'))).toBe(false);

  function history(): Promise<Response> {
    const fromMs = Number(device.epochNs / 1_000_000n) - 1000;
    return fetch(`${plant.server.url}/api/channels/${CHANNEL}/history?from=${fromMs}&to=${Date.now()}&columns=2000`);
  }
});

/** Whether the catalogue lists files: what is sealed after the next start is known to be good without a reading. */
function isSealed(): boolean {
  return plant.server.logs.some(({ msg }) => /^segment \d+ is sealed$/.test(String(msg)));
}
