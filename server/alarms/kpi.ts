// The figures of ISA-18.2 / IEC 62682 (after EEMUA 191), of a
// period. Each is a function of the annunciations alone, so that anybody who has
// the journal as a table can count it again.

import {
  type AlarmKpiReply,
  KPI_LISTED,
  KPI_STEP_MS,
  type KpiAlarm,
  type KpiFlood,
  type KpiList,
} from '../wire/alarm-kpi.ts';
import { ALARM_PRIORITIES, type AlarmPriority } from '../wire/alarms.ts';
import type { Annunciation } from './annunciations.ts';
import { type Flood, FloodWatch } from './flood.ts';
import type { Period } from './shifts.ts';

/** Within one minute: less than so much apart. */
const MINUTE_MS = 60_000;
/** So often in one minute is chattering. */
const CHATTER = 3;
/** Longer than so is stale; an acknowledgement that takes so long is none. */
export const DAY_MS = 24 * 3_600_000;
const TOP = 10;

/** All figures but what the period is called and how much is known of it. */
export type KpiFigures = Omit<AlarmKpiReply, 'period' | 'knownFromMs'>;

/**
 * Works the figures of a period out. `all` are in the order of their times and
 * reach back a day before the period, for floods and standing alarms that were
 * there before it began; those that stand still are among them however old. Of
 * what came after it, they tell when floods ended and alarms were acknowledged.
 */
export function alarmKpi(all: readonly Annunciation[], { beginMs, endMs }: Period, nowMs: number): KpiFigures {
  const untilMs = Math.min(endMs, Math.max(nowMs, beginMs));
  const next = all.findIndex(({ atMs }) => atMs >= endMs || atMs > untilMs);
  const [known, later] = next === -1 ? [all, []] : [all.slice(0, next), all.slice(next)];
  const within = known.filter(({ atMs }) => atMs >= beginMs);
  const counted = { beginMs, endMs: untilMs };
  const actors = frequent(within);
  return {
    beginMs,
    endMs,
    untilMs,
    annunciated: within.length,
    ...(untilMs > beginMs && { rate: within.length / ((untilMs - beginMs) / KPI_STEP_MS) }),
    series: series(within, { beginMs, endMs }, untilMs),
    ...countRates({ known, later, nowMs }, counted),
    chattering: listed(chattering(known, beginMs)),
    fleeting: listed(fleeting(within)),
    stale: listed(stale(known, counted)),
    actors: listed(actors),
    ...(actors.length > 0 && { topTenShare: actors[Math.min(TOP, actors.length) - 1]?.cumulative as number }),
    priorities: mix(within),
    acknowledge: acknowledging(within),
  };
}

/** Annunciated by ten minutes from where the period begins, to those that now lies in; the last may be shorter. */
function series(within: readonly Annunciation[], { beginMs, endMs }: Period, untilMs: number): readonly number[] {
  const steps = (untilMs - beginMs) / KPI_STEP_MS;
  const counts = new Array<number>(untilMs < endMs ? Math.floor(steps) + 1 : Math.ceil(steps)).fill(0);
  for (const { atMs } of within) counts[Math.floor((atMs - beginMs) / KPI_STEP_MS)]!++;
  return counts;
}

/**
 * Annunciated in the ten minutes that end now, the most in ten minutes that end
 * with an annunciation of the period, and floods. The ten minutes slide, so that
 * no border between two of them hides a burst.
 */
function countRates(
  { known, later, nowMs }: { known: readonly Annunciation[]; later: readonly Annunciation[]; nowMs: number },
  { beginMs, endMs }: Period,
): Pick<AlarmKpiReply, 'recent' | 'peak' | 'flood'> {
  const watch = new FloodWatch();
  const floods = new Map<number, Flood>(); // by begin
  const follow = (timeMs: number) => {
    watch.tick(timeMs);
    for (const flood of [watch.ended, watch.flood]) {
      if (flood && flood.beginMs <= endMs && (flood.endMs ?? timeMs) >= beginMs) floods.set(flood.beginMs, flood);
    }
  };
  let peak = 0;
  for (const one of known) {
    follow(one.atMs);
    watch.take(one);
    if (one.atMs >= beginMs) peak = Math.max(peak, watch.count);
  }
  follow(endMs);
  const recent = watch.count;
  for (const one of watch.flood === undefined ? [] : later) {
    follow(one.atMs);
    if (watch.flood === undefined) break;
    watch.take(one);
  }
  follow(Math.max(nowMs, endMs));
  return { recent, peak, flood: floodTime([...floods.values()], known, { beginMs, endMs }) };
}

/** Share of the time that was a flood: what of each lies in the period. */
function floodTime(floods: readonly Flood[], known: readonly Annunciation[], { beginMs, endMs }: Period) {
  const ofTag = new Map(known.map((one) => [one.tag, one]));
  const lasting = (flood: Flood) => Math.min(flood.endMs ?? endMs, endMs) - Math.max(flood.beginMs, beginMs);
  const inside = floods.filter((flood) => lasting(flood) > 0 || flood.beginMs === endMs);
  const named = inside.map(
    ({ firstOut, ...flood }): KpiFlood => ({ ...flood, firstOut: alarmOf(ofTag.get(firstOut) as Annunciation) }),
  );
  const share = endMs > beginMs ? inside.reduce((sum, flood) => sum + lasting(flood), 0) / (endMs - beginMs) : 0;
  return { share, total: named.length, floods: named.slice(-KPI_LISTED) };
}

