import { statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import { sealSegment } from '../../server/history/seal.ts';
import type { SealedFile } from '../../server/history/sealed-file.ts';
import { type Segment, segmentPath } from '../../server/history/segment.ts';
import { TIER_FACTOR, TIERS } from '../../server/trend/tier.ts';
import { Folder } from '../support/folder.ts';
import { StoredHistory, testInfo } from '../support/stored-history.ts';

// An hour of a hundred channels is 72 million windows; a part of it tells the rest. FENESTRA_BENCH=full takes all of it.
const [CHANNELS, MINUTES] = process.env.FENESTRA_BENCH === 'full' ? [100, 60] : [20, 6];
const WINDOWS = MINUTES * 60 * 200;
const HOUR = (100 * 3600 * 200) / (CHANNELS * WINDOWS);
const COMMIT_MS = 50;
const LIMIT = { core: 0.1, commitMs: 100 };

const folder = new Folder();
let history: StoredHistory;
afterEach(() => history.close());

describe('sealing', () => {
  it('costs little processor time and leaves commits alone', async () => {
    history = await StoredHistory.open(folder.path('history'));
    await fill(await history.segment(1, []));
    const open = await history.segment(2, []);
    const hot = statSync(segmentPath(history.folder, 1)).size / (CHANNELS * WINDOWS);

    const quiet = await commitTimes(open, sleep(2000));
    const cpu = process.cpuUsage();
    const startedMs = performance.now();
    const sealed = sealSegment(history.database, history.catalogue, { folder: history.folder, segment: 1 });
    const busy = await commitTimes(open, sealed);
    const wallS = (performance.now() - startedMs) / 1000;
    const used = process.cpuUsage(cpu);
    const cpuS = (used.user + used.system) / 1e6;

    const files = await sealed;
    print(`${CHANNELS} channels × ${MINUTES} min: ${cpuS.toFixed(1)} s of processor in ${wallS.toFixed(1)} s`);
    print(
      `100 channels × 1 h: ${(cpuS * HOUR).toFixed(0)} s of processor, ${((cpuS * HOUR) / 36).toFixed(1)} % of a core`,
    );
    print(
      `commits of 2,000 rows: p99 ${p99(quiet).toFixed(1)} ms alone, ${p99(busy).toFixed(1)} ms while sealing (${busy.length} commits)`,
    );
    print(`bytes a row: ${hot.toFixed(1)} in the segment; sealed ${perTier(files)}`);
    expect(files.filter(({ tier }) => tier === 0).reduce((sum, { rows }) => sum + rows, 0)).toBe(CHANNELS * WINDOWS);
    expect((cpuS * HOUR) / 3600).toBeLessThan(LIMIT.core);
    expect(p99(busy)).toBeLessThan(LIMIT.commitMs);
  });
});

// Figures of 16-bit samples, 1000 a window, in the order they arrive: window by window, channel by channel.
async function fill(segment: Segment): Promise<void> {
  for (let id = 1; id <= CHANNELS; id++) {
    const info = testInfo(`CH-${id}`, `stream-${id}`);
    await history.database.use((connection) =>
      connection.run(`INSERT INTO ${segment.name}.streams VALUES ($1, $2, $3, $4)`, [
        id,
        info.channel,
        info.stream,
        JSON.stringify(info),
      ]),
    );
  }
  for (let tier = 0; tier < TIERS; tier++) {
    const span = TIER_FACTOR ** tier;
    const rows = Math.ceil(WINDOWS / span);
    await history.database.run(`INSERT INTO ${segment.name}.tier_${tier}
      SELECT s, w, 1772366400000000000 + w * ${5_000_000 * span}, floor(mid - 40 - 20 * random()) * 0.0003,
        ceil(mid + 40 + 20 * random()) * 0.0003, floor(mid * 1000 + 500 * random()) / 1000 * 0.0003,
        0.07 * (0.9 + 0.2 * random()) * ${span}, ${1000 * span}, 0, 0, 0, ${span}
      FROM (SELECT s, w, 9000 * sin(w / 5000.0 + s) + 30 * random() AS mid FROM range(${rows}) r(w), range(1, ${CHANNELS + 1}) c(s))
      ORDER BY w, s`);
  }
  await history.database.run(`CHECKPOINT ${segment.name}`);
}

async function commitTimes(segment: Segment, until: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let isOver = false;
  void until.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const startedMs = performance.now();
    await history.database.transact((connection) =>
      connection.run(`INSERT INTO ${segment.name}.tier_0
        SELECT 1, i, i * 5000000, random(), random(), random(), random(), 1000, 0, 0, 0, 1 FROM range(2000) r(i)`),
    );
    times.push(performance.now() - startedMs);
    await sleep(Math.max(0, COMMIT_MS - (performance.now() - startedMs)));
  }
  return times;
}

function perTier(files: readonly SealedFile[]): string {
  return Array.from({ length: TIERS }, (_, tier) => {
    const own = files.filter((file) => file.tier === tier);
    const bytes = own.reduce((sum, file) => sum + file.bytes, 0);
    return `tier ${tier} ${(bytes / own.reduce((sum, file) => sum + file.rows, 0)).toFixed(1)}`;
  }).join(', ');
}

function p99(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
