import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportMeta } from '../../server/history/export-meta.ts';
import { importRows } from '../../server/history/import-rows.ts';
import type { HistoryRow } from '../../server/history/row-block.ts';
import { QUERY_LIMITS } from '../../server/history-thread.ts';
import { REPLIES } from '../../server/http/reply-schemas.ts';
import { TIER_FACTOR } from '../../server/trend/tier.ts';
import type { HistoryReply } from '../../server/wire/history.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { Folder } from '../support/folder.ts';
import { channelInfo } from '../support/history-windows.ts';
import { openOffline } from '../support/offline-rows.ts';
import { runs } from '../support/runs.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SteadyDevice } from '../support/steady-device.ts';

const TEN_YEARS = 'from=2020-01-01&to=2030-01-01';
const RATE = 50;
const ASKERS = 1000;
/** Two thousand requests in ten seconds are all that one address may ask for. */
const ROUND_MS = 6000;

/** Three months of windows of 20 ms, as rows of a coarse tier. */
const PAST = { channel: 'stove', tier: 5, rows: 4000, startNs: BigInt(Date.UTC(2025, 0)) * 1_000_000n };
const PAST_WINDOWS = PAST.rows * TIER_FACTOR ** PAST.tier;

const folder = new Folder();
let server: TestServer;
let device: SteadyDevice;

beforeEach(async () => {
  await importPast(folder.path('data/history'));
  server = await startServer({ storage: { directory: folder.path('data') } });
  device = new SteadyDevice(server.ingest, { channel: 'lamp', window: 100, windowsPerSecond: RATE });
  await expect.poll(async () => (await ask(TEN_YEARS)).status).toBe(200);
});

afterEach(async () => {
  await device.close();
  await server.close();
});

describe('a server that is asked for ten years', () => {
  it('by a thousand at once answers or refuses all of them, and goes on with its work', async () => {
    for (let round = 0; round < runs(1, 50); round++) {
      if (round > 0) await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
      const before = await readSystem();

      const replies = await Promise.all(
        Array.from({ length: ASKERS }, () => ask(`${TEN_YEARS}&columns=2000`, PAST.channel)),
      );

      const after = await readSystem();
      const since = (count: 'answered' | 'refused' | 'late') =>
        after.history.queries[count] - before.history.queries[count];
      const answered = replies.filter(({ status }) => status === 200);
      console.info(`of ${ASKERS}: ${answered.length} answered, ${since('refused')} refused, ${since('late')} late`);
      expect(replies.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
      expect([since('answered'), since('refused') + since('late')]).toEqual([
        answered.length,
        ASKERS - answered.length,
      ]);
      // Nobody is refused while there is room to wait; who waited is answered, or too late.
      expect(answered.length + since('late')).toBeGreaterThanOrEqual(QUERY_LIMITS.running + QUERY_LIMITS.waiting);
      expect(answered.length).toBeGreaterThan(0);
      for (const { body } of answered) {
        const { rows } = body as HistoryReply;
        expect(rows.time.length).toBeLessThanOrEqual(2000);
        expect(rows.windows.reduce((sum, windows) => sum + windows, 0)).toBe(PAST_WINDOWS);
      }
      expect(after.process.rssBytes - before.process.rssBytes).toBeLessThan(500e6);
    }
    await expectNothingMissing();
  });

  it('answers exactly what its device measured, as its description says', async () => {
    const { body } = await ask(`${TEN_YEARS}&columns=20000`);
    const reply = body as HistoryReply;

    expect(REPLIES.HistoryReply.safeParse(reply).error?.issues).toBeUndefined();
    expect(reply.span).toBe(1);
    const first = reply.rows.mean[0]!;
    expect(reply.rows.mean).toEqual(reply.rows.mean.map((_, i) => first + i)); // the value is the window's number
    for (const path of ['/api/system', '/healthz', '/api/channels'] as const) {
      const name = (
        { '/api/system': 'SystemReply', '/healthz': 'HealthReply', '/api/channels': 'ChannelsReply' } as const
      )[path];
      const answer = await (await fetch(server.url + path)).json();
      expect(REPLIES[name].safeParse(answer).error?.issues, path).toBeUndefined();
    }
  });

  it('lets go of questions whose asker has gone', async () => {
    const calls = Array.from({ length: 100 }, () =>
      request(`${server.url}/api/channels/lamp/history?${TEN_YEARS}`).on('error', () => {}),
    );
    for (const call of calls) call.end();
    await Promise.all(calls.map((call) => once(call, 'finish')));
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const call of calls) call.destroy();

    await expect.poll(async () => (await readSystem()).history.queries).toMatchObject({ running: 0, waiting: 0 });
    expect((await ask(TEN_YEARS)).status).toBe(200);
    await expectNothingMissing();
  });
});

/** Makes a history of months, of which only a coarse tier is left. */
async function importPast(path: string): Promise<void> {
  mkdirSync(path, { recursive: true });
  const history = await openOffline(path, { make: true });
  const info = channelInfo(PAST.channel, 'past', { rateHz: 5000, window: 100 });
  const windows = TIER_FACTOR ** PAST.tier;
  const rows = Array.from({ length: PAST.rows }, (_, window): HistoryRow => {
    const timeNs = PAST.startNs + BigInt(window * windows) * 20_000_000n;
    const summary = { min: -1, max: window, mean: 0, m2: 1, count: windows * info.window, clipped: 0, nonfinite: 0 };
    return { stream: 0, window, timeNs, flags: 0, windows, ...summary };
  });
  async function* all() {
    yield rows;
  }
  try {
    await importRows(history, exportMeta(PAST.channel, PAST.tier, [{ info, rows: rows.length }]), all());
  } finally {
    await history.close();
  }
}

// Every window that was measured is in the history, once.
async function expectNothingMissing(): Promise<void> {
  device.pause();
  await expect
    .poll(async () => {
      const { rows } = (await ask(TEN_YEARS)).body as HistoryReply;
      const windows = rows.windows.reduce((sum, count) => sum + count, 0);
      const lost = (await readSystem()).ledger[0]!.windows - windows;
      return [lost, rows.broken.filter((broken) => broken === 1).length];
    })
    .toEqual([0, 0]);
}

async function ask(query: string, channel = 'lamp'): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server.url}/api/channels/${channel}/history?${query}`);
  return { status: response.status, body: await response.json() };
}

async function readSystem(): Promise<SystemReply> {
  return (await (await fetch(`${server.url}/api/system`)).json()) as SystemReply;
}
