import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { QUERY_LIMITS } from '../../server/history-thread.ts';
import { REPLIES } from '../../server/http/reply-schemas.ts';
import type { ChannelsReply, HistoryReply } from '../../server/wire/history.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { askAtOnce } from '../support/askers.ts';
import { type FilledDecade, fillDecade } from '../support/filled-decade.ts';
import { Folder } from '../support/folder.ts';
import { KeepingDevice } from '../support/keeping-device.ts';
import { runs } from '../support/runs.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SteadyDevice } from '../support/steady-device.ts';

const AROUND_NOW = 'from=2020-01-01&to=2030-01-01';
const RATE = 50;
const ASKERS = 1000;
const ROUNDS = runs(1, 50);
/** Of ten years at full rate: rows of 83 minutes and coarser, or of 8 minutes. */
const DECADE = { channels: runs(1, 8), tier: runs(6, 5) };
/** Two thousand requests in ten seconds are all that one address may ask for. */
const ROUND_MS = 6000;
/** Besides the time in which there is an answer: for the way there and back of a thousand and, but in soak, for all else that the machine does. */
const MARGIN_MS = runs(25_000, 1500);
const ACKNOWLEDGED_MS = 150;
const IS_SOAK = ROUNDS > 1;

const folder = new Folder();
let server: TestServer;
let device: SteadyDevice;
let keeping: KeepingDevice | undefined;

afterEach(async () => {
  keeping?.destroy();
  await device.close();
  await server.close();
});

describe('D7: a server that is asked for ten years', () => {
  it('by a thousand at once answers or refuses all of them in time, and goes on with its work', async () => {
    const decade = await fillDecade(folder.path('data/history'), DECADE);
    await start();
    keeping = new KeepingDevice(server.ingest, { channel: 'pump', window: 1000, windowsPerSecond: 200 });
    await keeping.start();
    const questions = Array.from({ length: ASKERS }, (_, i) => questionOf(i, decade));
    const lists = questions.filter(isList).length;

    for (let round = 0; round < ROUNDS; round++) {
      if (round > 0) await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
      const before = await readSystem();

      const answers = await askAtOnce(questions);

      const after = await readSystem();
      const since = (count: 'answered' | 'refused' | 'late') =>
        after.history.queries[count] - before.history.queries[count];
      const given = answers.filter(({ status }) => status === 200);
      const slowestMs = Math.max(...answers.map(({ ms }) => ms));
      console.info(
        `of ${ASKERS}: ${given.length} answered, ${since('refused')} refused, ${since('late')} late, the last after ${Math.round(slowestMs)} ms`,
      );
      expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
      expect(slowestMs).toBeLessThan(QUERY_LIMITS.deadlineMs + MARGIN_MS);
      // Lists are read for many at a time; of ranges each is accounted for.
      const ranges = given.filter(({ url }) => !isList(url));
      const listings = since('answered') + since('refused') + since('late') - (ASKERS - lists);
      expect(listings).toBeGreaterThan(0);
      expect(listings).toBeLessThanOrEqual(lists);
      expect(since('answered') - ranges.length).toBeGreaterThanOrEqual(0);
      expect(since('answered') - ranges.length).toBeLessThanOrEqual(listings);
      // Nobody is refused while there is room to wait; who waited is answered, or too late.
      expect(since('answered') + since('late')).toBeGreaterThanOrEqual(QUERY_LIMITS.running + QUERY_LIMITS.waiting);
      expect(ranges.length).toBeGreaterThan(0);
      for (const { url, body } of ranges) expectWhole(JSON.parse(body) as HistoryReply, url, decade.windows);
      for (const { body } of given.filter(({ url }) => isList(url))) {
        const names = (JSON.parse(body) as ChannelsReply).channels.map(({ name }) => name);
        expect(names).toEqual([...decade.names, 'lamp', 'pump']);
      }
      expect(after.process.rssBytes - before.process.rssBytes).toBeLessThan(500e6);
    }
    await expectNothingMissing();
    await expectKept(keeping);
  });

  it('answers exactly what its device measured, as its description says', async () => {
    await start();
    const { body } = await ask(`${AROUND_NOW}&columns=20000`);
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
    await start();
    const calls = Array.from({ length: 100 }, () =>
      request(`${server.url}/api/channels/lamp/history?${AROUND_NOW}`, { headers: { 'accept-encoding': 'gzip' } }).on(
        'error',
        () => {},
      ),
    );
    for (const call of calls) call.end();
    await Promise.all(calls.map((call) => once(call, 'finish')));
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const call of calls) call.destroy();

    await expect.poll(async () => (await readSystem()).history.queries).toMatchObject({ running: 0, waiting: 0 });
    expect((await ask(AROUND_NOW)).status).toBe(200);
    await expectNothingMissing();
  });
});

async function start(): Promise<void> {
  server = await startServer({ storage: { directory: folder.path('data') } });
  device = new SteadyDevice(server.ingest, { channel: 'lamp', window: 100, windowsPerSecond: RATE });
  await expect.poll(async () => (await ask(AROUND_NOW)).status).toBe(200);
}

/** Every tenth asks for the list of channels, and every tenth for as many rows as there can be. */
function questionOf(i: number, { names, range }: FilledDecade): string {
  if (i % 10 === 3) return `${server.url}/api/channels`;
  const columns = i % 10 === 7 ? 20_000 : 2000;
  return `${server.url}/api/channels/${names[i % names.length]}/history?${range}&columns=${columns}`;
}

function isList(url: string): boolean {
  return url.endsWith('/api/channels');
}

/** Fails unless a reply has every window of the ten years, in no more rows than it may. */
function expectWhole({ rows }: HistoryReply, url: string, windows: number): void {
  const columns = Number(new URL(url).searchParams.get('columns'));
  expect(rows.time.length).toBeLessThanOrEqual(columns);
  expect(rows.time.length).toBeGreaterThan(columns / 10);
  expect(rows.windows.reduce((sum, count) => sum + count, 0)).toBe(windows);
}

// Every window that was acknowledged, and how soon.
async function expectKept(kept: KeepingDevice): Promise<void> {
  await kept.finish();
  const { rows } = (await ask(AROUND_NOW, kept.channel)).body as HistoryReply;
  const stored = rows.windows.reduce((sum, count) => sum + count, 0);
  expect([kept.acknowledged, stored, kept.forgotten]).toEqual([kept.measured, kept.measured, 0]);
  const sorted = [...kept.latenciesMs].sort((a, b) => a - b);
  const p99Ms = sorted[Math.floor(sorted.length * 0.99)]!;
  console.info(`meanwhile ${sorted.length} windows were acknowledged after ${Math.round(p99Ms)} ms (p99)`);
  if (IS_SOAK) expect(p99Ms).toBeLessThanOrEqual(ACKNOWLEDGED_MS);
}

// Every window that was measured is in the history, once.
async function expectNothingMissing(): Promise<void> {
  device.pause();
  await expect
    .poll(async () => {
      const { rows } = (await ask(AROUND_NOW)).body as HistoryReply;
      const windows = rows.windows.reduce((sum, count) => sum + count, 0);
      const lost = (await readSystem()).ledger.find(({ channel }) => channel === 'lamp')!.windows - windows;
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
