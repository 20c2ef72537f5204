import { afterEach, describe, expect, it } from 'vitest';
import { HubLink } from '../../client/net/hub-link.ts';
import { BadLine } from '../support/bad-line.ts';
import { NodeTimers, openSocket, startLive } from '../support/node-live.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SteadyDevice } from '../support/steady-device.ts';

// The built server and the page's own link and stores, over lines that break
// and a server that restarts. SOAK_SECONDS and SOAK_VIEWERS make it another size.

const SECONDS = Number(process.env.SOAK_SECONDS ?? 600);
const VIEWERS = Number(process.env.SOAK_VIEWERS ?? 1000);
const FROZEN_MS = 60_000;

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

describe('C4: lines that break', () => {
  it('leave every point there after the refill, and none twice', async () => {
    const server = opening(await startServer({ server: { allowed_hosts: ['127.0.0.1'] } }));
    const devices = startDevices(server, { count: 4, windowsPerSecond: 100 });
    const viewers = await Promise.all(Array.from({ length: 12 }, () => startViewer(server)));
    await expect
      .poll(() => viewers.every(({ live }) => live.fleet.value.channels.length === 4), { timeout: 30_000 })
      .toBe(true);

    const random = seededRandom(4);
    const breaks = { resets: 0, holes: 0 };
    const endMs = performance.now() + SECONDS * 1000;
    const frozen = viewers[0];
    frozen.freeze();
    setTimeout(() => frozen.thaw(), FROZEN_MS);
    while (performance.now() < endMs) {
      await pause(random() * 2000);
      const { line } = viewers[Math.floor(random() * viewers.length)];
      if (random() < 0.5) {
        breaks.resets++;
        line.reset();
      } else {
        breaks.holes++;
        line.swallow();
      }
    }
    for (const device of devices) device.pause();
    await expect.poll(() => viewers.every(({ live }) => isWhole(live)), { timeout: 60_000, interval: 500 }).toBe(true);

    const stores = viewers.flatMap(({ live }) => live.fleet.value.channels);
    const points = stores.reduce((sum, { ledger }) => sum + ledger.received, 0);
    const reconnects = viewers.reduce((sum, { live }) => sum + live.life.value.reconnects, 0);
    console.log(`${SECONDS} s, ${breaks.resets} resets, ${breaks.holes} black holes, ${reconnects} reconnects`);
    console.log(`${points} points at ${viewers.length} viewers, 0 missing`);
    for (const { ledger, rows } of stores) expect(rows.length, 'a row for each point').toBe(ledger.received);
    for (const { live } of viewers) expect(live.life.value).toMatchObject({ gone: 0, malformed: 0 });
    expect(reconnects).toBeGreaterThan(0);
  });
});

describe('C5: a server that restarts', () => {
  it(`has ${VIEWERS} viewers back within 10 s, all with live data`, async () => {
    const first = opening(await startServer());
    const ports = { server: { port: Number(new URL(first.url).port) }, ingest: { port: first.ingest.port } };
    startDevices(first, { count: 8, windowsPerSecond: 50 });
    const viewers = Array.from({ length: VIEWERS }, () => opening(new CountingViewer(first.url)));
    await expect.poll(() => viewers.every(({ frames }) => frames > 0), { timeout: 60_000, interval: 100 }).toBe(true);

    first.kill('SIGKILL');
    await first.ended;
    for (const viewer of viewers) viewer.frames = 0;
    await pause(2000);
    const restarted = opening(await startServer(ports));
    const startMs = performance.now();
    const backMs = () => performance.now() - startMs;
    await expect.poll(() => viewers.every(({ frames }) => frames > 0), { timeout: 60_000, interval: 50 }).toBe(true);

    console.log(`${VIEWERS} viewers have live data ${(backMs() / 1000).toFixed(1)} s after the server listens again`);
    expect(backMs()).toBeLessThan(10_000);
    expect(new Set(viewers.map(({ epoch }) => epoch)).size).toBe(1);
    expect(viewers.every(({ lives }) => lives === 2)).toBe(true);
    expect(restarted.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

function opening<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}

function startDevices(server: TestServer, { count, windowsPerSecond }: { count: number; windowsPerSecond: number }) {
  return Array.from({ length: count }, (_, i) =>
    opening(new SteadyDevice(server.ingest, { channel: `etch.${i}`, window: 100, windowsPerSecond })),
  );
}

async function startViewer(server: TestServer) {
  const line = opening(await BadLine.open(Number(new URL(server.url).port)));
  return { line, ...opening(await startLive(line.url, { lastSeconds: 3600 })) };
}

/** Whether a page has every window that the server has made, from the first on. */
function isWhole(live: Awaited<ReturnType<typeof startViewer>>['live']): boolean {
  const { channels } = live.fleet.value;
  return channels.every(({ ledger, value }) => ledger.received > 0 && ledger.received === value.pulse?.next);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The page's link, which counts what comes and keeps nothing. */
class CountingViewer {
  frames = 0;
  lives = 0;
  epoch: string | undefined;
  readonly #link: HubLink;

  constructor(url: string) {
    this.#link = new HubLink({
      hasTrends: true,
      open: () => openSocket(url),
      timers: new NodeTimers(),
      receiver: {
        hear: () => {},
        receive: (event) => {
          if (event.type !== 'welcome' || event.epoch === this.epoch) return;
          this.epoch = event.epoch;
          this.lives++;
        },
        receiveBlock: () => {},
        receiveFrame: () => this.frames++,
        heldOf: () => undefined,
        setLoading: () => {},
        measure: () => {},
        lose: () => {},
        refuse: (error) => {
          throw error;
        },
      },
    });
    this.#link.wish([{ name: '*', rate: 1, lastSeconds: 1 }]); // one process stands for a thousand machines
    this.#link.start();
  }

  close(): void {
    this.#link.close();
  }
}
