import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultPlan, FileFaults } from '../support/file-faults.ts';
import { runs } from '../support/runs.ts';
import { StorageServer } from '../support/storage-server.ts';
import { hasTool } from '../support/tools.ts';
import { TestViewer } from '../support/viewer.ts';

// The built server and devices that keep what was not acknowledged, while the
// calls that write its files fail.

const CHANNELS = 8;
const SPEED = { window: 100, windowsPerSecond: 100 };
const SEVERAL_MS = runs(2000, 20_000);
const FULL_MS = runs(6000, 75_000);
const HOLD_SECONDS = runs(2, 60);
const RECOVERED_MS = 5000;
const IS_SOAK = runs(0, 1) === 1;
const POLL = { interval: 20 };

let notes: string;
let faults: FileFaults;
let plant: StorageServer;
let viewer: TestViewer | undefined;

beforeEach(() => {
  notes = mkdtempSync(join(tmpdir(), 'fenestra-'));
});
afterEach(async () => {
  await viewer?.close();
  viewer = undefined;
  await plant.remove();
  rmSync(notes, { recursive: true, force: true });
});

describe.skipIf(!hasTool('gcc'))('A3: a disk on which single calls fail', () => {
  it.each<[string, FaultPlan]>([
    ['writing', { calls: ['write', 'truncate'], every: 13, count: Infinity, action: ['EIO', 'ENOSPC'] }],
    ['making a segment', { calls: ['write'], path: '*/segment-*.duckdb', count: 3, action: ['ENOSPC', 'EIO'] }],
    ['syncing', { calls: ['fsync'], every: 7, count: Infinity, action: ['EIO', 'ENOSPC'] }],
    ['opening and renaming', { calls: ['open', 'rename'], every: 5, count: Infinity, action: ['EMFILE', 'EIO'] }],
  ])('while %s loses nothing that was acknowledged, and the server lives', async (_name, plan) => {
    await start({ segment_seconds: 1 }, plan);

    faults.isOn = true;
    await pause(SEVERAL_MS);
    faults.isOn = false;
    const failed = faults.take();
    await plant.expectKept();

    const places = failed.map(({ call, path }) => `${call} ${path.replace(/^.*\/history\//, '').replace(/\d+/g, '#')}`);
    console.log(`${failed.length} calls failed: ${[...new Set(places)].slice(0, 12).join(', ')}`);
    expect(failed.length).toBeGreaterThan(0);
  });
});

describe.skipIf(!hasTool('gcc'))('A4: a disk that is full', () => {
  it(`for ${FULL_MS / 1000} s stops no viewer, and has every window once devices have sent again`, async () => {
    await start({ hold_seconds: HOLD_SECONDS }, { calls: ['write', 'open'], count: Infinity, action: ['ENOSPC'] });
    viewer = await TestViewer.open(plant.server.url);
    await viewer.until(() => viewer!.channels.length === CHANNELS);
    await viewer.subscribe(viewer.channels.map(({ name }) => ({ name })));

    const before = viewer.windows;
    faults.isOn = true;
    await pause(FULL_MS);
    const seen = viewer.windows - before;
    const behind = plant.devices.map(({ measured, acknowledged }) => measured - acknowledged);
    faults.isOn = false;
    const freeMs = performance.now();
    await expect.poll(() => plant.devices.every(isCaughtUp), POLL).toBe(true);
    const recoveredMs = performance.now() - freeMs;
    const { missing, doubled } = viewer;
    await expect.poll(windowsSentAgain).toBeGreaterThan(0); // told once a second, by a server that still runs
    const sentAgain = await windowsSentAgain();
    await plant.expectKept();

    console.log(`${seen} windows seen live meanwhile, ${Math.min(...behind)} of each channel not acknowledged`);
    console.log(`all acknowledged after ${Math.round(recoveredMs)} ms, ${sentAgain} windows sent again`);
    expect({ missing, doubled }).toEqual({ missing: 0, doubled: 0 });
    expect(seen).toBeGreaterThan(0.5 * CHANNELS * SPEED.windowsPerSecond * (FULL_MS / 1000));
    expect(Math.min(...behind)).toBeGreaterThan(SPEED.windowsPerSecond);
    if (IS_SOAK) expect(recoveredMs).toBeLessThan(RECOVERED_MS);
  });
});

async function start(history: object, plan: FaultPlan): Promise<void> {
  plant = new StorageServer({ history });
  faults = new FileFaults(notes);
  await plant.start(faults.environment(plant.directory, { ...plan, isSwitched: true }));
  await plant.startDevices(CHANNELS, SPEED);
  await pause(500);
}

/** Whether it waits for no more than the last second's windows. */
function isCaughtUp({ measured, acknowledged }: { measured: number; acknowledged: number }): boolean {
  return measured - acknowledged < SPEED.windowsPerSecond;
}

async function windowsSentAgain(): Promise<number> {
  const reply = await fetch(`${plant.server.url}/api/system`);
  const { ingest } = (await reply.json()) as { ingest: { sentAgain: number } };
  return ingest.sentAgain;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
