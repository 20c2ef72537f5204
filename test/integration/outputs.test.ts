import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { makeVapidKey, publicKeyOf } from '../../server/notify/vapid.ts';
import type { ActionReply } from '../../server/wire/alarm-actions.ts';
import type { AlarmReply, AlarmsReply } from '../../server/wire/alarms.ts';
import type { PushReply } from '../../server/wire/push.ts';
import type { SystemReply } from '../../server/wire/rest.ts';
import { AlarmReceiver } from '../support/alarm-receiver.ts';
import { AlarmServer } from '../support/alarm-server.ts';
import { Folder } from '../support/folder.ts';
import { LevelDevice } from '../support/level-device.ts';
import { PushService } from '../support/push-service.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { SteppedClock } from '../support/stepped-clock.ts';
import { hasTool } from '../support/tools.ts';

const SECRET = 'a secret of two';
const CHANNELS = ['etch-1', 'etch-2', 'etch-3'];
const KILLS = 3;

const folder = new Folder();
let receiver: AlarmReceiver;
let service: PushService | undefined;
let server: TestServer | undefined;

afterEach(async () => {
  (receiver as AlarmReceiver | undefined)?.close();
  service?.close();
  await server?.close();
});

describe('outputs of alarms', () => {
  it('tell a receiver that fails for a while everything at least once, in order for each alarm, over kills of the server', async () => {
    receiver = await AlarmReceiver.listen(SECRET);
    await start();
    await raise();
    await expect.poll(() => receiver.taken.length).toBeGreaterThanOrEqual(CHANNELS.length);
    const expected = receiver.taken.slice();

    for (let kill = 0; kill < KILLS; kill++) {
      receiver.manners = [...MANNERS[kill]!, 'fail'];
      const changes = await change(4 + kill);
      expected.push(...changes);
      server!.kill('SIGKILL'); // those of the last action may be in the journal alone
      await server!.ended;
      await start();
    }
    receiver.manners = ['take'];
    await expect.poll(() => expected.filter((id) => !receiver.taken.includes(id))).toEqual([]);

    for (const channel of CHANNELS) {
      const seen = [...new Set(receiver.taken.filter((id) => id.startsWith(`channel-missing:${channel}/`)))];
      const versions = seen.map((id) => Number(id.split('/')[2]));
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
    }
    const [output] = (await figures()).alarms.outputs.destinations;
    expect(output).toMatchObject({
      name: 'ops',
      kind: 'webhook',
      waiting: 0,
      givenUp: 0,
      dropped: 0,
      isFailing: false,
    });
    expect(JSON.stringify(server!.logs)).not.toContain('/hook'); // the address may be a secret
  });
});

describe('notifications of phones', () => {
  it('come to the browser that a person switched on, also what was under way when the server was killed, until it is gone', async () => {
    const key = makeVapidKey();
    service = await PushService.listen(publicKeyOf(key));
    const push = { private_key: key, contact: 'mailto:ops@plant.example', services: [service.host] };
    const authority = folder.path('authority.pem');
    writeFileSync(authority, service.authority);
    const start = () =>
      startServer(
        { storage: { directory: folder.path('pushed') }, notify: { push } },
        { NODE_EXTRA_CA_CERTS: authority },
      );
    server = await start();
    const { publicKey } = (await ask('/api/push')) as PushReply;
    expect(publicKey).toBe(publicKeyOf(key));
    const elsewhere = { ...service.subscribe('thief'), endpoint: 'https://evil.example/' };
    expect(await ask('/api/push/subscribers', elsewhere, 400)).toMatchObject({
      message: `the push service is https://evil.example, expected https of ${service.host} (notify.push.services)`,
    });
    await ask('/api/push/subscribers', service.subscribe('phone', 'ko'));
    expect(await ask('/api/push')).toMatchObject({ subscribers: [{ language: 'ko', by: 'Kim' }] });

    service.answers.set('phone', [503]);
    await raise();
    await expect.poll(() => service!.requests).toBeGreaterThan(0);
    server.kill('SIGKILL');
    await server.ended;
    service.answers.delete('phone');
    server = await start();
    await expect
      .poll(() => service!.told.map(({ notice }) => notice.tag).sort(), SOON)
      .toEqual(CHANNELS.map((channel) => `channel-missing:${channel}`));

    service.answers.set('phone', [410]);
    await change(1);
    await expect.poll(async () => ((await ask('/api/push')) as PushReply).subscribers, SOON).toEqual([]);
    expect((await figures()).alarms.outputs.push).toEqual({ subscribers: 0, gone: 1, missed: 0 });
    expect(JSON.stringify(server.logs)).not.toContain('/push/'); // addresses of browsers are secrets
  });
});

