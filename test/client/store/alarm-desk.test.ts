// Longer than 300 lines: one desk with the clock, the storage and the line that its cases share.
import { beforeEach, describe, expect, it } from 'vitest';
import {
  AlarmDesk,
  type AlarmDeskOptions,
  type AlarmWish,
  DESK_LIMIT,
  GIVE_UP_MS,
} from '../../../client/store/alarm-desk.ts';
import type { AlarmAction } from '../../../server/wire/alarm-actions.ts';
import type { AlarmReply } from '../../../server/wire/alarms.ts';
import { alarmReply } from '../../support/alarm-replies.ts';
import { FakeTimers } from '../../support/fake-timers.ts';

type Answer = Awaited<ReturnType<AlarmDeskOptions['send']>>;

const HOLD_MS = 5000;
const FAILED: Answer = { kind: 'failed', why: 'no line' };

let timers: FakeTimers;
let sent: {
  action: AlarmAction;
  name: string | undefined;
  isLeaving: boolean;
  answer: (answer: Answer) => Promise<void>;
}[];
let learned: AlarmReply[];
let items: Map<string, string>;
let desk: AlarmDesk;
let signer: string | undefined;

beforeEach(() => {
  timers = new FakeTimers();
  sent = [];
  learned = [];
  items = new Map();
  signer = 'Kim';
  desk = open();
});

describe('an acknowledgement', () => {
  it('may be taken back for five seconds, then leaves, once', async () => {
    desk.ask(acknowledge('a'));
    desk.ask(acknowledge('b'));
    timers.advance(HOLD_MS - 1);
    expect(sent).toEqual([]);
    expect(desk.value.actions.map(({ phase }) => phase)).toEqual(['held', 'held']);

    expect(desk.takeBack(idOf('a'))).toBe(true);
    expect(desk.of('a')).toBeUndefined();
    timers.advance(1);
    expect(sent.map(({ action }) => action.alarms[0].tag)).toEqual(['b']);
    expect(desk.takeBack(idOf('b'))).toBe(false);

    await done(0);
    timers.advance(60_000);
    expect(sent).toHaveLength(1);
    expect(desk.value).toEqual({ actions: [], refused: [] });
    expect(items.size).toBe(0);
  });

  it('leaves when the page is hidden, as from a page that may be gone', async () => {
    desk.ask(acknowledge('a'));
    desk.ask(acknowledge('b'));
    desk.leave();
    expect(sent.map(({ action, isLeaving }) => [action.alarms[0].tag, isLeaving])).toEqual([
      ['a', true],
      ['b', true],
    ]);

    timers.advance(HOLD_MS);
    expect(sent).toHaveLength(2);
  });

  it('leaves alone with its page, before what else is asked of the same alarm: requests may overtake each other', async () => {
    desk.ask({ ...acknowledge('a'), action: 'comment', comment: 'mine' }); // under way when the page is left
    desk.ask({ ...acknowledge('b'), action: 'unshelve' });
    desk.ask({ action: 'acknowledge', alarms: [seen('b'), seen('c')] });
    desk.ask(acknowledge('d'));
    desk.ask({ ...acknowledge('c'), action: 'reset' });
    desk.ask(acknowledge('a'));
    desk.leave();
    desk.leave(); // hidden first, then gone
    const asked = desk.value.actions.map(({ action }) => action);
    expect(sent.map(({ action, isLeaving }) => [action, isLeaving])).toEqual([
      [asked[0], false],
      [asked[1], true],
      [asked[3], true],
    ]);

    // What arrived last is answered first.
    for (const index of [2, 1, 0]) await done(index);
    for (let i = 3; i < 6; i++) await done(i);
    expect(sent.slice(3).map(({ action }) => action)).toEqual([asked[2], asked[4], asked[5]]);
    expect(items.size).toBe(0);
  });

  it('leaves from the next page before what was asked after it, though it might still be taken back', async () => {
    desk.ask(acknowledge('a'));
    timers.advance(10);
    desk.ask({ ...acknowledge('a'), action: 'comment', comment: 'mine' });
    const asked = desk.value.actions.map(({ action }) => action.id);
    desk.close();
    sent = [];

    desk = open();
    await done(0);
    expect(sent.map(({ action }) => action.id)).toEqual(asked);
  });

  it('leaves before what is asked next of the same alarm', async () => {
    desk.ask(acknowledge('a'));
    desk.ask({ ...acknowledge('a'), action: 'comment', comment: 'mine' });
    expect(sent.map(({ action }) => action.action)).toEqual(['acknowledge']);
    await done(0);
    expect(sent.map(({ action }) => action.action)).toEqual(['acknowledge', 'comment']);
  });

  it('leaves at once where nothing is held, as does what can be said otherwise', async () => {
    desk.ask({ ...acknowledge('a'), action: 'unshelve' });
    await done(0);
    desk = open({ holdMs: 0 });
    desk.ask(acknowledge('b'));
    expect(sent.map(({ action }) => action.action)).toEqual(['unshelve', 'acknowledge']);
  });
});

