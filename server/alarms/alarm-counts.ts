import type { AlarmFiguresReply } from '../wire/alarm-figures.ts';
import { type AlarmReply, isPresent, isUnacknowledged } from '../wire/alarms.ts';

/** How many alarms stand, are not acknowledged, and are hidden, by the reason of the list that shows them. */
export function countAlarms(
  alarms: Iterable<AlarmReply>,
): Pick<AlarmFiguresReply, 'standing' | 'unacknowledged' | 'hidden'> {
  const hidden = { 'out-of-service': 0, 'suppressed-by-design': 0, shelved: 0 };
  let standing = 0;
  let unacknowledged = 0;
  for (const alarm of alarms) {
    standing += Number(isPresent(alarm.state));
    unacknowledged += Number(isUnacknowledged(alarm.state));
    const [first] = alarm.hidden;
    if (first !== undefined) hidden[first.reason]++;
  }
  return { standing, unacknowledged, hidden };
}
