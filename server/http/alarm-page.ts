import { compareUrgency } from '../wire/alarm-urgency.ts';
import type { AlarmFlood, AlarmReply, AlarmsReply } from '../wire/alarms.ts';

export interface AlarmPageQuery {
  readonly limit: number;
  /** By tag, from behind this one; by urgency where it is left out. */
  readonly after?: string | undefined;
}

/** One answer of many alarms. What is not on it costs a look, not a place in a sorted list: there may be 20,000. */
export function pageOfAlarms(
  alarms: Iterable<AlarmReply>,
  { limit, after }: AlarmPageQuery,
  flood: Omit<AlarmFlood, 'type'>,
): AlarmsReply {
  const compare = after === undefined ? compareUrgency : byTag;
  let found: AlarmReply[] = [];
  let last: AlarmReply | undefined; // of those that have a place on the page, as soon as it is full
  let [total, isMore] = [0, false];
  for (const alarm of alarms) {
    total++;
    if (after !== undefined && alarm.tag <= after) continue;
    if (last !== undefined && compare(alarm, last) > 0) {
      isMore = true;
      continue;
    }
    if (found.push(alarm) < 2 * limit) continue;
    found = found.sort(compare).slice(0, limit);
    last = found.at(-1);
    isMore = true;
  }
  isMore ||= found.length > limit;
  found = found.sort(compare).slice(0, limit);
  const next = after !== undefined && isMore ? found.at(-1)?.tag : undefined;
  return { alarms: found, total, ...(next !== undefined && { next }), flood };
}

function byTag(a: AlarmReply, b: AlarmReply): number {
  return a.tag < b.tag ? -1 : Number(a.tag > b.tag);
}
