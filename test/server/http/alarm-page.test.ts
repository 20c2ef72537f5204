import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOfAlarms } from '../../../server/http/alarm-page.ts';
import { compareUrgency } from '../../../server/wire/alarm-urgency.ts';
import type { AlarmReply } from '../../../server/wire/alarms.ts';
import { alarmReply, arbitraryAlarm } from '../../support/alarm-replies.ts';
import { runs } from '../../support/runs.ts';

const TAGS = Array.from({ length: 30 }, (_, i) => `d:c${i}`);

describe('a page of alarms', () => {
  const some = fc.uniqueArray(arbitraryAlarm(TAGS), { maxLength: 30, selector: ({ tag }) => tag });
  const limits = fc.integer({ min: 1, max: 12 });

  it('has the most urgent of all, in their order, and says how many there are', () => {
    fc.assert(
      fc.property(some, limits, (alarms, limit) => {
        const page = pageOfAlarms(alarms, { limit }, { sinceMs: 5 });

        expect(page).toEqual({
          alarms: alarms.toSorted(compareUrgency).slice(0, limit),
          total: alarms.length,
          flood: { sinceMs: 5 },
        });
      }),
      { numRuns: runs(300, 10_000) },
    );
  });

  it('is followed by others until each alarm that stays was met once, whatever changes between them', () => {
    fc.assert(
      fc.property(some, limits, fc.array(some, { maxLength: 30 }), (alarms, limit, changes) => {
        const known = new Map(alarms.map((alarm) => [alarm.tag, alarm]));
        const met: string[] = [];
        let after: string | undefined = '';
        for (let turn = 0; after !== undefined && turn <= TAGS.length; turn++) {
          const page = pageOfAlarms(known.values(), { limit, after }, {});
          met.push(...page.alarms.map(({ tag }) => tag));
          expect(page.alarms.length).toBeLessThanOrEqual(limit);
          after = page.next;
          for (const changed of changes[turn] ?? []) replace(known, changed);
        }

        expect(new Set(met).size).toBe(met.length);
        for (const { tag } of alarms) expect(met).toContain(tag);
      }),
      { numRuns: runs(300, 10_000) },
    );
  });

  it('ends with the last, also where that fills it', () => {
    const alarms = ['a', 'b', 'c', 'd'].map((channel) => alarmReply({ channel }));

    expect(pageOfAlarms(alarms, { limit: 2, after: '' }, {}).next).toBe('light-high:b');
    expect(pageOfAlarms(alarms, { limit: 2, after: 'light-high:b' }, {})).not.toHaveProperty('next');
    expect(pageOfAlarms(alarms, { limit: 4, after: '' }, {})).not.toHaveProperty('next');
    expect(pageOfAlarms(alarms, { limit: 1 }, {})).not.toHaveProperty('next');
  });
});

/** The newest states are the last of the map. */
function replace(known: Map<string, AlarmReply>, alarm: AlarmReply): void {
  known.delete(alarm.tag);
  known.set(alarm.tag, alarm);
}
