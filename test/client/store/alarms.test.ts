import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALARMS_KEPT, AlarmStore } from '../../../client/store/alarms.ts';
import type { AlarmReply } from '../../../server/wire/alarms.ts';
import { alarmReply, arbitraryAlarm, hiding, RAISED_MS, toldDefinition } from '../../support/alarm-replies.ts';
import { runs } from '../../support/runs.ts';

const TAGS = ['a:x', 'a:y', 'b:x', 'b:y', 'c:z'];

describe('what is known of alarms', () => {
  it('is, however the pieces were cut, mixed and interrupted, what the newest of each tag says', () => {
    const change = arbitraryAlarm(TAGS);
    const connection = fc.record({
      before: fc.array(change, { maxLength: 10 }),
      cuts: fc.array(fc.nat(4), { maxLength: 4 }),
      order: fc.array(fc.nat(), { minLength: TAGS.length, maxLength: TAGS.length }),
      isLost: fc.boolean(),
      after: fc.array(change, { maxLength: 10 }),
    });
    fc.assert(
      fc.property(fc.array(connection, { minLength: 1, maxLength: 4 }), (connections) => {
        const store = new AlarmStore();
        const truth = new Map<string, AlarmReply>();
        let version = 0;
        const next = (alarm: AlarmReply) => {
          const changed = { ...alarm, version: ++version };
          truth.set(alarm.tag, changed);
          return changed;
        };
        for (const { before, cuts, order, isLost, after } of connections) {
          before.forEach(next); // while the line was away
          const told = standing(truth).sort((a, b) => order[TAGS.indexOf(a.tag)] - order[TAGS.indexOf(b.tag)]);
          for (const cut of cuts) store.take({ type: 'alarms', snapshot: 'more', alarms: told.splice(0, cut) });
          if (!isLost) {
            store.take({ type: 'alarms', snapshot: 'last', alarms: told });
            for (const alarm of after) store.take({ type: 'alarms', alarms: [next(alarm)] });
            expect(store.value.isStale).toBe(false);
            expect(listed(store)).toEqual(tagged(standing(truth)));
          }
          store.interrupt();
          expect(listed(store).every(({ tag }) => store.isStale(tag))).toBe(true);
        }
      }),
      { numRuns: runs(200, 5_000) },
    );
  });

  it('is unknown, not quiet, before all was told', () => {
    const store = new AlarmStore();
    expect(store.value).toMatchObject({ isKnown: false, isStale: false, shown: [] });

    store.take({ type: 'alarms', snapshot: 'more', alarms: [alarmReply()] });
    expect(store.value).toMatchObject({ isKnown: false, shown: [{ tag: 'light-high:PMT-1' }] });

    store.take({ type: 'alarms', snapshot: 'last', alarms: [] });
    expect(store.value).toMatchObject({ isKnown: true, isStale: false, shown: [{ tag: 'light-high:PMT-1' }] });
  });

  it('stays as stale after a loss until it is told anew, or all is told without it', () => {
    const store = known([alarmReply(), alarmReply({ channel: 'PMT-2' })]);

    store.interrupt();
    expect(store.value).toMatchObject({ isStale: true, shown: [{}, {}] });

    store.take({ type: 'alarms', snapshot: 'more', alarms: [alarmReply({ version: 1 })] });
    expect(store.isStale('light-high:PMT-1')).toBe(false);
    expect(store.isStale('light-high:PMT-2')).toBe(true);
    expect(store.value.isStale).toBe(true);

    store.take({ type: 'alarms', snapshot: 'last', alarms: [] });
    expect(store.value).toMatchObject({ isStale: false, shown: [{ channel: 'PMT-1' }] });
  });

  it('takes the journal of another server, with its lower versions, after a loss', () => {
    const store = known([alarmReply({ version: 9 })]);
    store.interrupt();
    store.take({ type: 'alarms', snapshot: 'last', alarms: [alarmReply({ version: 2, state: 'acknowledged' })] });

    expect(store.find('light-high:PMT-1')).toMatchObject({ version: 2, state: 'acknowledged' });
  });

  it('keeps the newer of what an answer and the hub say, whichever comes last', () => {
    const store = known([alarmReply({ version: 1 })]);
    store.learn([alarmReply({ version: 3, state: 'acknowledged' })]);
    store.take({ type: 'alarms', alarms: [alarmReply({ version: 2 })] });
    expect(store.find('light-high:PMT-1')).toMatchObject({ version: 3, state: 'acknowledged' });

    store.take({ type: 'alarms', alarms: [alarmReply({ version: 4, state: 'normal' })] });
    store.learn([alarmReply({ version: 3, state: 'acknowledged' })]);
    expect(store.value.shown).toEqual([]);
  });
});

