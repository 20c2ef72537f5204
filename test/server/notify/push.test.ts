// Longer than 300 lines: one push service, with its certificate, for all that is told of browsers.
import { writeFile } from 'node:fs/promises';
import { globalAgent } from 'node:https';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/base/clock.ts';
import { Refused } from '../../../server/notify/destination.ts';
import type { AlarmMessage } from '../../../server/notify/message.ts';
import { PushOutput } from '../../../server/notify/push.ts';
import { PushBursts } from '../../../server/notify/push-bursts.ts';
import { Subscribers } from '../../../server/notify/subscribers.ts';
import { makeVapidKey, publicKeyOf } from '../../../server/notify/vapid.ts';
import type { AlarmEntry } from '../../../server/wire/alarm-journal.ts';
import { ALARM_PRIORITIES } from '../../../server/wire/alarms.ts';
import { type PUSH_LANGUAGES, SUBSCRIBER_LIMIT } from '../../../server/wire/push.ts';
import { Folder } from '../../support/folder.ts';
import { alarmMessage, openOutbox } from '../../support/outputs.ts';
import { PushService } from '../../support/push-service.ts';
import { silentLog } from '../../support/silent-log.ts';

const folder = new Folder();
const privateKey = makeVapidKey();
const publicKey = publicKeyOf(privateKey);
const still = new AbortController().signal;
const HOUR_MS = 3_600_000;
let service: PushService;
let subscribers: Subscribers;
let bursts: PushBursts;
let runs = 0;

beforeAll(async () => {
  service = await PushService.listen(publicKey);
  globalAgent.options.ca = service.authority; // as NODE_EXTRA_CA_CERTS does
});

afterAll(() => {
  globalAgent.options.ca = undefined;
  service.close();
});

beforeEach(async () => {
  runs++;
  subscribers = await open();
  bursts = await openBursts();
});

afterEach(async () => {
  await subscribers.close();
  service.told.length = 0;
  service.answers.clear();
  service.requests = 0;
});

