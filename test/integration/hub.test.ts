import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { IN_FLIGHT_BYTES } from '../../server/wire/events.ts';
import { type HubServer, startHub } from '../support/hub-server.ts';
import { hasTool } from '../support/tools.ts';
import { TestViewer, type ViewerOptions } from '../support/viewer.ts';

const NAMES = Array.from({ length: 8 }, (_, i) => `PMT-${i + 1}`);
const ALL = [{ name: '*' }];

let server: HubServer;
const undo: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

it('welcomes a viewer, lists the channels in their order and sends every window once', async () => {
  await start(['PMT-1', 'PMT-2', 'PMT-10'], { channels: { 'PMT-10': { label: 'Divertor', normal: [0, 2] } } });
  const viewer = await open();
  await viewer.subscribe(ALL);

  server.feed(100);
  await viewer.until(() => viewer.windows === 300);

  expect(viewer.channels.map(({ name, label }) => [name, label])).toEqual([
    ['PMT-10', 'Divertor'], // settings first
    ['PMT-1', 'PMT-1'],
    ['PMT-2', 'PMT-2'],
  ]);
  expect(viewer.view('PMT-2')).toMatchObject({
    windows: 100,
    rows: 100,
    samples: 100 * 50_000,
    missing: 0,
    doubled: 0,
  });
});

it('brings 50 viewers every window, each once', async () => {
  await start(NAMES);
  const viewers = await Promise.all(Array.from({ length: 50 }, () => open()));
  await Promise.all(viewers.map((viewer) => viewer.subscribe(ALL)));
  const stop = server.stream(200);
  await seconds(3);
  stop();
  const fed = server.fed * NAMES.length;
  await Promise.all(viewers.map((viewer) => viewer.until(() => viewer.windows === fed)));

  expect(fed).toBeGreaterThan(8 * 400);
  expect(viewers.reduce((sum, { missing, doubled }) => sum + missing + doubled, 0)).toBe(0);
  const latenciesMs = viewers.flatMap((viewer) => viewer.latenciesMs).sort((a, b) => a - b);
  console.log(`50 viewers, 8 channels: p99 ${latenciesMs[Math.floor(latenciesMs.length * 0.99)].toFixed(1)} ms`);
});

it('beats every second though its event loop takes long for each pass', async () => {
  await start(NAMES);
  const viewer = await open();
  const block = setInterval(() => busy(150), 0);
  undo.push(() => clearInterval(block));

  await seconds(8);

  expect(viewer.heartbeats().length).toBeGreaterThanOrEqual(4);
});

it('makes slow viewers coarser, then cuts them off with 1013, while others get all', async () => {
  await start(NAMES);
  const quick = await open();
  const deaf = await open({ acknowledges: false }); // reads, acknowledges nothing
  const frozen = await open();
  for (const viewer of [quick, deaf, frozen]) await viewer.subscribe(ALL);
  undo.push(server.stream(200));
  frozen.pause();

  const { code, reason } = await deaf.closed;
  expect([code, reason]).toEqual([1013, 'TOO_SLOW']);
  expect(deaf.bytes).toBeLessThanOrEqual(IN_FLIGHT_BYTES);
  const coarseness = deaf.events.flatMap((event) => (event.type === 'subscribed' ? [event.coarseness] : []));
  expect(coarseness.length).toBeGreaterThan(1); // how far it gets in ten seconds is for the machine to say
  expect(coarseness).toEqual(coarseness.map((_, i) => 2 ** i));

  await expect.poll(() => server.hub.status().system.viewers).toBe(1);
  expect(server.hub.status().system.cutOff).toBe(2);
  expect(server.hub.status().system.coarsened).toBeGreaterThanOrEqual(2);
  expect([quick.missing, quick.doubled, quick.view('PMT-1').span]).toEqual([0, 0, 1]);
  expect(quick.heartbeats().length).toBeGreaterThan(3);
});

it('makes trends coarser for a viewer that reads a tenth, and loses no window of it', async () => {
  await start(NAMES);
  const viewer = await open();
  await viewer.subscribe(ALL);
  undo.push(server.stream(200)); // 90 kB/s
  undo.push(viewer.acknowledgeAtMost(9000));

  await viewer.event((event) => event.type === 'subscribed' && event.coarseness > 1);
  await seconds(8);

  expect([viewer.missing, viewer.doubled, viewer.errors()]).toEqual([0, 0, []]);
  expect(server.hub.status().system.cutOff).toBe(0);
});

