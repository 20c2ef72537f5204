import { readdirSync, rmSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KernelModule } from '../../../server/kernels/module.ts';
import type { ChannelInfo } from '../../../server/trend/channel-info.ts';
import { type TrendWindow, WindowFlag } from '../../../server/trend/trend-window.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Folder } from '../../support/folder.ts';
import { channelInfo, historyWindow, historyWindows } from '../../support/history-windows.ts';
import { HostileDevices } from '../../support/hostile-device.ts';
import { loadKernels } from '../../support/ingest.ts';
import { ARRIVED_MS, OfflineIngest } from '../../support/offline-session.ts';
import { RunningHistory, readFiles } from '../../support/running-history.ts';
import { runs } from '../../support/runs.ts';

const HOUR_MS = 3_600_000;
const SEALED_MS = runs(60_000, 600_000);
const YEARS_NS = [2n ** 63n - 1n, 2n ** 63n - 2n, -(2n ** 63n), 1n - 2n ** 63n, -1n, 0n];
const folder = new Folder();
const good = channelInfo('good');

let kernels: KernelModule;
beforeAll(async () => {
  kernels = await loadKernels();
});

describe('the history takes, seals and knows again', () => {
  it.each(['a\0b', `it's "$1"\n \u{10ffff} 한글`])('a stream called %j', async (stream) => {
    const info = channelInfo('bad', stream, { description: stream, unit: stream });

    await expectKept(info, historyWindows(info, 0, 30));
  });

  it('a window of infinite deviation that ends in part, and what follows it', async () => {
    const info = channelInfo('bad');
    const wild = historyWindow(info, 20, [1e200, -1e200, 1e200]);
    expect(wild.summary.m2).toBe(Number.POSITIVE_INFINITY);
    const part = { ...wild, flags: WindowFlag.Partial };
    const whole = historyWindow(info, 20, [1e200, -1e200, 1e200, 5]);

    const tiers = await expectKept(
      info,
      [...historyWindows(info, 0, 20), part],
      [whole, ...historyWindows(info, 21, 40)],
    );
    for (const rows of tiers.slice(1)) {
      expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(20 + 4 + 19);
      expect(rows.some(({ m2 }) => m2 === Number.POSITIVE_INFINITY)).toBe(true);
    }
  });

  it('windows of any time that 64 bits hold', async () => {
    const info = channelInfo('bad');
    const windows = YEARS_NS.map((timeNs, index) => ({ ...historyWindow(info, index), timeNs }));

    await expectKept(info, windows);
  });

  it.each([
    ['an hour a sample', { rateHz: 1 / 3600, window: 50_000 }, 0],
    ['a sample a second, in windows of hours', { rateHz: 1, window: 50_000 }, 0],
    ['the same, far into its stream', { rateHz: 1, window: 50_000 }, 12_345_678],
    ['the slowest there may be', { rateHz: 1e-6, window: 10_000_000 }, 7],
  ])('a channel of %s', async (_name, pace, from) => {
    const info = channelInfo('bad', 'slow', pace);
    const windows = historyWindows(info, from, from + 5).map((window, i) => ({
      ...window,
      timeNs: BigInt(ARRIVED_MS) * 1_000_000n + BigInt(i),
    }));

    await expectKept(info, windows);
  });

  it(
    'whatever the ingest makes of hostile devices',
    async () => {
      const run = await start();
      let sent = 0;
      const ingest = new OfflineIngest(kernels, {
        onOpen: (info) => run.open(info),
        emit: (window) => {
          sent++;
          run.send([window]);
        },
      });
      const devices = new HostileDevices(20_261_122);
      for (let i = 0; i < runs(200, 2000); i++) {
        const { bytes, isEnded } = devices.input(i);
        const session = ingest.connect();
        session.push(bytes);
        if (isEnded) session.end();
        else session.lost();
        if (i % 100 === 0) await expect.poll(() => taken(run)).toBe(sent);
      }
      expect(sent).toBeGreaterThan(100);
      await expect.poll(() => ({ taken: taken(run), ...problems(run) })).toEqual({ taken: sent });
      await run.rollOver();
      await expect.poll(() => run.isSealed(1), { timeout: SEALED_MS }).toBe(true);
      expect(problems(run)).toEqual({});
      await run.close();
    },
    2 * SEALED_MS,
  );
});

/** Sends windows, some of them after a restart; all of them are sealed, whatever else there is too, and nothing is found to be wrong. */
async function expectKept(info: ChannelInfo, ...parcels: readonly (readonly TrendWindow[])[]) {
  const clock = new FakeClock();
  let sent = 0;
  for (const windows of parcels) {
    const run = await start(clock);
    run.open(info);
    run.open(good);
    run.send([...windows, ...historyWindows(good, sent, sent + 10)]);
    sent += 10;
    await run.stored(windows.length + 10);
    expect(run.mark(good)).toBe(sent * good.window);
    await run.close();
    const again = await start(clock);
    expect(again.history.marks.map((mark) => mark.info)).toContainEqual(info);
    await again.pass(HOUR_MS);
    expect(problems(again)).toEqual({});
    const answer = await again.history.query({ channel: 'bad', fromNs: 0n, toNs: 2n ** 63n - 1n, columns: 100 });
    expect(answer.windows.length).toBeGreaterThan(0);
    await again.close();
    // What is known of the streams is in the files alone.
    for (const end of ['', '.wal']) rmSync(`${again.directory}/catalogue.duckdb${end}`, { force: true });
  }
  const { tiers, channels } = await kept(clock);
  const [id] = [...channels].find(([, { channel }]) => channel === info.channel)!;
  expect(channels.get(id)).toEqual(info);
  const own = tiers.map((rows) => rows.filter(({ stream }) => stream === id));
  const indices = new Set(parcels.flat().map(({ index }) => index));
  expect(new Set(own[0]!.map(({ window }) => window))).toEqual(indices);
  return own;
}

function start(clock = new FakeClock()): Promise<RunningHistory> {
  return RunningHistory.start(folder.path('history'), clock);
}

async function kept(clock: FakeClock) {
  const run = await start(clock); // makes the catalogue again
  await run.close();
  expect(readdirSync(run.directory)).not.toContain('quarantine/sealed');
  return readFiles(run.directory);
}

function taken(run: RunningHistory): number {
  const { storedRows, duplicateRows } = run.history.status();
  return storedRows + duplicateRows;
}

function problems(run: RunningHistory) {
  const { problem, tidyProblem, readProblem } = run.history.status();
  return Object.fromEntries(Object.entries({ problem, tidyProblem, readProblem }).filter(([, value]) => value));
}