// What waits is tried again after seconds.
const SOON = { timeout: 20_000 };

describe.skipIf(!hasTool('gcc'))('an output of alarms that is refused for minutes', () => {
  it('is an alarm, and is told all of it in the end, also that it is over', async () => {
    const hook = await AlarmReceiver.listen(SECRET);
    receiver = hook;
    hook.manners = ['refuse'];
    const clock = new SteppedClock(folder.path());
    const figure = (name: string) => ({ condition: { kind: 'system', figure: name, above: 0 } });
    const written = { one: figure('memory-used'), other: figure('memory-used'), failing: figure('output-failing') };
    const notify = { webhooks: [{ name: 'ops', url: hook.url, secret: SECRET }] };
    const plant = new AlarmServer(folder.path(), written, { notify });
    await plant.start(clock.environment);
    server = plant.server;
    /** What is found while time goes by, 5 s at a time. */
    const found = (look: () => Promise<unknown>) =>
      expect.poll(
        () => {
          clock.pass(5);
          return look();
        },
        { interval: 100, timeout: 60_000 },
      );
    const output = async () => (await plant.figures()).outputs.destinations[0];

    await found(async () => (await plant.find('failing')).state).toBe('unacknowledged');
    await found(output).toMatchObject({ refused: 3, waiting: 0, isFailing: true });
    // Connections are given up as time goes by, also under a request.
    const problems = async () => (await (await fetch(`${plant.server.url}/healthz`)).json()).problems.join();
    await expect.poll(problems).toContain('not delivered to webhook ops: the receiver answered 400');
    hook.manners = ['take'];
    clock.pass(300);

    await found(async () => (await plant.find('failing')).state).toBe('rtn-unacknowledged');
    await found(async () => hook.taken.toSorted()).toEqual(['failing/1/1', 'failing/1/2', 'one/1/1', 'other/1/1']);
    await expect.poll(output).toMatchObject({ refused: 0, givenUp: 0, waiting: 0, isFailing: false });
    server.kill('SIGKILL');
  });
});

// The receiver's ways to fail before each kill.
const MANNERS = [['fail', 'take and cut', 'cut'], ['hang'], ['take', 'refuse', 'fail', 'take and cut']] as const;

async function start(): Promise<void> {
  server = await startServer({
    storage: { directory: folder.path('data') },
    notify: { webhooks: [{ name: 'ops', url: receiver.url, secret: SECRET }] },
  });
}

/** Makes an alarm of each channel that stands for a minute. */
async function raise(): Promise<void> {
  const devices = await Promise.all(CHANNELS.map((channel) => LevelDevice.open(server!.ingest, channel)));
  for (const device of devices) device.isLossy = true;
  await expect.poll(async () => (await missing()).length).toBe(CHANNELS.length);
  await Promise.all(devices.map((device) => device.close()));
}

/** Shelves all of them and takes them back, so many times; returns identifiers of what the receiver is to hear of. */
async function change(times: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < times; i++) {
    const action = i % 2 === 0 ? { action: 'shelve', until: { seconds: 900 } } : { action: 'unshelve' };
    const alarms = (await missing()).map(({ tag, occurrence, version }) => ({ tag, occurrence, version }));
    const { results } = (await ask('/api/alarms/actions', {
      id: randomUUID(),
      alarms,
      comment: 'test',
      ...action,
    })) as ActionReply;
    expect(results.filter(({ refusal }) => refusal !== undefined)).toEqual([]);
    ids.push(...results.map(({ alarm }) => `${alarm!.tag}/${alarm!.occurrence}/${alarm!.version}`));
  }
  return ids;
}

async function missing(): Promise<AlarmReply[]> {
  const { alarms } = (await ask('/api/alarms')) as AlarmsReply;
  return alarms.filter(({ definition }) => definition === 'channel-missing');
}

async function figures(): Promise<SystemReply> {
  return (await ask('/api/system')) as SystemReply;
}

async function ask(path: string, body?: object, status = 200): Promise<unknown> {
  const post = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'Fenestra-Person': 'Kim' },
  };
  const reply = await fetch(server!.url + path, body === undefined ? {} : post);
  expect(reply.status).toBe(status);
  return reply.json();
}