it('brings exactly what was missed after a reset, each time', async () => {
  await start(NAMES);
  undo.push(server.stream(200));
  let viewer = await open();
  await viewer.subscribe(ALL);
  const expected = viewer.from;
  let windows = 0;
  let missing = 0;
  for (let round = 0; round < 8; round++) {
    await seconds(0.1 + 0.05 * round);
    await viewer.reset();
    await seconds(0.2);
    const next = await open();
    await next.resume(viewer);
    windows += viewer.windows;
    missing += viewer.missing + viewer.doubled;
    viewer = next;
  }
  await seconds(0.5);
  await viewer.reset();

  const got = Array.from(viewer.viewed.values(), ({ next }) => next).reduce((sum, next) => sum + next, 0);
  expect(missing + viewer.missing + viewer.doubled).toBe(0);
  expect(windows + viewer.windows).toBe(got - expected);
});

it('fills what a viewer missed that was frozen, from the buffer, and says what is gone', async () => {
  await start(NAMES, { hub: { buffer_seconds: 5 } });
  const viewer = await open();
  await viewer.subscribe(ALL);
  server.feed(100);
  await viewer.until(() => viewer.windows === 800);
  viewer.pause();
  server.feed(5000); // the buffer holds 1000
  await seconds(0.5);
  viewer.unpause();

  await viewer.until(() => Array.from(viewer.viewed.values()).every(({ next }) => next === 5100));

  for (const { windows, gone, missing, doubled } of viewer.viewed.values()) {
    expect({ total: windows + gone, missing, doubled }).toEqual({ total: 5100, missing: 0, doubled: 0 });
    expect(gone).toBeGreaterThan(0);
  }
});

it('refuses one viewer too many with 503 before the upgrade, and counts it', async () => {
  await start(NAMES, { hub: { viewer_limit: 2 } });
  await open();
  const second = await open();

  await expect(open()).rejects.toThrow('503');
  await second.close();
  await expect.poll(() => server.hub.status().system.viewers).toBe(1);
  await open();

  expect(server.hub.status().refused).toEqual({ VIEWER_LIMIT: 1 });
});

it('takes leave of everyone with 1001 when it stops', async () => {
  await start(NAMES);
  const viewers = await Promise.all([open(), open({ acknowledges: false })]);

  await server.hub.close();

  expect(await Promise.all(viewers.map(({ closed }) => closed))).toEqual(
    Array(2).fill({ code: 1001, reason: 'SERVER_STOPPING' }),
  );
});

it.skipIf(!hasTool('python3'))('is followed by the viewer in Python that its documentation shows', async () => {
  await start(['PMT-1']);
  const script = fileURLToPath(new URL('../../server/wire/viewer.py', import.meta.url));
  const python = spawn('python3', [script, '127.0.0.1', String(server.port), 'PMT-1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  undo.push(() => void python.kill());
  undo.push(server.stream(200));

  const rows: string[][] = [];
  for await (const line of createInterface(python.stdout)) {
    rows.push(line.split(' '));
    if (rows.length === 600) break; // more than what may be in flight without acknowledgements, at 48 bytes a row and more
  }

  const first = Number(rows[0][0]);
  expect(rows.map(([row]) => Number(row))).toEqual(Array.from(rows, (_, i) => first + i));
  const [row, , low, high, mean] = rows[17].map(Number);
  expect([low, high, mean]).toEqual([-1 - (row % 7), 1 + (row % 11), Math.sin(row)]);
});

async function start(names: readonly string[], settings = {}): Promise<void> {
  server = await startHub(names, settings);
  undo.push(() => server.close());
}

async function open(options: ViewerOptions = {}): Promise<TestViewer> {
  const viewer = await TestViewer.open(server.url, options);
  undo.push(() => viewer.reset());
  return viewer;
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}

/** Keeps this process, the server within, from anything else for so long. */
function busy(ms: number): void {
  for (const startMs = performance.now(); performance.now() - startMs < ms; );
}
