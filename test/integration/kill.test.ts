import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FileFaults } from '../support/file-faults.ts';
import { runs } from '../support/runs.ts';
import { StorageServer } from '../support/storage-server.ts';
import { hasTool } from '../support/tools.ts';

// The server is killed again and again: at any time, and amid a call that
// writes a file, so that the kills land in all that it does to its files. The
// devices keep what they were not told to be safe, and note what they were.

const ANY_TIME = runs(2, 17);
const AIMED = runs(5, 83);
const CHANNELS = 8;
// Long enough that segments are sealed as soon as they come.
const SEGMENT_SECONDS = runs(2, 5);
const READY_MS = 2000;
// A seal or a merge of files that has not begun by then is waited for no longer.
const AIM_MS = 30_000;
const POLL = { interval: 20 };
const IS_SOAK = AIMED > 5;
// Days that are over, so that sealed files are merged.
const PAST_NS = BigInt(Date.now() - 2 * 86_400_000) * 1_000_000n;

const AIMED_AT = ['start', 'commit', 'seal', 'compaction', 'list of files'] as const;
type Phase = 'any time' | (typeof AIMED_AT)[number];
// A kill that is aimed at a seal may land in a merge: few kills go on until there was one of each.
const MORE = 10;

interface Aim {
  /** Of the files that it lands in; any time where it is left out. */
  readonly path?: string;
  /** It lands in one of so many calls, */
  readonly calls?: number;
  /** after the start of the process, not after its devices are there. */
  readonly isStart?: boolean;
}

const AIMS: readonly Aim[] = [
  { path: '*/segment-*', calls: 60 },
  { path: '*/sealed/*', calls: 60 },
  { path: '*/sealed/*/??????-??????[-.]*', calls: 20 }, // files that are merged have a range of numbers for a name
  { path: '*/catalogue.duckdb*', calls: 10 },
  { path: '*', calls: 50, isStart: true },
];

let plant: StorageServer;
let notes: string;
let isDead = false;

afterEach(async () => {
  await plant.remove();
  rmSync(notes, { recursive: true, force: true });
});

describe('A1: a server that is killed', () => {
  it(`${ANY_TIME} times at any time loses, doubles and tears no window that it had acknowledged`, async () => {
    const phases = await killAgain(ANY_TIME, [{}]);

    expect([...phases]).toEqual([['any time', ANY_TIME]]);
  }, 3_600_000);

  it.skipIf(!hasTool('gcc'))(
    `${AIMED} times and more amid calls that write its files likewise`,
    async () => {
      const phases = await killAgain(AIMED, AIMS, AIMED_AT);

      expect([...phases.keys()]).toEqual(expect.arrayContaining([...AIMED_AT]));
    },
    3_600_000,
  );
});

/**
 * Kills a server so many times, as each of `aims` says in turn, and some more while none was in one of `wanted`; fails
 * unless what was acknowledged is kept. Returns where the kills landed.
 */
async function killAgain(
  kills: number,
  aims: readonly Aim[],
  wanted: readonly Phase[] = [],
): Promise<ReadonlyMap<Phase, number>> {
  notes = mkdtempSync(join(tmpdir(), 'fenestra-'));
  plant = new StorageServer({ history: { segment_seconds: SEGMENT_SECONDS } });
  const faults = aims.some(({ path }) => path !== undefined) ? new FileFaults(notes) : undefined;
  const phases = new Map<Phase, number>();

  const isEnough = (kill: number) => kill >= kills && wanted.every((phase) => phases.has(phase));
  for (let kill = 0; !isEnough(kill) && kill < kills + MORE; kill++) {
    const aim = aims[kill % aims.length]!;
    if (faults) faults.isOn = aim.isStart ?? false;
    if (await isStarted(faults, aim)) {
      if (plant.devices.length === 0)
        await plant.startDevices(CHANNELS, { window: 100, windowsPerSecond: 100, epochNs: PAST_NS });
      await expect.poll(() => isDead || plant.devices.every(({ isConnected }) => isConnected), POLL).toBe(true);
      if (faults) faults.isOn = true;
      await dies(aim.path === undefined ? 500 + Math.random() * 1500 : AIM_MS);
      await plant.kill();
    }
    const phase = phaseOf(aim, faults?.take()[0]?.path);
    phases.set(phase, (phases.get(phase) ?? 0) + 1);
  }
  await plant.start();
  const stored = await plant.expectKept();

  console.log(`kills: ${[...phases].map(([phase, times]) => `${times} in ${phase}`).join(', ')}`);
  console.log(`ready after ${plant.readyMs.map((ms) => `${Math.round(ms)}`).join(', ')} ms`);
  console.log(`${stored[0].length} windows, in ${sealedFiles()} sealed files and the rest`);
  if (IS_SOAK) expect(Math.max(...plant.readyMs)).toBeLessThan(READY_MS);
  return phases;
}

/** Starts the server, which is to be killed as `aim` says; false where it was, before it listened. */
async function isStarted(faults: FileFaults | undefined, { path, calls = 1 }: Aim): Promise<boolean> {
  isDead = false;
  const at = 1 + Math.floor(Math.random() * calls);
  const plan = { calls: ['write', 'fsync', 'rename'], path, at, action: 'kill', isSwitched: true } as const;
  try {
    const server = await plant.start(path === undefined ? {} : faults?.environment(plant.directory, plan));
    void server.ended.then(() => {
      isDead = true;
    });
    return true;
  } catch (error) {
    if (faults === undefined || !existsSync(faults.log)) throw error;
    return false;
  }
}

/** Resolves when the server has ended, or after `limitMs`. */
async function dies(limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([plant.server.ended, late]);
  clearTimeout(timer);
}

function sealedFiles(): number {
  const folder = join(plant.directory, 'history', 'sealed');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet')).length;
}

function phaseOf({ isStart }: Aim, path: string | undefined): Phase {
  if (path === undefined) return 'any time';
  if (isStart) return 'start';
  if (/\/\d{6}-\d{6}[-.][^/]*$/.test(path)) return 'compaction';
  if (path.includes('/sealed')) return 'seal';
  return path.includes('/catalogue') ? 'list of files' : 'commit';
}
