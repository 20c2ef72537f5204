import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SEGMENT_FILE } from '../../server/history/segment.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { Device } from '../support/device.ts';
import { StorageServer } from '../support/storage-server.ts';

// What one device sends must not cost another one its history: neither its
// acknowledgements, nor that its segments become files, nor a start.

const JUMPS = 300;
const FOLLOWED = 100;
const POLL = { interval: 500 };
let plant: StorageServer;

beforeEach(() => {
  plant = new StorageServer({ history: { segment_seconds: 5 } });
});
afterEach(() => plant.remove());

it('goes on for all, and is sealed, whatever texts, figures and times one device sends', async () => {
  await plant.start();
  await plant.startDevices(1, { window: 100, windowsPerSecond: 100 });
  await goesOn();

  await sendTexts();
  await sendFigures(0, 150);
  await sendTimes();
  await goesOn();
  await isSealed();

  expect(await plant.server.close()).toBe(0);
  await plant.start();
  await goesOn();
  await sendTexts();
  await sendFigures(100, 250); // goes on where it ended in part
  await goesOn();
  await isSealed();
  await plant.expectKept();
}, 300_000);

async function sendTexts(): Promise<void> {
  const device = await Device.open(plant.server.ingest, hello('texts', { 'fenestra:stream': 'a\0b' }));
  expect(device.answer).toMatchObject({
    ok: false,
    code: 'HELLO_INVALID',
    message: expect.stringContaining('fenestra:stream is "a\\u0000b", expected'),
  });
  device.socket.destroy();
}

/** Samples whose deviation is beyond f64, the last of them in a window that ends in part. */
async function sendFigures(from: number, to: number): Promise<void> {
  const more = { 'core:datatype': 'rf64_le', 'fenestra:stream': 'wild' };
  const device = await Device.open(plant.server.ingest, hello('figures', more));
  expect(device.answer).toMatchObject({ ok: true, next_sample: String(from) });
  device.frame(
    from,
    Float64Array.from({ length: to - from }, (_, i) => (i % 2 === 0 ? 1e200 : -1e200)),
  );
  await device.finish();
  expect(device.error).toBeUndefined();
}

async function sendTimes(): Promise<void> {
  const far = await Device.open(plant.server.ingest, hello('far'));
  far.frame(0, new Int16Array(1000), { timeNs: 2n ** 63n - 1n });
  await far.until(() => far.isEnded);
  expect(far.error).toMatchObject({
    code: 'FRAME_INVALID',
    message: expect.stringContaining('time_ns 9223372036854775807, expected 0 or a time from 1970 on'),
  });
  far.socket.destroy();

  const slow = await Device.open(
    plant.server.ingest,
    hello('slow', { 'core:sample_rate': 1, 'fenestra:window': 50_000 }),
  );
  slow.frame(0, new Int16Array(100_000));
  await slow.finish();

  const jumping = await Device.open(plant.server.ingest, hello('jumping'));
  for (let i = 0; i < JUMPS; i++) {
    jumping.frame(i * 100, new Int16Array(100), { timeNs: BigInt(1 + i) * 86_400_000_000_000n });
  }
  await jumping.finish();
  const { ledger } = await system();
  expect(ledger.find(({ channel }) => channel === 'jumping')).toMatchObject({
    windows: JUMPS,
    reanchored: FOLLOWED,
    stepsRefused: JUMPS - 1 - FOLLOWED,
  });
}

/** The healthy device is told of a second more of its windows. */
async function goesOn(): Promise<void> {
  const [device] = plant.devices;
  const before = device!.acknowledged;
  await expect.poll(() => device!.acknowledged, POLL).toBeGreaterThan(before + 100);
}

/** All segments that there are become files, in the end. */
async function isSealed(): Promise<void> {
  const newest = Math.max(...segments());
  await expect.poll(() => Math.min(...segments()), POLL).toBeGreaterThan(newest);
  const { history } = await system();
  expect(history).toMatchObject({ state: 'working', failedCommits: 0 });
  const health = await fetch(`${plant.server.url}/healthz`);
  expect(await health.json()).toEqual({ ok: true, problems: [] });
}

function segments(): number[] {
  const names = readdirSync(join(plant.directory, 'history'));
  return names.flatMap((name) => Number(SEGMENT_FILE.exec(name)?.[1] ?? Number.NaN)).filter((id) => id > 0);
}

async function system(): Promise<SystemReply> {
  return (await (await fetch(`${plant.server.url}/api/system`)).json()) as SystemReply;
}

function hello(channel: string, more: Readonly<Record<string, unknown>> = {}) {
  return { 'fenestra:channel': channel, 'fenestra:window': 100, ...more };
}