describe('on a bad line', () => {
  it('actions wait in their order, and are sent again as the same, ever more slowly', async () => {
    desk = open({ holdMs: 0 });
    desk.ask(acknowledge('a'));
    desk.ask(acknowledge('b'));
    for (const delayMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      const before = sent.length;
      await sent[before - 1].answer(FAILED);
      expect(desk.value.actions).toMatchObject([{ phase: 'queued', why: 'no line' }, { phase: 'queued' }]);
      timers.advance(delayMs - 1);
      expect(sent).toHaveLength(before);
      timers.advance(1);
    }
    expect(new Set(sent.map(({ action }) => action.id)).size).toBe(1);

    await done(sent.length - 1);
    expect(sent.at(-1)?.action.alarms[0].tag).toBe('b');
    await sent.at(-1)?.answer(FAILED);
    const before = sent.length;
    timers.advance(1000); // the line was good in between
    expect(sent).toHaveLength(before + 1);
  });

  it('are sent at once when the line may be better', async () => {
    desk = open({ holdMs: 0 });
    desk.ask(acknowledge('a'));
    await sent[0].answer(FAILED);
    desk.retry();
    expect(sent).toHaveLength(2);
    desk.retry(); // under way
    timers.advance(1000);
    expect(sent).toHaveLength(2);
  });

  it('are kept over a reload, and leave as the same; what was held leaves when nobody can take it back any more', async () => {
    desk.ask({ ...acknowledge('a'), action: 'unshelve' });
    timers.advance(10);
    desk.ask(acknowledge('b'));
    const ids = desk.value.actions.map(({ action }) => action.id);
    desk.close();
    sent = [];

    desk = open();
    expect(sent.map(({ action }) => action.id)).toEqual([ids[0]]);
    await done(0);
    timers.advance(HOLD_MS);
    expect(sent).toHaveLength(1);
    timers.advance(2000);
    expect(sent[1].action.id).toBe(ids[1]);
    await done(1);
    sent = [];
    desk = open();
    expect(sent).toEqual([]);
  });

  it('are left to the page that holds them while it is there', async () => {
    desk.ask(acknowledge('a'));
    desk.ask(acknowledge('b'));
    const other = open({ holdMs: 0 });
    timers.advance(1000);
    desk.takeBack(idOf('a'));
    timers.advance(HOLD_MS);
    await done(0);
    timers.advance(60_000);

    expect(sent.map(({ action }) => action.alarms[0].tag)).toEqual(['b']);
    expect(other.value.actions).toEqual([]);
  });

  it('are given up when nobody expects them any more, and what holds something else is forgotten', async () => {
    desk = open({ holdMs: 0 });
    desk.ask(acknowledge('a'));
    await sent[0].answer(FAILED);
    items.set('fenestra-alarm-action x', '{"action":3}');
    items.set('other', '{');
    timers.stop(GIVE_UP_MS + 1);
    sent = [];
    desk = open();

    expect(sent).toEqual([]);
    expect(desk.value).toMatchObject({ actions: [], refused: [{ whole: { code: 'EXPIRED' } }] });
    expect([...items.keys()]).toEqual(['other']);
  });

  it('are taken without a storage, and no more than fit', () => {
    desk = open({
      storage: () => {
        throw new Error('forbidden');
      },
    });
    for (let i = 0; i <= DESK_LIMIT; i++) desk.ask(acknowledge(`a${i}`));
    expect(desk.value.actions).toHaveLength(DESK_LIMIT);
    expect(desk.value.refused).toMatchObject([{ whole: { code: 'FULL' }, action: { alarms: [{ tag: 'a50' }] } }]);
  });
});

