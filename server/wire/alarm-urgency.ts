import { ALARM_PRIORITIES, type AlarmReply, isPresent, isUnacknowledged } from './alarms.ts';

/** Rank of an alarm that is simply `normal`. */
export const OVER_RANK = 3 * ALARM_PRIORITIES.length;
/** Rank of one that is hidden, the last. */
export const HIDDEN_RANK = OVER_RANK + 1;

/**
 * How urgent an alarm is among others, from 0, the most urgent.
 *
 * What is present and not acknowledged, and so sounds, needs an answer first.
 * All else goes by priority: a low alarm that has returned and waits for its
 * acknowledgement gets no worse, and does not push a critical one out of sight
 * that somebody has acknowledged and that is still there. Of one priority what
 * is not acknowledged comes before what is.
 */
export function urgencyRank(
  alarm: Pick<AlarmReply, 'priority' | 'state'> & { readonly hidden: readonly unknown[] },
): number {
  return alarm.hidden.length > 0 ? HIDDEN_RANK : shownRank(alarm);
}

/** The most urgent first, what is hidden after all that is shown; of one rank the newest first, then by tag. 0 for the same tag alone. */
export function compareUrgency(a: AlarmReply, b: AlarmReply): number {
  return (
    Math.sign(a.hidden.length) - Math.sign(b.hidden.length) ||
    shownRank(a) - shownRank(b) ||
    (b.raisedMs ?? 0) - (a.raisedMs ?? 0) ||
    (a.tag < b.tag ? -1 : Number(a.tag > b.tag))
  );
}

/** As if nothing hid it. */
function shownRank({ priority, state }: Pick<AlarmReply, 'priority' | 'state'>): number {
  if (state === 'normal') return OVER_RANK;
  const place = ALARM_PRIORITIES.indexOf(priority);
  if (isPresent(state) && isUnacknowledged(state)) return place;
  return ALARM_PRIORITIES.length + 2 * place + (isUnacknowledged(state) ? 0 : 1);
}
