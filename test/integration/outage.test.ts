import { afterEach, expect, it } from 'vitest';
import type { Live } from '../../client/live.ts';
import { startLive } from '../support/node-live.ts';
import { startServer } from '../support/server.ts';
import { SteadyDevice } from '../support/steady-device.ts';

// The server ends and begins again behind a page that stays open: the page's
// own stores and link, the built server, a device that measures all the while.

const WINDOWS_PER_SECOND = 100;

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

it.each(['SIGTERM', 'SIGKILL'] as const)(
  'shows what a server ended by %s did not keep as a gap, and counts it',
  async (signal) => {
    const first = opening(await startServer());
    const ports = { server: { port: Number(new URL(first.url).port) }, ingest: { port: first.ingest.port } };
    const device = opening(
      new SteadyDevice(first.ingest, { channel: 'etch.1', window: 100, windowsPerSecond: WINDOWS_PER_SECOND }),
    );
    const { live } = opening(await startLive(first.url, { lastSeconds: 60 }));
    await until(() => received(live) > WINDOWS_PER_SECOND);

    await first.expectBalance();
    first.kill(signal);
    await first.ended;
    const before = store(live).rows.newestMs!;
    await pause(1000);
    opening(await startServer(ports));
    await until(() => live.life.value.restarts === 1 && received(live) > WINDOWS_PER_SECOND);
    await until(() => live.life.value.points.sent > WINDOWS_PER_SECOND);

    const { life } = live;
    const { rows, ledger } = store(live);
    const rowMs = 1000 / WINDOWS_PER_SECOND;
    const after = rows.newestMs! - ledger.received * rowMs;
    const gone = Math.round((after - before) / rowMs);
    console.log(`${gone} windows of ${device.measured} were measured while the server was down`);
    expect(gone).toBeGreaterThan(WINDOWS_PER_SECOND); // a second at least
    expect(life.value).toMatchObject({ restarts: 1, gone, isGoneOpen: false, points: { missing: 0 } });
    expect(rows.length).toBe(Math.round((before - rows.oldestMs!) / rowMs) + 1 + ledger.received); // one mark between
    expect(breaksIn(live, { fromMs: before - 505, columnMs: rowMs, columns: gone + 100 })).toEqual([50]);
  },
  60_000,
);

function opening<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}

function store(live: Live) {
  return live.fleet.find('etch.1')!;
}

function received(live: Live): number {
  return live.fleet.find('etch.1')?.ledger.received ?? 0;
}

/** Columns before which the trace is broken. */
function breaksIn(live: Live, range: { fromMs: number; columnMs: number; columns: number }): number[] {
  const { broken } = store(live).decimate(range);
  return Array.from(broken).flatMap((mark, column) => (mark === 0 ? [] : [column]));
}

async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue, { interval: 20 }).toBe(true);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
