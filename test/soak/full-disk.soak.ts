import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CaptureClient } from '../support/capture-client.ts';
import { StorageServer } from '../support/storage-server.ts';
import { canMount } from '../support/tools.ts';
import { TestViewer } from '../support/viewer.ts';

// A4 on a file system that really is full: a small one in memory, which only
// the superuser can mount.

const CHANNELS = 8;
const SPEED = { window: 100, windowsPerSecond: 100 };
const DISK_BYTES = 128 << 20;
/** Left until a segment is being sealed. */
const ROOM_BYTES = 8 << 20;
const FULL_MS = 30_000;
const HOLD_SECONDS = 10;
/** From room on the disk to everything acknowledged: a try each half second, and then what has waited. */
const RECOVERED_MS = 5000;
const POLL = { timeout: 60_000, interval: 20 };

let plant: StorageServer;
let viewer: TestViewer | undefined;

afterEach(async () => {
  await viewer?.close();
  await plant.kill();
  execFileSync('umount', [plant.directory]);
  await plant.remove();
});

describe.skipIf(!canMount())('A4: a file system without room', () => {
  it('amid a seal and a recording stops no viewer, and has every window once there is room again', async () => {
    plant = new StorageServer({ history: { segment_seconds: 5, hold_seconds: HOLD_SECONDS } });
    mkdirSync(plant.directory);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', plant.directory]);
    const { url, logs } = await plant.start();
    await plant.startDevices(CHANNELS, SPEED);
    viewer = await TestViewer.open(url);
    await viewer.until(() => viewer!.channels.length === CHANNELS);
    await viewer.subscribe(viewer.channels.map(({ name }) => ({ name })));
    const captures = new CaptureClient(url);

    fill(ROOM_BYTES);
    await expect.poll(isSealing, { timeout: 60_000, interval: 1 }).toBe(false);
    const { id } = await captures.begin({ channel: 'keeping.0', beforeSeconds: 0.5, afterSeconds: 15 });
    await expect.poll(isSealing, { timeout: 60_000, interval: 1 }).toBe(true);
    fill(0);
    const before = viewer.windows;
    await pause(FULL_MS);
    const seen = viewer.windows - before;
    const free = freeBytes();
    const behind = plant.devices.map(({ measured, acknowledged }) => measured - acknowledged);
    const { state } = await captures.find(id);
    for (const name of fillers()) rmSync(join(plant.directory, name));
    const freeMs = performance.now();
    await expect.poll(() => plant.devices.every(isCaughtUp), POLL).toBe(true);
    const recoveredMs = performance.now() - freeMs;
    const { missing, doubled } = viewer;
    const next = await captures.begin({ channel: 'keeping.1', beforeSeconds: 0.5, afterSeconds: 0.5 });
    await captures.over(next.id, 'ready');
    await plant.expectKept();

    console.log(`${free} bytes free after ${FULL_MS / 1000} s; the recording under way: ${state}, the next: ready`);
    console.log(`${seen} windows seen live meanwhile, ${Math.min(...behind)} of each channel not acknowledged`);
    console.log(`all acknowledged after ${Math.round(recoveredMs)} ms`);
    expect(logs.filter(({ msg }) => String(msg).startsWith('the history could not be tidied'))).not.toEqual([]);
    expect({ missing, doubled }).toEqual({ missing: 0, doubled: 0 });
    expect(seen).toBeGreaterThan(0.5 * CHANNELS * SPEED.windowsPerSecond * (FULL_MS / 1000));
    expect(Math.min(...behind)).toBeGreaterThan(SPEED.windowsPerSecond);
    expect(state).not.toBe('recording');
    expect(recoveredMs).toBeLessThan(RECOVERED_MS);
  });
});

/** Writes until no more than so many bytes are left. */
function fill(leftBytes: number): void {
  const file = openSync(join(plant.directory, `filler-${fillers().length}`), 'w');
  const block = Buffer.alloc(64 << 10);
  try {
    while (freeBytes() > leftBytes) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error; // it is full
  } finally {
    closeSync(file);
  }
}

function fillers(): string[] {
  return readdirSync(plant.directory).filter((name) => name.startsWith('filler-'));
}

function freeBytes(): number {
  const { bavail, bsize } = statfsSync(plant.directory);
  return bavail * bsize;
}

/** Whether a sealed file is being written. */
function isSealing(): boolean {
  const sealed = join(plant.directory, 'history', 'sealed');
  return existsSync(sealed) && readdirSync(sealed, { recursive: true, encoding: 'utf8' }).some(isTemporary);
}

function isTemporary(name: string): boolean {
  return name.endsWith('.tmp');
}

/** Whether it waits for no more than the last second's windows. */
function isCaughtUp({ measured, acknowledged }: { measured: number; acknowledged: number }): boolean {
  return measured - acknowledged < SPEED.windowsPerSecond;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
