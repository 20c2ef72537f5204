import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REPLIES } from '../../server/http/reply-schemas.ts';
import type { HistoryReply } from '../../server/wire/history.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SteadyDevice } from '../support/steady-device.ts';

const TEN_YEARS = 'from=2020-01-01&to=2030-01-01';
const RATE = 50;

let server: TestServer;
let device: SteadyDevice;

beforeEach(async () => {
  server = await startServer();
  device = new SteadyDevice(server.ingest, { channel: 'lamp', window: 100, windowsPerSecond: RATE });
  await expect.poll(async () => (await ask(TEN_YEARS)).status).toBe(200);
});

afterEach(async () => {
  await device.close();
  await server.close();
});

describe('a server that is asked for ten years', () => {
  it('by a thousand at once answers or refuses all of them, and goes on with its work', async () => {
    const before = (await readSystem()).process.rssBytes;

    const replies = await Promise.all(Array.from({ length: 1000 }, () => ask(`${TEN_YEARS}&columns=2000`)));

    const counts = new Map<number, number>();
    for (const { status } of replies) counts.set(status, (counts.get(status) ?? 0) + 1);
    console.info(`answers by status: ${JSON.stringify(Object.fromEntries(counts))}`);
    expect([...counts.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(counts.get(200)).toBeGreaterThan(0);
    for (const { body } of replies.filter(({ status }) => status === 200)) {
      expect((body as HistoryReply).rows.time.length).toBeLessThanOrEqual(2000);
    }
    expect((await readSystem()).process.rssBytes - before).toBeLessThan(500e6);
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

async function ask(query: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server.url}/api/channels/lamp/history?${query}`);
  return { status: response.status, body: await response.json() };
}

async function readSystem(): Promise<SystemReply> {
  return (await (await fetch(`${server.url}/api/system`)).json()) as SystemReply;
}