/** Alarms that were annunciated three times or more in one minute that ends in the period (ISA-18.2: chattering). */
function chattering(known: readonly Annunciation[], beginMs: number) {
  const found: (KpiAlarm & { peak: number; count: number })[] = [];
  for (const [, times] of byTag(known.filter(({ atMs }) => atMs > beginMs - MINUTE_MS))) {
    let [peak, first] = [0, 0];
    for (const [last, { atMs }] of times.entries()) {
      while ((times[first] as Annunciation).atMs <= atMs - MINUTE_MS) first++;
      if (atMs >= beginMs) peak = Math.max(peak, last - first + 1);
    }
    const count = times.filter(({ atMs }) => atMs >= beginMs).length;
    if (peak >= CHATTER) found.push({ ...alarmOf(times[0] as Annunciation), peak, count });
  }
  return found.sort((a, b) => b.peak - a.peak || b.count - a.count || inOrder(a.tag, b.tag));
}

/** Alarms whose condition was gone within a minute, before anybody had acknowledged them (ISA-18.2: fleeting). */
function fleeting(within: readonly Annunciation[]) {
  const gone = within.filter(
    ({ goneMs, atMs, isMissed }) => isMissed && goneMs !== undefined && goneMs - atMs < MINUTE_MS,
  );
  return [...byTag(gone)]
    .map(([, times]) => ({ ...alarmOf(times[0] as Annunciation), count: times.length }))
    .sort((a, b) => b.count - a.count || inOrder(a.tag, b.tag));
}

/** Alarms whose condition had been there for more than a day at some time of the period (ISA-18.2: stale). */
function stale(known: readonly Annunciation[], { beginMs, endMs }: Period) {
  const old = known.filter(
    ({ atMs, goneMs = Number.POSITIVE_INFINITY }) => Math.min(goneMs, endMs) - atMs > DAY_MS && goneMs > beginMs,
  );
  return [...byTag(old)]
    .map(([, times]) => {
      const { atMs: sinceMs, goneMs, ...one } = times[0] as Annunciation; // annunciated again while it stood
      return { ...alarmOf(one), sinceMs, ...(goneMs !== undefined && { goneMs }) };
    })
    .sort((a, b) => a.sinceMs - b.sinceMs || inOrder(a.tag, b.tag));
}

/** The most frequent first, each with its share of all, and that of it and those before it. */
function frequent(within: readonly Annunciation[]) {
  const counted = [...byTag(within)]
    .map(([, times]) => ({ ...alarmOf(times[0] as Annunciation), count: times.length }))
    .sort((a, b) => b.count - a.count || inOrder(a.tag, b.tag));
  let sum = 0;
  return counted.map((alarm) => {
    sum += alarm.count;
    return { ...alarm, share: alarm.count / within.length, cumulative: sum / within.length };
  });
}

function mix(within: readonly Annunciation[]): Record<AlarmPriority, number> {
  const counts = Object.fromEntries(ALARM_PRIORITIES.map((priority) => [priority, 0])) as Record<AlarmPriority, number>;
  for (const { priority } of within) counts[priority]++;
  return counts;
}

/** From annunciation to acknowledgement, of those of the period. A quantile is a time that was measured: the nearest rank. */
function acknowledging(within: readonly Annunciation[]): AlarmKpiReply['acknowledge'] {
  const times = within
    .flatMap(({ atMs, acknowledgedMs }) => (acknowledgedMs === undefined ? [] : [acknowledgedMs - atMs]))
    .filter((timeMs) => timeMs < DAY_MS)
    .sort((a, b) => a - b);
  const counts = { acknowledged: times.length, waiting: within.length - times.length };
  if (times.length === 0) return counts;
  const rank = (part: number) => times[Math.ceil(part * times.length) - 1] as number;
  return { ...counts, medianMs: rank(0.5), p90Ms: rank(0.9) };
}

function listed<T>(alarms: readonly (KpiAlarm & T)[]): KpiList<T> {
  return { total: alarms.length, alarms: alarms.slice(0, KPI_LISTED) };
}

function byTag(all: readonly Annunciation[]): Map<string, Annunciation[]> {
  const found = new Map<string, Annunciation[]>();
  for (const one of all) {
    const others = found.get(one.tag);
    if (others === undefined) found.set(one.tag, [one]);
    else others.push(one);
  }
  return found;
}

function alarmOf({
  tag,
  definition,
  channel,
  priority,
}: Pick<Annunciation, 'tag' | 'definition' | 'channel' | 'priority'>): KpiAlarm {
  return { tag, definition, ...(channel !== undefined && { channel }), priority };
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : 1;
}
