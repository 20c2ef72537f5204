import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { HistoryReply } from '../../server/wire/history.ts';
import { type FilledChannels, fillChannels } from '../support/filled-channels.ts';
import { processCpuMs } from '../support/process-cpu.ts';
import { runs } from '../support/runs.ts';
import { StorageServer } from '../support/storage-server.ts';

// A server that is killed with much on its disk, and started again and again
// as it lay there: sealed files, an open segment, and a log of it that is
// about to be taken into it.

const STARTS = runs(2, 10);
const FILL = {
  channels: runs(3, 100),
  hours: runs(2, 9), // which come to more than a gigabyte
  windowsAnHour: runs(500, 36_000),
  openWindows: runs(500, 90_000),
};
const DEVICES = { window: 100, windowsPerSecond: 500 };
const LOG_BYTES = runs(100_000, 12_000_000); // at 16 MiB DuckDB takes it into the segment
const SEGMENT_SECONDS = 86_400; // so that it hardly ever ends meanwhile
const READY_MS = 2000;
const IS_SOAK = STARTS > 2;

let plant: StorageServer;

afterEach(() => plant.remove());

it('is ready again soon after a kill, with all that it had', async () => {
  plant = new StorageServer({ history: { segment_seconds: SEGMENT_SECONDS } });
  const history = join(plant.directory, 'history');
  const startMs = performance.now();
  const filled = await fillChannels(history, FILL);
  const filledMs = performance.now() - startMs;
  const { files, bytes } = sealedOf(history);
  await plant.start();
  await plant.startDevices(runs(3, 20), DEVICES);
  await expect.poll(() => logBytes(history), { timeout: 600_000, interval: 5 }).toBeGreaterThan(LOG_BYTES);
  await plant.kill();
  for (const device of plant.devices) device.destroy();
  const asKilled = join(plant.folder, 'as-killed');
  copyDatabases(history, asKilled);

  const cpuMs: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    copyDatabases(asKilled, history);
    const { url, pid, logs } = await plant.start();
    if (process.platform === 'linux') cpuMs.push(processCpuMs(pid));
    await expectAll(url, filled);
    expect(logs.map(({ msg }) => msg)).not.toContain('coarse tiers lack windows that are stored');
    await plant.kill();
  }

  const readyMs = plant.readyMs.slice(1);
  console.log(`filled in ${Math.round(filledMs / 1000)} s: ${files} sealed files, ${(bytes / 1e9).toFixed(2)} GB`);
  console.log(`${logBytes(asKilled)} bytes of log, load ${loadavg()[0]!.toFixed(1)}`);
  console.log(`ready after ${readyMs.map(Math.round).join(', ')} ms`);
  console.log(`for which the process used ${cpuMs.join(', ')} ms`);
  expect(files).toBeGreaterThanOrEqual(FILL.channels * FILL.hours); // those of tier 0, and more
  if (!IS_SOAK) return;
  expect(bytes).toBeGreaterThan(1e9);
  expect(Math.max(...readyMs)).toBeLessThan(READY_MS);
}, 3_600_000);

async function expectAll(url: string, { names, samples, fromMs }: FilledChannels): Promise<void> {
  const some = [names[0]!, names.at(-1)!];
  expect(await Promise.all(some.map((name) => countSamples(url, name, fromMs)))).toEqual(some.map(() => samples));
  for (const { channel, acknowledged } of plant.devices) {
    const stored = await countSamples(url, channel, fromMs);
    expect(stored).toBeGreaterThanOrEqual(acknowledged * DEVICES.window);
  }
}

async function countSamples(url: string, channel: string, fromMs: number): Promise<number> {
  const response = await fetch(
    `${url}/api/channels/${channel}/history?from=${fromMs}&to=${Date.now() + 1000}&columns=10`,
  );
  const { rows } = (await response.json()) as HistoryReply;
  return rows.count.reduce((sum, count) => sum + count, 0);
}

function logBytes(folder: string): number {
  const logs = databases(folder).filter((name) => /^segment-.*\.wal$/.test(name));
  return logs.reduce((sum, name) => sum + (existsSync(join(folder, name)) ? statSync(join(folder, name)).size : 0), 0);
}

function sealedOf(folder: string): { files: number; bytes: number } {
  const files = readdirSync(join(folder, 'sealed'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => statSync(join(folder, 'sealed', name)).size);
  return { files: files.length, bytes: files.reduce((sum, size) => sum + size, 0) };
}

/** Makes the databases of one folder those of another. */
function copyDatabases(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of databases(to)) rmSync(join(to, name));
  for (const name of databases(from)) copyFileSync(join(from, name), join(to, name));
}

function databases(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.includes('.duckdb'));
}