describe('an answer', () => {
  it('tells what alarms are now, and which action met a newer occurrence, until that was read', async () => {
    desk = open({ holdMs: 0 });
    desk.ask({ action: 'acknowledge', alarms: [seen('a'), seen('b')] });
    const [a, b] = [alarmReply({ tag: 'a', state: 'acknowledged' }), alarmReply({ tag: 'b', occurrence: 2 })];
    const { id } = sent[0].action;
    const results = [
      { tag: 'a', alarm: a },
      { tag: 'b', alarm: b, refusal: 'ALARM_NEWER' as const },
    ];
    await sent[0].answer({ kind: 'answered', reply: { id, results } });

    expect(learned).toEqual([a, b]);
    expect(desk.value).toMatchObject({
      actions: [],
      refused: [{ action: { id }, results: [{ tag: 'b', refusal: 'ALARM_NEWER', alarm: { occurrence: 2 } }] }],
    });
    desk.dismiss(id);
    expect(desk.value.refused).toEqual([]);
  });

  it('that the server will not do it is not asked for again', async () => {
    desk = open({ holdMs: 0 });
    desk.ask(acknowledge('a'));
    desk.ask(acknowledge('b'));
    await sent[0].answer({ kind: 'refused', code: 'PERSON_REQUIRED', message: 'no name' });

    expect(desk.value.refused).toMatchObject([{ whole: { code: 'PERSON_REQUIRED' } }]);
    expect(sent.map(({ action }) => action.alarms[0].tag)).toEqual(['a', 'b']);
    timers.advance(60_000);
    expect(sent).toHaveLength(2);
  });
});

describe('what is signed', () => {
  it('keeps the name it was asked under while it waits, over a reload too', async () => {
    desk.ask(acknowledge('a'));
    desk.close();
    signer = 'Lee';
    timers.advance(HOLD_MS + 1);
    desk = open({ holdMs: 0 });
    desk.start();
    await sent[0].answer(FAILED);
    desk.retry();

    expect(sent.map(({ name }) => name)).toEqual(['Kim', 'Kim']);
  });

  it('is of who gave the name that was asked for, though it did not get there', async () => {
    signer = undefined;
    desk = open({ holdMs: 0 });
    desk.ask(acknowledge('a'));
    signer = 'Kim';
    await sent[0].answer(FAILED);
    signer = 'Lee';
    desk = open();
    desk.start();

    expect(sent.map(({ name }) => name)).toEqual([undefined, 'Kim']);
  });
});

function open(options: Partial<AlarmDeskOptions> = {}): AlarmDesk {
  let count = 0;
  const opened = new AlarmDesk({
    send: (action, { name, isLeaving }) =>
      new Promise((resolve) => {
        const answer = async (given: Answer) => {
          resolve(given);
          await new Promise((settled) => setImmediate(settled));
        };
        sent.push({ action, name, isLeaving, answer });
      }),
    learn: (alarms) => learned.push(...alarms),
    createId: () => `id ${timers.monotonicMs()} ${count++}`,
    signer: () => signer,
    storage: () => ({
      get length() {
        return items.size;
      },
      key: (index) => [...items.keys()][index],
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
    }),
    after: (delayMs, run) => timers.after(delayMs, run),
    nowMs: () => timers.monotonicMs(),
    holdMs: HOLD_MS,
    ...options,
  });
  opened.start();
  return opened;
}

function seen(tag: string) {
  return { tag, occurrence: 1, version: 1 };
}

function acknowledge(tag: string): AlarmWish {
  return { action: 'acknowledge', alarms: [seen(tag)] };
}

function idOf(tag: string): string {
  return desk.of(tag)?.action.id ?? '';
}

async function done(index: number): Promise<void> {
  const { action, answer } = sent[index];
  await answer({ kind: 'answered', reply: { id: action.id, results: action.alarms.map(({ tag }) => ({ tag })) } });
}