describe('lists of alarms', () => {
  it('have what calls first, then by priority what is not acknowledged, then the newest', () => {
    const rows = [
      alarmReply({ channel: 'a', priority: 'critical', state: 'acknowledged' }),
      alarmReply({ channel: 'b', priority: 'low' }),
      alarmReply({ channel: 'c', priority: 'high', raisedMs: RAISED_MS + 1 }),
      alarmReply({ channel: 'd', priority: 'high' }),
      alarmReply({ channel: 'e', priority: 'high', state: 'rtn-unacknowledged', raisedMs: RAISED_MS + 2 }),
      alarmReply({ channel: 'f', priority: 'medium', state: 'latched-acknowledged' }),
    ];

    expect(known(rows).value.shown.map(({ channel }) => channel)).toEqual(['c', 'd', 'b', 'a', 'e', 'f']);
  });

  it('hold what is hidden by the first of its reasons only, be its state normal', () => {
    const { shown, hidden, counts, ofChannel } = known([
      alarmReply({ channel: 'a', hidden: [hiding('out-of-service'), hiding('shelved')], state: 'normal' }),
      alarmReply({ channel: 'b', hidden: [hiding('shelved', { untilMs: RAISED_MS + 900_000 })] }),
      alarmReply({ channel: 'c', state: 'acknowledged' }),
      alarmReply({ channel: 'c', definition: 'light-low', priority: 'low' }),
    ]).value;

    expect(shown.map(({ channel }) => channel)).toEqual(['c', 'c']);
    expect(hidden['out-of-service'].map(({ channel }) => channel)).toEqual(['a']);
    expect(hidden.shelved.map(({ channel }) => channel)).toEqual(['b']);
    expect(hidden['suppressed-by-design']).toEqual([]);
    expect(counts).toMatchObject({ high: { all: 1, unacknowledged: 0 }, low: { all: 1, unacknowledged: 1 } });
    expect([...ofChannel.values()].map(({ tag }) => tag)).toEqual(['light-low:c']);
  });

  it('are new only after a change, and every change is announced', () => {
    const store = known([alarmReply()]);
    const before = store.value;
    expect(store.value).toBe(before);
    let announced = 0;
    const leave = store.subscribe(() => announced++);
    store.setFlood({ type: 'alarm-flood', sinceMs: RAISED_MS, firstOut: 'light-high:PMT-1' });
    expect(store.value.flood).toMatchObject({ firstOut: 'light-high:PMT-1' });
    store.setFlood({ type: 'alarm-flood' });
    leave();
    store.interrupt();

    expect(announced).toBe(2);
    expect(store.value).not.toBe(before);
    expect(store.value.flood).toBeUndefined();
  });

  it('leave out the least urgent of more than a page keeps, and say how many', () => {
    const rows = Array.from({ length: ALARMS_KEPT + 5 }, (_, i) =>
      alarmReply({
        channel: `c${i}`,
        priority: i < 10 ? 'low' : 'high',
        hidden: i >= 10 && i < 13 ? [hiding('shelved')] : [],
      }),
    );
    const { shown, leftOut, hidden, counts } = known(rows).value;

    expect(shown).toHaveLength(ALARMS_KEPT);
    expect(leftOut).toBe(5);
    expect(hidden.shelved).toEqual([]);
    expect(counts.low.all).toBe(8);
  });
});

describe('definitions', () => {
  it('are kept by their identifiers and replaced, and those that nothing names go first', () => {
    const store = known([alarmReply()]);
    store.setDefinitions([toldDefinition()]);
    store.setDefinitions([toldDefinition('light-high', { priority: 'low' })]);
    expect(store.definition('light-high')).toMatchObject({ priority: 'low' });

    store.setDefinitions(Array.from({ length: 2000 }, (_, i) => toldDefinition(`d${i}`)));
    expect(store.definition('light-high')).toBeDefined();
    expect(store.definition('d0')).toBeUndefined();
    expect(store.definition('d1999')).toBeDefined();
  });
});

function known(alarms: readonly AlarmReply[]): AlarmStore {
  const store = new AlarmStore();
  store.take({ type: 'alarms', snapshot: 'last', alarms });
  return store;
}

function standing(truth: ReadonlyMap<string, AlarmReply>): AlarmReply[] {
  return [...truth.values()].filter(({ state, hidden }) => state !== 'normal' || hidden.length > 0);
}

function listed(store: AlarmStore): AlarmReply[] {
  const { shown, hidden } = store.value;
  return tagged([...shown, ...Object.values(hidden).flat()]);
}

function tagged(alarms: readonly AlarmReply[]): AlarmReply[] {
  return [...alarms].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}
