import fc from 'fast-check';
import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import { ALARM_PRIORITIES, type BaseState } from '../../server/wire/alarms.ts';

/** An entry of a journal, with what is not given made up. */
export function alarmEntry(given: Partial<AlarmEntry> = {}): AlarmEntry {
  const tag = given.tag ?? 'hot:etch-1';
  const [definition = '', channel] = tag.split(':');
  return {
    ...{ number: 1, event: 'raise', tag, definition, ...(channel !== undefined && { channel }), priority: 'high' },
    ...{ state: 'unacknowledged', hidden: [], occurrence: 1, version: 1, isAnnunciated: true, atMs: 0 },
    ...given,
  };
}

/** What happens to one of a few alarms, so much later than what was before; less than 0 where the clock is set back. */
export interface ScheduledStep {
  readonly alarm: number;
  readonly act: 'toggle' | 'acknowledge' | 'hide';
  readonly afterMs: number;
}

const SECOND_MS = 1000;
const whole = (most: number) => fc.nat(most).map((tens) => tens * 10 * SECOND_MS); // so that they meet the edges of minutes
const afterMs = fc.oneof(
  { weight: 10, arbitrary: whole(3) },
  { weight: 3, arbitrary: fc.nat(200_000) },
  { weight: 3, arbitrary: whole(60) },
  { weight: 2, arbitrary: fc.nat(5_000_000) },
  { weight: 2, arbitrary: fc.constantFrom(86_400_000, 86_400_000 - 1, 86_400_000 + 1, 60_000_000) },
  { weight: 1, arbitrary: fc.integer({ min: -3_000_000, max: -1 }) },
);
const alarm = fc.nat(13);

const single = fc
  .record({ alarm, act: fc.constantFrom('toggle', 'acknowledge', 'hide'), afterMs })
  .map((step) => [step] as ScheduledStep[]);
const chatter = fc
  .record({ alarm, count: fc.integer({ min: 2, max: 9 }), afterMs: whole(2) })
  .map(({ count, ...step }) => Array.from({ length: count }, (): ScheduledStep => ({ ...step, act: 'toggle' })));
const answered = fc
  .record({ alarm, first: afterMs, second: afterMs, third: afterMs })
  .map(({ alarm, first, second, third }): ScheduledStep[] => [
    { alarm, act: 'toggle', afterMs: first },
    { alarm, act: 'acknowledge', afterMs: second },
    { alarm, act: 'toggle', afterMs: third },
  ]);
const burst = fc
  .record({ afterMs: whole(1), from: fc.nat(13) })
  .map(({ afterMs, from }) =>
    Array.from({ length: 14 }, (_, i): ScheduledStep => ({ alarm: (from + i) % 14, act: 'toggle', afterMs })),
  );

/** Schedules of fourteen alarms: bursts, chatter, quiet hours, days, and clocks that are set back. */
export const alarmSchedule: fc.Arbitrary<readonly ScheduledStep[]> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: single },
      { weight: 2, arbitrary: chatter },
      { weight: 3, arbitrary: answered },
      { weight: 1, arbitrary: burst },
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.flat());

/** The journal of a schedule that begins at a time; alarm `n` has priority `n % 4`. */
export function journalOf(steps: readonly ScheduledStep[], beginMs: number): AlarmEntry[] {
  const alarms = Array.from({ length: 14 }, () => ({
    state: 'normal' as BaseState,
    isHidden: false,
    occurrence: 0,
    version: 0,
  }));
  const entries: AlarmEntry[] = [];
  let atMs = beginMs;
  for (const { alarm, act, afterMs } of steps) {
    atMs += afterMs;
    const of = alarms[alarm]!;
    const isPresent = of.state === 'unacknowledged' || of.state === 'acknowledged';
    const before = of.isHidden;
    if (act === 'hide') of.isHidden = !of.isHidden;
    const comesBack = act === 'hide' && before && isPresent;
    const isRaised = act === 'toggle' && !isPresent;
    if (act === 'acknowledge' && (of.state === 'normal' || of.state === 'acknowledged')) continue;
    if (act === 'toggle')
      of.state = isPresent ? (of.state === 'unacknowledged' ? 'rtn-unacknowledged' : 'normal') : 'unacknowledged';
    if (act === 'acknowledge') of.state = isPresent ? 'acknowledged' : 'normal';
    if (comesBack) of.state = 'unacknowledged';
    if (isRaised || comesBack) of.occurrence++;
    of.version++;
    const event = {
      acknowledge: 'acknowledge',
      hide: before ? 'unshelve' : 'shelve',
      toggle: isRaised ? 'raise' : 'clear',
    } as const;
    entries.push(
      alarmEntry({
        ...{ number: entries.length + 1, event: event[act], tag: `d${alarm}:ch-${alarm}`, state: of.state, atMs },
        ...{ priority: ALARM_PRIORITIES[alarm % 4]!, hidden: of.isHidden ? ['shelved'] : [] },
        ...{ occurrence: of.occurrence, version: of.version, isAnnunciated: (isRaised || comesBack) && !of.isHidden },
      }),
    );
  }
  return entries;
}