describe('a push', () => {
  it('is read by the browser alone, in its language, and replaces what it was told of the alarm before', async () => {
    await add('phone');
    await add('pad', 'ko');
    const push = output();
    await push.deliver([raised('hot:etch-1', { version: 3 })], still);
    await push.deliver([cleared('hot:etch-1', { version: 4 })], still);

    const [first, second] = ofBrowser('phone');
    expect(first!.notice).toEqual({
      ...{ tag: 'hot:etch-1', occurrence: 1, version: 3, isCalling: true, link: '/alarms#hot%3Aetch-1' },
      ...{ title: 'HIGH: Too hot, etch-1', body: 'cool' },
    });
    expect(first!.headers).toMatchObject({ ttl: String(12 * 3600), urgency: 'high' });
    expect(first!.headers.topic).toMatch(/^[\w-]{32}$/);
    expect(second!.notice).toMatchObject({ isCalling: false, version: 4, title: 'Over: Too hot, etch-1' });
    expect(second!.headers.topic).toBe(first!.headers.topic);
    expect(service.titles('pad')).toEqual(['높음: 과열, etch-1', '해제: 과열, etch-1']);
  });

  it('of low priority may wait, of another alarm has another topic, and says who has taken it', async () => {
    await add('phone');
    await output().deliver(
      [
        raised('cold:etch-1', { priority: 'low' }),
        raised('hot:etch-1', { event: 'acknowledge', state: 'acknowledged', isAnnunciated: false }, 'Kim'),
      ],
      still,
    );
    const [low, taken] = ofBrowser('phone');
    expect(low!.headers).toMatchObject({ ttl: '3600', urgency: 'low' });
    expect(taken!.headers.topic).not.toBe(low!.headers.topic);
    expect(taken!.notice).toMatchObject({ isCalling: false, title: 'Acknowledged: Too hot, etch-1', body: 'by Kim' });
  });

  it('fits where everything is as long as it may be, in Korean', async () => {
    await add('phone', 'ko');
    const text = '가'.repeat(4000);
    const texts = { title: text, cause: text, consequence: text, action: text };
    const message = { ...raised(`${'x'.repeat(64)}:${'y'.repeat(64)}`), texts: { en: texts, ko: texts } };
    await output().deliver([message], still);
    expect(Number(ofBrowser('phone')[0]!.headers['content-length'])).toBeLessThanOrEqual(4096);
  });

  it('is one for many alarms that come at once, and one when none of them calls any more', async () => {
    await add('phone');
    const push = output();
    const tags = ['a', 'b', 'c', 'd', 'e'].map((channel) => `hot:${channel}`);
    await push.deliver(
      tags.map((tag, i) => raised(tag, { priority: i === 3 ? 'critical' : 'low' })),
      still,
    );
    await push.deliver(
      tags.slice(0, 4).map((tag) => cleared(tag)),
      still,
    );
    expect(service.titles('phone')).toEqual(['5 alarms at once']);
    expect(ofBrowser('phone')[0]!.notice).toMatchObject({ tag: '', body: 'CRITICAL: Too hot, d', link: '/alarms' });
    await push.deliver([cleared('hot:e')], still);
    expect(service.titles('phone').slice(1)).toEqual(['Over: Alarms that came at once']);
  });

  it('says over a restart that none of many calls any more, also late, and forgets who they were', async () => {
    await add('phone');
    const tags = ['a', 'b', 'c', 'd'].map((channel) => `hot:${channel}`);
    await output().deliver([...tags.map((tag) => raised(tag)), raised('cold:a', { priority: 'low' })], still);
    bursts = await openBursts();
    const ends = [cleared('hot:a', { atMs: Date.now() - 13 * HOUR_MS }), ...tags.slice(1).map((tag) => cleared(tag))];
    await output().deliver(ends, still);
    bursts = await openBursts();
    const low = cleared('cold:a', { priority: 'low' });
    expect(output(['high']).wants(low)).toBe(true);
    await output(['high']).deliver([low], still);
    expect(service.titles('phone')).toEqual(['5 alarms at once', 'Over: Alarms that came at once']);

    bursts = await openBursts();
    expect(bursts.of(service.host)).toEqual(new Set());
    expect(output(['high']).wants(low)).toBe(false);
    await writeFile(burstsPath(), '{"');
    expect((await openBursts()).of(service.host)).toEqual(new Set());
  });

  it('is not sent of what nobody wants to hear any more', async () => {
    await add('phone');
    await output().deliver([raised('hot:etch-1', { priority: 'low', atMs: Date.now() - 2 * HOUR_MS })], still);
    expect(service.requests).toBe(0);
  });
});

