import { afterEach, expect, it } from 'vitest';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import { AlarmReceiver } from '../support/alarm-receiver.ts';
import { AlarmServer } from '../support/alarm-server.ts';
import { Device } from '../support/device.ts';
import { Folder } from '../support/folder.ts';
import { TestViewer } from '../support/viewer.ts';

const CHANNELS = Array.from({ length: 100 }, (_, i) => `lamp-${i}`);
const DEFINITIONS = Object.fromEntries(
  Array.from({ length: 100 }, (_, i) => [
    `high-${i}`,
    { channels: ['lamp-*'], condition: { kind: 'limit', figure: 'mean', above: (i + 0.5) / 100 } },
  ]),
);
const ALARMS = 10_000;
const WINDOW = 100;
const SECRET = 'a secret of two';
const POLL = { interval: 20, timeout: 120_000 };

const folder = new Folder();
let plant: AlarmServer;
let receiver: AlarmReceiver;

afterEach(async () => {
  receiver.close();
  await plant.end();
});

it('B8: brings 10,000 alarms of one second to the journal, a viewer and a receiver, each to each once', async () => {
  receiver = await AlarmReceiver.listen(SECRET);
  const notify = { webhooks: [{ name: 'ops', url: receiver.url, secret: SECRET }] };
  plant = new AlarmServer(folder.path(), DEFINITIONS, { notify });
  await plant.start();
  const devices = await Promise.all(CHANNELS.map((channel) => open(channel)));
  for (const device of devices) device.frame(0, new Float32Array(WINDOW));
  const heard = async () => (await plant.figures()).watched;
  await expect.poll(heard, POLL).toBe(ALARMS);
  const viewer = await TestViewer.open(plant.server.url);
  const seen = () => viewer.events.flatMap((event) => (event.type === 'alarms' ? event.alarms : []));

  const startMs = performance.now();
  const after = async (isThere: () => Promise<unknown>) => {
    await expect.poll(isThere, POLL).toBe(ALARMS);
    return performance.now() - startMs;
  };
  for (const device of devices) device.frame(WINDOW, new Float32Array(WINDOW).fill(1));
  const [viewerMs, diskMs, receiverMs] = await Promise.all([
    after(async () => seen().length),
    after(async () => (await plant.figures()).journal.written),
    after(async () => receiver.taken.length),
  ]);
  const raised = await plant.all();
  const raisedMs = raised.map((alarm) => alarm.raisedMs!).sort((a, b) => a - b);
  console.info(
    `raised within ${raisedMs.at(-1)! - raisedMs[0]!} ms, seen by a viewer after ${viewerMs.toFixed(0)} ms, ` +
      `on the disk after ${diskMs.toFixed(0)} ms, at the receiver after ${receiverMs.toFixed(0)} ms`,
  );

  await Promise.all(devices.map((device) => device.cut()));
  await viewer.close();
  const { outputs, journal } = await plant.figures();
  expect(journal).toMatchObject({ lost: 0, waiting: 0 });
  expect(outputs).toMatchObject({
    unstored: 0,
    destinations: [{ delivered: ALARMS, failed: 0, dropped: 0, waiting: 0 }],
  });
  expect(await plant.server.close()).toBe(0);
  const entries = await plant.entries();

  const expected = CHANNELS.flatMap((channel) => Object.keys(DEFINITIONS).map((id) => `${id}:${channel}/1/1`)).sort();
  expect(entries.map(idOf).sort()).toEqual(expected);
  expect(seen().map(idOf).sort()).toEqual(expected);
  expect(receiver.taken.toSorted()).toEqual(expected); // at least once in general; once where nothing fails
  expect(entries.every(({ event, isAnnunciated }) => event === 'raise' && isAnnunciated)).toBe(true);
  expect(seen().every(({ state }) => state === 'unacknowledged')).toBe(true);
});

function open(channel: string): Promise<Device> {
  return Device.open(plant.server.ingest, {
    'fenestra:channel': channel,
    'fenestra:window': WINDOW,
    'fenestra:epoch_ns': String(BigInt(Date.now()) * 1_000_000n),
    'core:datatype': 'rf32_le',
    'core:sample_rate': 2000,
  });
}

function idOf({ tag, occurrence, version }: Pick<AlarmReply, 'tag' | 'occurrence' | 'version'>): string {
  return `${tag}/${occurrence}/${version}`;
}
