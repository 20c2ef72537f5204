import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { ActionReply, AlarmAction } from '../../server/wire/alarm-actions.ts';
import type { AlarmJournalReply } from '../../server/wire/alarm-search.ts';
import { type AlarmReply, isPresent } from '../../server/wire/alarms.ts';
import type { CaptureReply } from '../../server/wire/captures.ts';
import { AlarmServer } from '../support/alarm-server.ts';
import { FileFaults } from '../support/file-faults.ts';
import { Folder } from '../support/folder.ts';
import { LevelDevice } from '../support/level-device.ts';
import { runs } from '../support/runs.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { hasTool } from '../support/tools.ts';

const KILLS = runs(5, 300);
const POLL = { interval: 20, timeout: 20_000 };
const LEVEL = { channels: ['lamp'], condition: { kind: 'limit', figure: 'mean', above: 0.5 } };
const TAG = 'level:lamp';
// There from the first second on, on every machine.
const ALWAYS = { condition: { kind: 'system', figure: 'memory-used', above: 0 } };
const TAGS = Array.from({ length: 8 }, (_, i) => `always-${i}`);
const EIGHT = Object.fromEntries(TAGS.map((tag) => [tag, ALWAYS]));

const folder = new Folder();
let plant: AlarmServer;
let device: LevelDevice | undefined;

afterEach(async () => {
  await device?.close();
  device = undefined;
  await plant.end();
});

describe('a server that watches over a level', () => {
  it('raises its alarm, takes who acknowledged it, clears it, and keeps all of that', async () => {
    plant = new AlarmServer(folder.path(), { level: LEVEL });
    await plant.start();
    device = await LevelDevice.open(plant.server.ingest, 'lamp');
    await expect.poll(() => stateOf(TAG), POLL).toBe('normal');

    device.level = 1;
    await expect.poll(() => stateOf(TAG), POLL).toBe('unacknowledged');
    const raised = await plant.find(TAG);
    expect(raised).toMatchObject({ occurrence: 1, finding: { value: 1, limit: 0.5 }, priority: 'high' });
    const reply = await plant.act(raised, { comment: 'seen' });
    expect(reply.results).toMatchObject([{ tag: TAG, alarm: { state: 'acknowledged', acknowledged: { by: 'Kim' } } }]);
    device.level = 0;
    await expect.poll(() => stateOf(TAG), POLL).toBe('normal');

    await device.close();
    expect(await plant.server.close()).toBe(0);
    expect(await plant.entries()).toMatchObject([
      { number: 1, event: 'raise', tag: TAG, isAnnunciated: true, beganNs: raised.beganNs },
      { number: 2, event: 'acknowledge', comment: 'seen', actor: { name: 'Kim', address: '127.0.0.1' } },
      { number: 3, event: 'clear', state: 'normal' },
    ]);
  });

  it('records raw samples from before its condition began, and leads to them', async () => {
    const capture = { beforeSeconds: 0.2, afterSeconds: 0.2 };
    plant = new AlarmServer(folder.path(), { level: { ...LEVEL, capture, onDelaySeconds: 0.3 } });
    await plant.start();
    device = await LevelDevice.open(plant.server.ingest, 'lamp');
    await expect.poll(() => stateOf(TAG), POLL).toBe('normal');
    await delay(300); // of samples before it

    device.level = 1;
    await expect.poll(async () => (await plant.find(TAG)).capture, POLL).toBeDefined();
    const { capture: id, beganNs } = await plant.find(TAG);
    const captureOf = async () =>
      (await (await fetch(`${plant.server.url}/api/captures/${id}`)).json()) as CaptureReply;
    await expect.poll(async () => (await captureOf()).state, POLL).toBe('ready');

    const { cause, segments, samples, rateHz } = await captureOf();
    expect(cause).toEqual({ kind: 'alarm', text: 'level:lamp: Light high' });
    expect(segments[0]!.timeMs).toBeCloseTo(Number(beganNs) / 1e6 - 200, 0);
    expect(samples / rateHz).toBeCloseTo(0.7, 2);
  });

  it('says so for as long as there is no signature, and changes nothing', async () => {
    plant = new AlarmServer(folder.path(), EIGHT);
    await plant.start();
    await raised();

    const [alarm] = await plant.all();
    const { tag, occurrence, version } = alarm!;
    const body = JSON.stringify({ id: randomUUID(), action: 'acknowledge', alarms: [{ tag, occurrence, version }] });
    const headers = { 'content-type': 'application/json' };
    const refused = await fetch(`${plant.server.url}/api/alarms/actions`, { method: 'POST', headers, body });

    expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'PERSON_REQUIRED' }]);
    expect(await plant.find(tag)).toEqual(alarm);
  });
});