describe('a push service that fails', () => {
  it('for a while is told everything in order once it works, and each browser once', async () => {
    await add('phone');
    await add('pad');
    service.answers.set('phone', [503, 'cut', 429, 201]);
    const { outbox } = await openOutbox({ store: undefined, destinations: [output()] });
    outbox.offer(raised('hot:etch-1'), 1);
    await expect.poll(() => service.titles('phone').length).toBe(1);
    outbox.offer(cleared('hot:etch-1', { version: 2 }), 2);
    await expect.poll(() => service.titles('phone').length).toBe(2);

    expect(service.titles('pad')).toEqual(['HIGH: Too hot, etch-1', 'Over: Too hot, etch-1']);
    expect(service.titles('phone')).toEqual(service.titles('pad'));
    const figures = { kind: 'push', delivered: 2, failed: 3, givenUp: 0 };
    await expect.poll(() => outbox.status().destinations).toMatchObject([figures]);
    await outbox.close();
  });

  it('for one browser alone holds up the others for five tries, and that is counted', async () => {
    await add('phone');
    await add('pad');
    service.answers.set('phone', [500]);
    const push = output();
    for (let i = 0; i < 4; i++) {
      await expect(push.deliver([raised('hot:etch-1')], still)).rejects.toThrow(
        '1 of 2 browsers are not told: the push service answered 500, expected 2xx',
      );
    }
    await push.deliver([raised('hot:etch-1')], still);
    expect(push.missed).toBe(1);
    expect(service.titles('pad')).toHaveLength(1);
  });

  it.each([400, 413])('by %i for all refuses what it was told', async (status) => {
    await add('phone');
    service.answers.set('phone', [status]);
    await expect(output().deliver([raised('hot:etch-1')], still)).rejects.toThrow(Refused);
  });

  it.each([301, 307, 401, 403, 500])('by %i is tried again, and followed nowhere', async (status) => {
    await add('phone');
    service.answers.set('phone', [status]);
    const error = await output()
      .deliver([raised('hot:etch-1')], still)
      .then(
        () => undefined,
        (error: Error) => error,
      );
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(Refused);
    expect(service.requests).toBe(1);
  });

  it.each([404, 410])('by %i knows a browser no more, which is removed for good', async (status) => {
    await add('phone');
    await add('pad');
    service.answers.set('phone', [status]);
    await output().deliver([raised('hot:etch-1')], still);
    expect(subscribers.list().map(({ browser }) => browser)).toEqual(['pad']);
    expect(subscribers.gone).toBe(1);
    await subscribers.close();
    subscribers = await open();
    expect(subscribers.all).toHaveLength(1);
  });
});

describe('who is told', () => {
  it('is of a push service of the settings', async () => {
    const why = /^the push service is .+, expected https of 127\.0\.0\.1:\d+, \*\.push\.example/;
    for (const endpoint of [
      ...['https://evil.example/push', 'https://web.push.example.evil.example/', 'https://push.example/', 'no address'],
      ...[`https://${service.host}@evil.example/push`, `http://${service.host}/push`, 'https://127.0.0.1/push'],
    ]) {
      const added = subscribers.add({ ...service.subscribe('phone'), endpoint }, 'Kim', 'Chrome');
      await expect(added).rejects.toMatchObject({ code: 'REQUEST_INVALID', message: expect.stringMatching(why) });
    }
    await subscribers.add({ ...service.subscribe('x'), endpoint: 'https://web.push.example/1' }, 'Kim', 'Safari');
    expect(subscribers.all).toMatchObject([{ service: '*.push.example' }]);
  });

  it('is not reached by a name that stands for an address of a private network', async () => {
    const port = service.host.split(':')[1];
    const own = { name: `localhost:${port}`, endpoint: `https://localhost:${port}/push/phone` };
    const named = [{ ...service.subscribe('phone'), endpoint: own.endpoint, id: '1', browser: '', publicKey }];
    const push = new PushOutput({
      ...{ service: own.name, bursts, priorities: ALARM_PRIORITIES, nowMs: () => Date.now() },
      subscribers: { all: named.map((one) => ({ ...one, service: own.name })), drop: async () => undefined },
      vapid: { privateKey, contact: 'mailto:ops@plant.example' },
    });
    await expect(push.deliver([raised('hot:etch-1')], still)).rejects.toThrow(
      /the push service localhost is at (127\.0\.0\.1|::1), expected a public address/,
    );
    expect(service.requests).toBe(0);
  });

  it('has keys that something can be encrypted for', async () => {
    const order = service.subscribe('phone');
    for (const keys of [
      { ...order.keys, p256dh: `${order.keys.p256dh.slice(0, -4)}AAAA` },
      { ...order.keys, auth: 'AAAA' },
      { ...order.keys, p256dh: 'AAAA' },
    ]) {
      await expect(subscribers.add({ ...order, keys }, 'Kim', 'Chrome')).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
      });
    }
  });

  it('is kept with who asked for it, over a restart, and asked for again is the same one', async () => {
    await add('phone');
    const [before] = subscribers.list();
    expect(before).toMatchObject({
      browser: 'phone',
      by: 'Kim',
      language: 'en',
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    await subscribers.close();
    subscribers = await open();
    expect(subscribers.list()).toEqual([before]);
    await subscribers.add({ ...service.subscribe('phone'), language: 'ko' }, 'Lee', 'Chrome');
    expect(subscribers.list()).toMatchObject([{ id: before!.id, language: 'ko', by: 'Lee' }]);
    await subscribers.remove(before!.id, 'Kim');
    expect(subscribers.list()).toEqual([]);
    await expect(subscribers.remove(before!.id, 'Kim')).rejects.toMatchObject({ code: 'SUBSCRIBER_UNKNOWN' });
  });

  it('is at most so many, of which those of another key make room', async () => {
    for (let i = 0; i < SUBSCRIBER_LIMIT; i++) await add(`phone-${i}`);
    await expect(add('one-more')).rejects.toThrow('200 browsers are told already, expected fewer');
    await add('phone-7'); // who is told already
    await subscribers.close();
    subscribers = await open(publicKeyOf(makeVapidKey()));
    expect(subscribers.list()).toEqual([]); // with another key they take nothing
    await add('one-more');
    expect(subscribers.list()).toHaveLength(1);
  });

  it('hears of calls and their ends, of the priorities of the settings', async () => {
    const push = output(['critical', 'high']);
    expect(push.wants(raised('hot:etch-1'))).toBe(false); // nobody is there
    await add('phone');
    expect(push.wants(raised('hot:etch-1'))).toBe(true);
    expect(push.wants(raised('hot:etch-1', { priority: 'medium' }))).toBe(false);
    expect(push.wants(cleared('hot:etch-1'))).toBe(true);
    const quiet = { isAnnunciated: false } as const;
    for (const event of ['comment', 'capture', 'redefine'] as const) {
      expect(push.wants(raised('hot:etch-1', { event, ...quiet }))).toBe(false);
    }
    expect(push.wants(raised('hot:etch-1', { event: 'shelve', hidden: ['shelved'], ...quiet }))).toBe(true);
  });
});

