import { describe, expect, it } from 'vitest';
import {
  type AlarmChange,
  decide,
  decideAction,
  type EntryDraft,
  fold,
  newAlarm,
  type PersonalAction,
} from '../../../server/alarms/alarm.ts';
import type { ClearRules } from '../../../server/alarms/alarm-table.ts';
import { ALARM_ACTIONS, type AlarmActionKind, type AlarmReply } from '../../../server/wire/alarms.ts';

const PLAIN = { latch: false, autoAcknowledgeReturns: false };
const LATCH = { latch: true, autoAcknowledgeReturns: false };
const NEW = newAlarm({ tag: 'high:A', definition: 'high', channel: 'A', priority: 'high' });
const ACTOR = { name: 'Kim', address: '10.0.0.7' };
const DAY_MS = 86_400_000;

describe('an alarm', () => {
  it('tells everything of a raise, and of its acknowledgement', () => {
    const raised = decide(NEW, PLAIN, {
      event: 'raise',
      atMs: 1000,
      atNs: 30n,
      beganNs: 20n,
      finding: { value: 5, limit: 4 },
    }) as EntryDraft;
    const alarm = fold(NEW, raised);

    const acknowledged = act(alarm, 'acknowledge', { atMs: 2000, comment: 'valve 3' }) as EntryDraft;

    const named = { tag: 'high:A', definition: 'high', channel: 'A', priority: 'high' };
    expect(raised).toStrictEqual({
      ...{ event: 'raise', ...named, state: 'unacknowledged', hidden: [], occurrence: 1, version: 1 },
      ...{ isAnnunciated: true, atMs: 1000, atNs: '30', beganNs: '20', finding: { value: 5, limit: 4 } },
    });
    expect(acknowledged).toStrictEqual({
      ...{ event: 'acknowledge', ...named, state: 'acknowledged', hidden: [], occurrence: 1, version: 2 },
      ...{ isAnnunciated: false, atMs: 2000, actor: ACTOR, comment: 'valve 3', action: 'id' },
    });
    expect(fold(alarm, acknowledged)).toStrictEqual({
      ...{ ...named, state: 'acknowledged', hidden: [], occurrence: 1, version: 2 },
      ...{ beganNs: '20', raisedMs: 1000, finding: { value: 5, limit: 4 } },
      acknowledged: { by: 'Kim', atMs: 2000, comment: 'valve 3' },
      comment: { by: 'Kim', atMs: 2000, comment: 'valve 3' },
    });
  });

  it('is raised and cleared once, however often that is told', () => {
    const raised = moved(NEW, 'raise');

    expect(decide(NEW, PLAIN, { event: 'clear', atMs: 1 })).toBeUndefined();
    expect(decide(raised, PLAIN, { event: 'raise', atMs: 1, finding: {} })).toBeUndefined();
    expect(decide(moved(raised, 'clear'), PLAIN, { event: 'clear', atMs: 1 })).toBeUndefined();
  });

  it('forgets who acknowledged and what was recorded with the next occurrence', () => {
    const recorded = fold(moved(NEW, 'raise'), decide(moved(NEW, 'raise'), PLAIN, captured(1)) as EntryDraft);
    const again = moved(moved(done(recorded, 'acknowledge'), 'clear'), 'raise');

    expect(recorded.capture).toBe('shot-1');
    expect(again).toMatchObject({ state: 'unacknowledged', occurrence: 2 });
    expect(again).not.toHaveProperty('acknowledged');
    expect(again).not.toHaveProperty('capture');
    expect(again).not.toHaveProperty('clearedMs');
    expect(decide(again, PLAIN, captured(1))).toBeUndefined();
  });

  // biome-ignore format: a table
  it.each<[string, AlarmReply, AlarmActionKind, string]>([
    ['acknowledged twice',                     done(moved(NEW, 'raise'), 'acknowledge'),                  'acknowledge',    'ALARM_UNCHANGED'],
    ['acknowledged twice after its return',    done(moved(moved(NEW, 'raise'), 'clear'), 'acknowledge'),  'acknowledge',    'ALARM_UNCHANGED'],
    ['acknowledged where nothing was raised',  NEW,                                                       'acknowledge',    'ALARM_STATE'],
    ['reset while it is present',              done(moved(NEW, 'raise'), 'acknowledge'),                  'reset',          'ALARM_STATE'],
    ['reset before the acknowledgement',       moved(moved(NEW, 'raise'), 'clear', LATCH),                'reset',          'ALARM_STATE'],
    ['reset that is normal',                   NEW,                                                       'reset',          'ALARM_UNCHANGED'],
    ['unshelved that is not shelved',          NEW,                                                       'unshelve',       'ALARM_UNCHANGED'],
    ['put back that is in service',            NEW,                                                       'in-service',     'ALARM_UNCHANGED'],
    ['taken out of service twice',             done(NEW, 'out-of-service'),                               'out-of-service', 'ALARM_UNCHANGED'],
  ])('is not %s', (_, alarm, action, refusal) => {
    expect(act(alarm, action)).toBe(refusal);
  });

  it('is not touched by who saw another occurrence, or a version that never was', () => {
    const twice = moved(moved(moved(NEW, 'raise'), 'clear'), 'raise');

    for (const action of ALARM_ACTIONS) {
      expect(act(twice, action, { seen: { occurrence: 1, version: 1 } })).toBe('ALARM_NEWER');
      expect(act(twice, action, { seen: { occurrence: 3, version: 3 } })).toBe('ALARM_UNSEEN');
      expect(act(twice, action, { seen: { occurrence: 2, version: 4 } })).toBe('ALARM_UNSEEN');
    }
    expect(act(twice, 'acknowledge', { seen: { occurrence: 2, version: 1 } })).toMatchObject({ version: 4 });
  });

  it('comes out of hiding as a new occurrence, also where it was acknowledged', () => {
    const shelved = done(done(moved(NEW, 'raise'), 'acknowledge'), 'shelve');

    const shown = act(shelved, 'unshelve') as EntryDraft;

    expect(shelved).toMatchObject({ state: 'acknowledged', occurrence: 1 });
    expect(shown).toMatchObject({ event: 'unshelve', state: 'unacknowledged', occurrence: 2, isAnnunciated: true });
    expect(fold(shelved, shown)).toMatchObject({ raisedMs: shown.atMs, hidden: [] });
    expect(fold(shelved, shown)).not.toHaveProperty('acknowledged');
  });

  it('stays hidden until the last reason ends, and is raised in hiding without notice', () => {
    const out = done(done(NEW, 'shelve'), 'out-of-service');
    const raised = decide(out, PLAIN, { event: 'raise', atMs: 5, finding: {} }) as EntryDraft;

    const shelf = act(fold(out, raised), 'in-service') as EntryDraft;

    expect(raised).toMatchObject({ state: 'unacknowledged', occurrence: 1, isAnnunciated: false });
    expect(raised.hidden).toEqual(['out-of-service', 'shelved']);
    expect(shelf).toMatchObject({ hidden: ['shelved'], occurrence: 1, isAnnunciated: false });
  });

  it('is shelved for a day at most, until the time that was said last, and not longer', () => {
    const long = act(NEW, 'shelve', { untilMs: 9 * DAY_MS }) as EntryDraft;
    const shelved = done(fold(NEW, long), 'shelve'); // until 61,000

    expect(long.untilMs).toBe(1000 + DAY_MS);
    expect(decide(shelved, PLAIN, { event: 'unshelve', atMs: 61_000, untilMs: long.untilMs! })).toBeUndefined();
    expect(decide(shelved, PLAIN, { event: 'unshelve', atMs: 7, untilMs: 61_000 })).toMatchObject({ hidden: [] });
  });

  it('says who hides it, since when, why, and until when', () => {
    const shelved = fold(NEW, act(NEW, 'shelve', { comment: 'pump is cleaned' }) as EntryDraft);
    const both = fold(shelved, decide(shelved, PLAIN, suppress('channel off')) as EntryDraft);

    expect(both.hidden).toEqual([
      { reason: 'suppressed-by-design', sinceMs: 7, comment: 'channel off' },
      { reason: 'shelved', sinceMs: 1000, untilMs: 61_000, by: 'Kim', comment: 'pump is cleaned' },
    ]);
    expect(decide(both, PLAIN, suppress('channel off'))).toBeUndefined();
    expect(decide(both, PLAIN, suppress('rough-pump-off'))).toMatchObject({ comment: 'rough-pump-off' });
  });

  it('is not shelved for good where the journal has lost how that began', () => {
    const alarm = fold(undefined, { ...(act(done(NEW, 'shelve'), 'comment') as EntryDraft), atMs: 9 });

    expect(alarm.hidden).toEqual([{ reason: 'shelved', sinceMs: 9, untilMs: 9 }]);
    expect(decide(alarm, PLAIN, { event: 'unshelve', atMs: 9, untilMs: 9 })).toMatchObject({ hidden: [] });
  });

  it('takes another priority, and is normal and seen when its definition is gone', () => {
    const shelved = done(moved(NEW, 'raise'), 'shelve');

    expect(decide(NEW, PLAIN, { event: 'redefine', atMs: 1, priority: 'high' })).toBeUndefined();
    expect(decide(NEW, PLAIN, { event: 'redefine', atMs: 1, priority: 'low' })).toMatchObject({ priority: 'low' });
    expect(decide(NEW, PLAIN, { event: 'remove', atMs: 1 })).toBeUndefined();
    expect(decide(shelved, PLAIN, { event: 'remove', atMs: 1 })).toMatchObject({
      ...{ state: 'normal', hidden: [], occurrence: 1, version: 3, isAnnunciated: false },
    });
  });
});

function moved(alarm: AlarmReply, event: 'raise' | 'clear', rules: ClearRules = PLAIN): AlarmReply {
  return fold(alarm, decide(alarm, rules, { event, atMs: 500, finding: {} }) as EntryDraft);
}

function act(alarm: AlarmReply, action: AlarmActionKind, more: { untilMs?: number } & Partial<PersonalAction> = {}) {
  const whole = { id: 'id', seen: alarm, actor: ACTOR, atMs: 1000, untilMs: 61_000, ...more, action };
  return decideAction(alarm, PLAIN, whole as PersonalAction);
}

function done(alarm: AlarmReply, action: AlarmActionKind): AlarmReply {
  return fold(alarm, act(alarm, action) as EntryDraft);
}

function suppress(comment: string): AlarmChange {
  return { event: 'suppress', atMs: 7, comment };
}

function captured(occurrence: number): AlarmChange {
  return { event: 'capture', atMs: 3, occurrence, capture: `shot-${occurrence}` };
}
