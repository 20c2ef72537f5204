import { afterEach, expect, it } from 'vitest';
import type { Live } from '../../client/live.ts';
import { fetchHistory } from '../../client/net/history.ts';
import { BadLine } from '../support/bad-line.ts';
import { Folder } from '../support/folder.ts';
import { startLive } from '../support/node-live.ts';
import { runs } from '../support/runs.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startServer } from '../support/server.ts';
import { SteadyDevice } from '../support/steady-device.ts';

// The page's own stores and link over lines that break for longer than the
// hub's buffer reaches back: what it has no more, the history has.

const WINDOWS_PER_SECOND = 400;
const ROW_MS = 1000 / WINDOWS_PER_SECOND;
// The least it may hold: 512 windows are 1.3 s of these.
const HUB = { buffer_seconds: 1, buffer_bytes: 1_048_576 };
// A bad line has a port of its own.
const LINES = { allowed_hosts: ['127.0.0.1'] };
const CHANNELS = ['etch.1', 'etch.2'];
const BROKEN_MS = runs(10_000, 120_000);
const FROZEN_MS = runs(5_000, 60_000);

const folder = new Folder();
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

it(
  'has every point once after resets, black holes and a freeze, from the hub and the history together',
  async () => {
    const server = opening(await startServer({ server: LINES, hub: HUB }));
    const devices = CHANNELS.map((channel) => opening(startDevice(server.ingest, channel)));
    const viewers = await Promise.all([1, 2, 3].map(() => startViewer(server.url)));
    await until(() =>
      viewers.every(({ live }) => live.fleet.value.channels.every(({ ledger }) => ledger.received > 0)),
    );

    const random = seededRandom(4);
    const breaks = { resets: 0, holes: 0 };
    const endMs = performance.now() + BROKEN_MS;
    const [frozen] = viewers;
    frozen.freeze();
    setTimeout(() => frozen.thaw(), FROZEN_MS);
    for (const { line } of viewers.slice(1)) line.swallow(); // each is longer than the buffer reaches
    while (performance.now() < endMs) {
      await pause(random() * 2000);
      const { line } = viewers[Math.floor(random() * viewers.length)];
      const isReset = random() < 0.5;
      if (isReset) line.reset();
      else line.swallow();
      breaks[isReset ? 'resets' : 'holes']++;
    }
    for (const device of devices) device.pause();
    await until(() => viewers.every(({ live }) => isWhole(live)));

    const stores = viewers.flatMap(({ live }) => live.fleet.value.channels);
    const sum = (of: (live: Live) => number) => viewers.reduce((all, { live }) => all + of(live), 0);
    const refilled = sum(({ refilled }) => refilled);
    console.log(
      `${breaks.resets} resets, ${breaks.holes} black holes, ${sum((live) => live.life.value.reconnects)} reconnects`,
    );
    console.log(
      `${sum((live) => live.life.value.points.received)} points, ${refilled} of them from the history, 0 missing`,
    );
    for (const store of stores) expectOnce(store.rows);
    expect(refilled).toBeGreaterThan(WINDOWS_PER_SECOND);
    for (const { live } of viewers) expect(live.life.value).toMatchObject({ gone: 0, malformed: 0 });
  },
  BROKEN_MS + 90_000,
);

it('has after a restart what the server had kept and the page had not got', async () => {
  const settings = { storage: { directory: folder.path('data') }, hub: HUB };
  const first = opening(await startServer({ ...settings, server: LINES }));
  const ports = { server: { ...LINES, port: Number(new URL(first.url).port) }, ingest: { port: first.ingest.port } };
  const device = opening(startDevice(first.ingest, 'etch.1'));
  const viewer = await startViewer(first.url);
  const store = () => viewer.live.fleet.find('etch.1')!;
  await until(() => (viewer.live.fleet.find('etch.1')?.ledger.received ?? 0) > WINDOWS_PER_SECOND);
  viewer.line.swallow(); // what is on its way to a page that only stands still may yet arrive
  viewer.freeze();
  const before = store().rows.newestMs!;
  await pause(2000);
  first.kill('SIGKILL');
  await first.ended;
  const second = opening(await startServer({ ...settings, ...ports }));
  viewer.thaw();
  await until(() => viewer.live.life.value.restarts === 1 && store().ledger.received > WINDOWS_PER_SECOND);
  device.pause();
  await until(() => viewer.live.refilled > 0 && !viewer.live.isRefilling && !store().isLoading);

  const askHistory = () => {
    const { oldestMs = 0, newestMs = 0 } = store().rows;
    const range = { fromMs: oldestMs - ROW_MS / 2, toMs: newestMs + ROW_MS / 2, columns: 20_000 };
    return fetchHistory({ channel: 'etch.1', ...range }, undefined, second.url);
  };
  const differences = async () => {
    const stored = (await askHistory()).rows.time.length;
    const held = timesOf(store().rows).length;
    await pause(300);
    return [stored - held, timesOf(store().rows).length - held];
  };
  await expect.poll(differences).toEqual([0, 0]); // what is under way when the device falls silent still comes
  const kept = await askHistory();
  const fromKill = kept.rows.time.filter((timeMs) => timeMs > before).length;
  console.log(`${viewer.live.refilled} windows from the history, of ${fromKill} since the page stood still`);
  expect(kept.span).toBe(1);
  const held = timesOf(store().rows);
  expect(held.length).toBe(kept.rows.time.length);
  expect(Math.max(...held.map((timeMs, i) => Math.abs(timeMs - kept.rows.time[i])))).toBeLessThan(0.01);
  expect(viewer.live.life.value.points.missing).toBe(0);
});

function startDevice(address: { host: string; port: number }, channel: string): SteadyDevice {
  return new SteadyDevice(address, { channel, window: 20, windowsPerSecond: WINDOWS_PER_SECOND });
}

async function startViewer(url: string) {
  const line = opening(await BadLine.open(Number(new URL(url).port)));
  return { line, ...opening(await startLive(line.url, { lastSeconds: 600 })) };
}

/** Whether everything has come, as far as the page can tell. */
function isWhole({ life, fleet, isRefilling }: Live): boolean {
  const { liveness, points, gone } = life.value;
  const isSettled = fleet.value.channels.every(({ isLoading, ledger }) => !isLoading && ledger.missing === 0);
  return liveness === 'live' && !isRefilling && isSettled && points.missing === 0 && gone === 0;
}

/** One row for each window from the first to the last, and none twice. */
function expectOnce(rows: Live['fleet']['value']['channels'][number]['rows']): void {
  const times = timesOf(rows);
  const steps = times.slice(1).map((timeMs, i) => timeMs - times[i]);
  expect(times.length).toBeGreaterThan(WINDOWS_PER_SECOND);
  expect(Math.max(...steps.map((step) => Math.abs(step - ROW_MS)))).toBeLessThan(0.01);
  expect(times.length, 'no gap marks').toBe(rows.length);
}

function timesOf(rows: Live['fleet']['value']['channels'][number]['rows']): number[] {
  return [...rows.times()];
}

function opening<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}

async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue, { interval: 50 }).toBe(true);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