function open(key = publicKey): Promise<Subscribers> {
  const services = [service.host, '*.push.example'];
  const place = { folder: folder.path(`push-${runs}`), clock: systemClock, log: silentLog() };
  return Subscribers.open({ ...place, services, publicKey: key });
}

function openBursts(): Promise<PushBursts> {
  return PushBursts.open({ path: burstsPath(), services: [service.host], log: silentLog() });
}

function burstsPath(): string {
  return folder.path(`bursts-${runs}.json`);
}

async function add(browser: string, language: (typeof PUSH_LANGUAGES)[number] = 'en'): Promise<void> {
  await subscribers.add(service.subscribe(browser, language), 'Kim', browser);
}

function output(priorities = ALARM_PRIORITIES as readonly AlarmMessage['priority'][]): PushOutput {
  const vapid = { privateKey, contact: 'mailto:ops@plant.example' };
  return new PushOutput({ service: service.host, subscribers, bursts, vapid, priorities, nowMs: () => Date.now() });
}

function raised(tag: string, given: Partial<AlarmEntry> = {}, by?: string): AlarmMessage {
  const texts = {
    en: { title: 'Too hot', cause: 'fire', consequence: 'ash', action: 'cool' },
    ko: { title: '과열', cause: '불', consequence: '재', action: '식히기' },
  };
  return { ...alarmMessage({ tag, atMs: Date.now(), ...given }), texts, ...(by !== undefined && { by }) };
}

function cleared(tag: string, given: Partial<AlarmEntry> = {}): AlarmMessage {
  return raised(tag, { event: 'clear', state: 'normal', isAnnunciated: false, ...given });
}

function ofBrowser(browser: string) {
  return service.told.filter((one) => one.browser === browser);
}
