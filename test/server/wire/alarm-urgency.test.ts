import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUrgency, urgencyRank } from '../../../server/wire/alarm-urgency.ts';
import { ALARM_PRIORITIES, type AlarmReply } from '../../../server/wire/alarms.ts';
import { alarmReply, arbitraryAlarm, hiding, RAISED_MS } from '../../support/alarm-replies.ts';
import { runs } from '../../support/runs.ts';

describe('the order of urgency', () => {
  it('has what calls first, then by priority what is not acknowledged, what is over, what is hidden', () => {
    const rows = ALARM_PRIORITIES.flatMap((priority) => [
      alarmReply({ priority }),
      alarmReply({ priority, state: 'rtn-unacknowledged' }),
      alarmReply({ priority, state: 'acknowledged' }),
    ]);
    const last = [
      alarmReply({ priority: 'critical', state: 'normal' }),
      alarmReply({ priority: 'critical', hidden: [hiding('shelved')] }),
    ];
    const found = [...last, ...rows].toSorted(compareUrgency).map(({ priority, state, hidden }) => {
      return [priority, state, ...hidden.map(({ reason }) => reason)].join(' ');
    });

    expect(found).toEqual([
      ...ALARM_PRIORITIES.map((priority) => `${priority} unacknowledged`),
      ...ALARM_PRIORITIES.flatMap((priority) => [`${priority} rtn-unacknowledged`, `${priority} acknowledged`]),
      'critical normal',
      'critical unacknowledged shelved',
    ]);
  });

  it('has the newest first of what is equally urgent, then goes by tag', () => {
    const rows = [
      alarmReply({ channel: 'b' }),
      alarmReply({ channel: 'a' }),
      alarmReply({ channel: 'c', raisedMs: RAISED_MS + 1 }),
      alarmReply({ channel: 'd', raisedMs: undefined }),
    ];

    expect(rows.toSorted(compareUrgency).map(({ channel }) => channel)).toEqual(['c', 'a', 'b', 'd']);
  });

  it('is one whatever the alarms are, and that of their ranks', () => {
    const tags = Array.from({ length: 8 }, (_, i) => `d:c${i}`);
    const some = fc.uniqueArray(arbitraryAlarm(tags), { maxLength: 8, selector: ({ tag }) => tag });
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.nat()), (alarms, keys) => {
        const sorted = alarms.toSorted(compareUrgency);
        const shuffled = alarms
          .map((alarm) => ({ alarm, key: keys.next().value as number }))
          .toSorted((a, b) => a.key - b.key);

        expect(shuffled.map(({ alarm }) => alarm).toSorted(compareUrgency)).toEqual(sorted);
        for (const [i, a] of sorted.entries()) {
          expect(compareUrgency(a, { ...a })).toBe(0);
          for (const b of sorted.slice(i + 1)) expectBefore(a, b);
        }
      }),
      { numRuns: runs(300, 10_000) },
    );
  });
});

function expectBefore(a: AlarmReply, b: AlarmReply): void {
  expect(compareUrgency(a, b)).toBeLessThan(0);
  expect(compareUrgency(b, a)).toBeGreaterThan(0);
  expect(urgencyRank(a)).toBeLessThanOrEqual(urgencyRank(b));
}