describe('A9: a server that is killed', () => {
  it(`${KILLS} times amid actions loses none that it answered, and does none twice`, async () => {
    plant = new AlarmServer(folder.path(), EIGHT);
    const random = seededRandom(9);
    const answered = new Map<string, string[]>(); // tags by action
    const unanswered: AlarmAction[] = [];
    const asked: AlarmAction[] = [];
    const told = new Map<string, AlarmReply>(); // as the newest answer told of it
    const hear = ({ id, results }: ActionReply) => {
      answered.set(
        id,
        results.flatMap(({ tag, refusal }) => (refusal === undefined ? [tag] : [])),
      );
      for (const { tag, alarm } of results)
        if (alarm && alarm.version > (told.get(tag)?.version ?? 0)) told.set(tag, alarm);
    };
    for (let kill = 0; kill < KILLS; kill++) {
      await plant.start();
      await raised();
      const back = new Map((await plant.all()).map((alarm) => [alarm.tag, alarm]));
      for (const [tag, alarm] of told) {
        expect(back.get(tag)!.version).toBeGreaterThanOrEqual(alarm.version);
        if (back.get(tag)!.version === alarm.version) expect(back.get(tag)).toEqual(alarm);
      }
      if (kill === 2) await turnPages(); // of entries after a kill
      // Their answers may have been lost on the way.
      for (const action of [...unanswered.splice(0), ...asked.splice(-5)])
        hear((await (await plant.ask(action))!.json()) as ActionReply);

      let isAlive = true;
      const people = TAGS.slice(0, 4).map(async (_, person) => {
        while (isAlive) {
          const action = drawAction(random, await plant.all().catch(() => []), person);
          if (action === undefined) return;
          const response = await plant.ask(action);
          const reply = response?.ok ? await response.json().catch(() => undefined) : undefined;
          if (reply === undefined) unanswered.push(action);
          else {
            hear(reply as ActionReply);
            asked.push(action);
          }
        }
      });
      await delay(200 + random() * 300);
      await plant.kill();
      isAlive = false;
      await Promise.all(people);
    }

    const done = new Map<string, number>();
    for (const { action, tag } of await plant.entries()) {
      if (action !== undefined) done.set(`${action} ${tag}`, (done.get(`${action} ${tag}`) ?? 0) + 1);
    }
    const expected = [...answered].flatMap(([id, tags]) => tags.map((tag) => `${id} ${tag}`));
    console.info(`${answered.size} actions answered, ${expected.length} changes of alarms, over ${KILLS} kills`);
    expect(expected.length).toBeGreaterThan(KILLS * 5);
    expect(expected.filter((change) => done.get(change) !== 1)).toEqual([]);
    expect([...done.values()].filter((count) => count !== 1)).toEqual([]);
  }, 3_600_000);
});

describe('A5: a server whose journal is damaged', () => {
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['flipped', (bytes) => Buffer.from(bytes.map((byte, i) => (i === 6000 ? byte ^ 1 : byte)))],
    ['zeroed', (bytes) => Buffer.concat([Buffer.alloc(5000), bytes.subarray(5000)])],
    ['cut', (bytes) => bytes.subarray(0, 5000)],
    ['emptied', () => Buffer.alloc(0)],
  ])('by being %s starts, and alarms go on', async (_name, damage) => {
    plant = new AlarmServer(folder.path(), EIGHT);
    await plant.start();
    await raised();
    for (const alarm of await plant.all()) await plant.act(alarm);
    expect(await plant.server.close()).toBe(0);
    const file = plant.files.at(-1)!;
    writeFileSync(file, damage(readFileSync(file)));

    await plant.start();
    await raised();

    const [alarm] = await plant.all();
    const reply = await plant.act(alarm!, { action: 'comment', comment: 'still here' });
    expect(reply.results).toMatchObject([{ tag: alarm!.tag, alarm: { comment: { comment: 'still here' } } }]);
  });
});

