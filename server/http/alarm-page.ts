import { firstOf } from '../base/first-of.ts';
import { compareUrgency } from '../wire/alarm-urgency.ts';
import type { AlarmFlood, AlarmReply, AlarmsReply } from '../wire/alarms.ts';

export interface AlarmPageQuery {
  readonly limit: number;
  /** By tag, from behind this one; by urgency where it is left out. */
  readonly after?: string | undefined;
}

/** One answer of many alarms: there may be 20,000, and most of them are not on it. */
export function pageOfAlarms(
  alarms: Iterable<AlarmReply>,
  { limit, after }: AlarmPageQuery,
  flood: Omit<AlarmFlood, 'type'>,
): AlarmsReply {
  let [total, left] = [0, 0];
  const behind = function* () {
    for (const alarm of alarms) {
      total++;
      if (after !== undefined && alarm.tag <= after) continue;
      left++;
      yield alarm;
    }
  };
  const found = firstOf(behind(), limit, after === undefined ? compareUrgency : byTag);
  const next = after !== undefined && left > limit ? found.at(-1)?.tag : undefined;
  return { alarms: found, total, ...(next !== undefined && { next }), flood };
}

function byTag(a: AlarmReply, b: AlarmReply): number {
  return a.tag < b.tag ? -1 : Number(a.tag > b.tag);
}
