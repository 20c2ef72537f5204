import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import type { Diagnoses } from '../../server/wire/diagnoses.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { runCommand } from '../support/command.ts';
import { Device } from '../support/device.ts';
import { Folder } from '../support/folder.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { endless, levelGraph, writeModel } from '../support/test-models.ts';
import { TestViewer } from '../support/viewer.ts';

const CHANNELS = Array.from({ length: 16 }, (_, i) => `view.${i}`);
const RATE_HZ = 10_000_000;
const WINDOW = RATE_HZ / 200;
const RUNS = 3;
const folder = new Folder();
let server: TestServer | undefined;
let devices: Device[] = [];

afterEach(async () => {
  for (const device of devices.splice(0)) await device.cut();
  await server?.close();
});

it('a stop is clean while all channels stream and a graph never returns, and every diagnosis that was told is kept', async () => {
  writeModel(folder.path('models/level'), levelGraph());
  writeModel(folder.path('models/next'), levelGraph(endless()), { version: '2' });
  server = await startServer({
    diagnosis: { directory: folder.path('models') },
    storage: { directory: folder.path('data') },
    channels: Object.fromEntries(CHANNELS.map((name) => [name, { model: 'level', unit: 'V' }])),
  });
  const { ingest, url } = server;
  await expect.poll(async () => (await diagnosis(url)).threads).toMatchObject({ isActive: true, hasSpare: true });
  const viewer = await TestViewer.open(url);
  devices = await Promise.all(CHANNELS.map((name) => open(ingest, name)));
  await viewer.until(() => viewer.channels.length === CHANNELS.length);
  await viewer.subscribe([{ name: '*' }]);
  const streaming = devices.map(stream);
  await viewer.until(() => CHANNELS.every((name) => toldBy(viewer, name).size >= RUNS));

  // A thread tries a graph that never returns, while another goes on.
  const swapped = fetch(`${url}/api/models/level/swap`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ folder: 'next' }),
  }).catch(() => undefined); // nobody answers it any more
  await expect.poll(async () => (await diagnosis(url)).threads.started, { interval: 10 }).toBeGreaterThanOrEqual(3);
  server.kill('SIGINT');
  const code = await server.ended; // 1 where it took longer than it may
  await Promise.all([swapped, viewer.closed, ...streaming]);

  expect(code).toBe(0);
  expect(server.logs.at(-1)).toMatchObject({ msg: 'stopped' });
  const { status } = await runCommand(['export', 'diagnoses', '--storage', 'data', '-o', 'all.csv'], folder.path());
  expect(status).toBe(0);
  const kept = readFileSync(folder.path('all.csv'), 'utf8').trimEnd().split('\n').slice(1);
  const places = kept.map((line) => line.split(',').slice(0, 3).join());
  expect(new Set(places).size).toBe(places.length);
  const told = CHANNELS.flatMap((name) => [...toldBy(viewer, name)]);
  expect(told.filter((place) => !places.includes(place))).toEqual([]);
  console.log(`${told.length} diagnoses told, ${kept.length} kept`);
});

function open(address: TestServer['ingest'], channel: string): Promise<Device> {
  const rates = { 'fenestra:window': WINDOW, 'core:sample_rate': RATE_HZ };
  return Device.open(address, { 'fenestra:channel': channel, ...rates });
}

/** Sends windows as fast as they are taken, until the server has ended the connection. */
async function stream(device: Device): Promise<void> {
  const credit = () => device.acknowledgements.at(-1)?.creditBytes ?? Number(device.answer!.credit_bytes);
  const samples = new Int16Array(WINDOW).fill(50);
  for (let sent = 0, window = 0; !device.isEnded; window++) {
    device.frame(window * WINDOW, samples);
    sent += samples.byteLength;
    await device.until(() => device.isEnded || credit() >= sent + samples.byteLength);
  }
}

/** The runs of a channel that a viewer was told of, as channel, stream and first window. */
function toldBy(viewer: TestViewer, name: string): Set<string> {
  const told = viewer.events.flatMap((event) =>
    event.type === 'diagnoses' ? (event as unknown as Diagnoses).diagnoses : [],
  );
  return new Set(
    told.filter(({ channel }) => channel === name).map(({ stream, first }) => [name, stream, first].join()),
  );
}

async function diagnosis(url: string): Promise<SystemReply['diagnosis']> {
  return ((await (await fetch(`${url}/api/system`)).json()) as SystemReply).diagnosis;
}