describe.skipIf(!hasTool('gcc'))('A4: a server whose disk is full', () => {
  it('refuses actions and says why, raises alarms, and keeps them when there is room again', async () => {
    plant = new AlarmServer(folder.path(), { ...EIGHT, level: LEVEL });
    const faults = new FileFaults(folder.path());
    const plan = {
      calls: ['open', 'write', 'fsync'],
      path: '*/alarms/journal/*',
      count: Infinity,
      action: ['ENOSPC'],
    } as const;
    await plant.start(faults.environment(plant.directory, { ...plan, isSwitched: true }));
    await raised();
    device = await LevelDevice.open(plant.server.ingest, 'lamp');
    await expect.poll(() => stateOf(TAG), POLL).toBe('normal');
    const before = await plant.find('always-0');

    faults.isOn = true;
    const { tag, occurrence, version } = before;
    const action: AlarmAction = { id: randomUUID(), action: 'acknowledge', alarms: [{ tag, occurrence, version }] };
    const refused = await plant.ask(action);
    expect([refused?.status, await refused?.json()]).toMatchObject([
      503,
      { code: 'STORAGE_FAILED', message: expect.stringMatching(/ENOSPC.*nothing was done/) },
    ]);
    expect(await plant.find('always-0')).toEqual(before);
    device.level = 1;
    await expect.poll(() => stateOf(TAG), POLL).toBe('unacknowledged');
    const health = await fetch(`${plant.server.url}/healthz`);
    expect([health.status, (await health.json()) as object]).toMatchObject([
      503,
      { problems: [expect.stringContaining('the journal of alarms cannot be written')] },
    ]);
    expect((await plant.figures()).journal.waiting).toBeGreaterThan(0);
    faults.isOn = false;

    await expect.poll(async () => (await plant.figures()).journal, POLL).toMatchObject({ waiting: 0, lost: 0 });
    const reply = await plant.ask(action);
    expect(await reply?.json()).toMatchObject({ results: [{ tag, alarm: { state: 'acknowledged' } }] });
    await device.close();
    expect(await plant.server.close()).toBe(0);
    const events = (await plant.entries()).map((entry) => `${entry.event} ${entry.tag}`);
    expect(events).toContain(`raise ${TAG}`);
    expect(events.filter((event) => event === 'acknowledge always-0')).toHaveLength(1);
  });

  it('and that is killed meanwhile gives no number again that somebody was told', async () => {
    plant = new AlarmServer(folder.path(), { level: LEVEL });
    const faults = new FileFaults(folder.path());
    const plan = { calls: ['open', 'write', 'fsync'], path: '*/alarms/journal/*', count: Infinity } as const;
    const raise = async () => {
      device = await LevelDevice.open(plant.server.ingest, 'lamp');
      await expect.poll(() => stateOf(TAG), POLL).toBe('normal');
      faults.isOn = true;
      device.level = 1;
      await expect.poll(() => stateOf(TAG), POLL).toBe('unacknowledged');
      return plant.find(TAG);
    };
    const told: AlarmReply[] = [];
    for (let kill = 0; kill < 2; kill++) {
      faults.isOn = false;
      await plant.start(faults.environment(plant.directory, { ...plan, action: ['ENOSPC'], isSwitched: true }));
      told.push(await raise());
      const before = told.at(-2);
      if (before !== undefined) {
        expect(await plant.act(before)).toMatchObject({ results: [{ tag: TAG, refusal: 'ALARM_NEWER' }] });
      }
      await device!.close();
      await plant.kill();
    }

    const [first, second] = told as [AlarmReply, AlarmReply];
    expect(second.occurrence).toBeGreaterThan(first.occurrence);
    expect(second.version).toBeGreaterThan(first.version);
    expect((await plant.entries()).map(({ occurrence }) => occurrence)).not.toContain(first.occurrence); // it was on no disk
  });
});

/** All of the eight are there. */
async function raised(): Promise<void> {
  const isRaised = ({ tag, state }: AlarmReply) => tag.startsWith('always') && isPresent(state);
  await expect.poll(async () => (await plant.all()).filter(isRaised).length, POLL).toBe(TAGS.length);
}

/** Whoever reads the journal turns its pages, and follows it, also with numbers that go on with the clock. */
async function turnPages(): Promise<void> {
  const journal = async (query: string) => {
    const reply = await fetch(`${plant.server.url}/api/alarms/journal?limit=2${query}`);
    expect(reply.status, query).toBe(200);
    return (await reply.json()) as AlarmJournalReply;
  };
  const { entries, before } = await journal('');
  const [newest, second] = entries.map(({ number }) => number) as [number, number];
  expect([newest > 1e14, newest < 1e15]).toEqual([true, true]);
  expect((await journal(`&before=${before}`)).entries[0]!.number).toBeLessThan(second);
  expect((await journal(`&after=${second}`)).entries.map(({ number }) => number)).toContain(newest);
}

async function stateOf(tag: string): Promise<string | undefined> {
  return (await plant.find(tag)).state;
}

/** Something that one of several people may do about one or two alarms. */
function drawAction(random: () => number, alarms: readonly AlarmReply[], person: number): AlarmAction | undefined {
  const own = alarms.filter(({ tag }) => TAGS.indexOf(tag) % 4 === person);
  if (own.length === 0) return undefined;
  const seen = own
    .slice(0, 1 + Math.floor(random() * own.length))
    .map(({ tag, occurrence, version }) => ({ tag, occurrence, version }));
  const common = { id: randomUUID(), alarms: seen };
  const drawn = Math.floor(random() * 6);
  if (drawn === 0) return { ...common, action: 'shelve', comment: 'noise', until: { seconds: 900 } };
  if (drawn === 1) return { ...common, action: 'out-of-service', comment: 'broken' };
  if (drawn === 2) return { ...common, action: 'comment', comment: `${person} was here` };
  return { ...common, action: (['acknowledge', 'unshelve', 'in-service'] as const)[drawn - 3]! };
}
