// The figures of ISA-18.2 / IEC 62682 (after EEMUA 191), of a
// period. Each is a function of the annunciations alone, so that anybody who has
// the journal as a table can count it again.

import { firstOf } from '../base/first-of.ts';
import { type AlarmKpiReply, KPI_LISTED, KPI_STEP_MS, type KpiAlarm, type KpiFlood } from '../wire/alarm-kpi.ts';
import { ALARM_PRIORITIES, type AlarmPriority } from '../wire/alarms.ts';
import { type Annunciation, placeWhere } from './annunciations.ts';
import { type Flood, FloodWatch } from './flood.ts';
import type { Period } from './shifts.ts';

/** Within one minute: less than so much apart. */
const MINUTE_MS = 60_000;
/** So often in one minute is chattering. */
const CHATTER = 3;
/** Longer than so is stale; an acknowledgement that takes so long is none. */
export const DAY_MS = 24 * 3_600_000;
const TOP = 10;
/** So many are counted before others get a turn. */
const SLICE = 1000;

/** All figures but what the period is called and how much is known of it. */
export type KpiFigures = Omit<AlarmKpiReply, 'period' | 'knownFromMs'>;

/** What is counted of one alarm in a period. */
interface Tally {
  readonly alarm: KpiAlarm;
  count: number;
  fleeting: number;
  /** Its times of the last minute, and before; those of the minute begin at `first`. */
  readonly times: number[];
  first: number;
  /** Most in one minute that ends in the period. */
  peak: number;
}

/** Annunciations in the order of their times: those up to the end, and where the period begins among them. */
interface Known {
  readonly all: readonly Annunciation[];
  readonly first: number;
  readonly end: number;
}

/**
 * Works the figures of a period out, and yields again and again, since there
 * may be 200,000 to look at. `annunciations` are in the order of their times
 * and reach back a day before the period, for floods and standing alarms that
 * were there before it began; those that stand still are among them however
 * old. Of what came after it, they tell when floods ended and alarms were
 * acknowledged. Of what happens while it counts some may be counted.
 */
export function* countKpi(
  annunciations: readonly Annunciation[],
  { beginMs, endMs }: Period,
  nowMs: number,
): Generator<void, KpiFigures> {
  const all = [...annunciations];
  const untilMs = Math.min(endMs, Math.max(nowMs, beginMs));
  const known: Known = {
    all,
    first: placeWhere(all, (atMs) => atMs >= beginMs),
    end: placeWhere(all, (atMs) => atMs > untilMs || atMs >= endMs),
  };
  const counted = { beginMs, endMs: untilMs };
  const annunciated = known.end - known.first;
  const rates = yield* countRates(known, counted, nowMs);
  const counts = yield* countWithin(known, beginMs, seriesOf({ beginMs, endMs }, untilMs));
  const tallies = [...counts.tallies.values()];
  yield;
  const actors = frequent(tallies, annunciated);
  yield;
  const chattering = tallies
    .filter(({ peak }) => peak >= CHATTER)
    .map(({ alarm, peak, count }) => ({ ...alarm, peak, count }));
  const fleeting = tallies.filter((one) => one.fleeting > 0).map((one) => ({ ...one.alarm, count: one.fleeting }));
  yield;
  return {
    beginMs,
    endMs,
    untilMs,
    annunciated,
    ...(untilMs > beginMs && { rate: annunciated / ((untilMs - beginMs) / KPI_STEP_MS) }),
    series: counts.series,
    ...rates,
    chattering: listed(chattering, (a, b) => b.peak - a.peak || b.count - a.count || inOrder(a.tag, b.tag)),
    fleeting: listed(fleeting, byCount),
    stale: listed(yield* stale(known, counted), (a, b) => a.sinceMs - b.sinceMs || inOrder(a.tag, b.tag)),
    ...actors,
    priorities: counts.priorities,
    acknowledge: acknowledging(counts.waits, annunciated),
  };
}

/**
 * Annunciated in the ten minutes that end now, the most in ten minutes that end
 * with an annunciation of the period, and floods. The ten minutes slide, so that
 * no border between two of them hides a burst.
 */
function* countRates(
  { all, first, end }: Known,
  { beginMs, endMs }: Period,
  nowMs: number,
): Generator<void, Pick<AlarmKpiReply, 'recent' | 'peak' | 'flood'>> {
  const watch = new FloodWatch();
  const floods: KpiFlood[] = [];
  let firstOut: KpiAlarm | undefined; // of the flood that lasts
  const keep = ({ firstOut: _, ...flood }: Flood, lastMs: number) => {
    if (flood.beginMs <= endMs && lastMs >= beginMs) floods.push({ ...flood, firstOut: firstOut as KpiAlarm });
    firstOut = undefined;
  };
  const follow = (timeMs: number) => {
    watch.tick(timeMs);
    const { ended } = watch;
    if (firstOut !== undefined && watch.flood === undefined && ended?.endMs !== undefined) keep(ended, ended.endMs);
  };
  let peak = 0;
  for (let i = 0; i < end; i++) {
    if (i % SLICE === 0) yield;
    const one = all[i] as Annunciation;
    follow(one.atMs);
    watch.take(one);
    if (firstOut === undefined && watch.flood !== undefined)
      firstOut = alarmOf(all[i + 1 - watch.count] as Annunciation);
    if (i >= first) peak = Math.max(peak, watch.count);
  }
  follow(endMs);
  const recent = watch.count;
  for (let i = end; i < all.length && watch.flood !== undefined; i++) {
    if (i % SLICE === 0) yield;
    const one = all[i] as Annunciation;
    follow(one.atMs);
    if (watch.flood !== undefined) watch.take(one);
  }
  const lastMs = Math.max(nowMs, endMs);
  follow(lastMs);
  if (watch.flood !== undefined) keep(watch.flood, lastMs);
  return { recent, peak, flood: floodTime(floods, { beginMs, endMs }) };
}

/** Share of the time that was a flood: what of each lies in the period. */
function floodTime(floods: readonly KpiFlood[], { beginMs, endMs }: Period): AlarmKpiReply['flood'] {
  const lasting = (flood: KpiFlood) => Math.min(flood.endMs ?? endMs, endMs) - Math.max(flood.beginMs, beginMs);
  const inside = floods.filter((flood) => lasting(flood) > 0 || flood.beginMs === endMs);
  const share = endMs > beginMs ? inside.reduce((sum, flood) => sum + lasting(flood), 0) / (endMs - beginMs) : 0;
  return { share, total: inside.length, floods: inside.slice(-KPI_LISTED) };
}

/** Ten minutes from where the period begins, and so on to those that now lies in; the last may be shorter. */
function seriesOf({ beginMs, endMs }: Period, untilMs: number): number[] {
  const steps = (untilMs - beginMs) / KPI_STEP_MS;
  return new Array<number>(untilMs < endMs ? Math.floor(steps) + 1 : Math.ceil(steps)).fill(0);
}

/** By the ten minutes of `series`, by priority, by alarm; and how long acknowledgements took. */
function* countWithin({ all, first, end }: Known, beginMs: number, series: number[]) {
  const priorities = Object.fromEntries(ALARM_PRIORITIES.map((one) => [one, 0])) as Record<AlarmPriority, number>;
  const tallies = new Map<string, Tally>();
  const waits: number[] = [];
  const before = placeWhere(all, (atMs) => atMs > beginMs - MINUTE_MS);
  for (let i = before; i < end; i++) {
    if (i % SLICE === 0) yield;
    const one = all[i] as Annunciation;
    const isWithin = i >= first;
    tally(tallies, one, isWithin);
    if (!isWithin) continue;
    const { atMs, priority, acknowledgedMs } = one;
    series[Math.floor((atMs - beginMs) / KPI_STEP_MS)]!++;
    priorities[priority]++;
    if (acknowledgedMs !== undefined && acknowledgedMs - atMs < DAY_MS) waits.push(acknowledgedMs - atMs);
  }
  return { series, priorities, tallies, waits };
}

/**
 * Counts one of its alarm: in the period; in the minute that ends with it
 * (ISA-18.2: chattering); and whether its condition was gone within a minute,
 * before anybody had acknowledged it (ISA-18.2: fleeting).
 */
function tally(tallies: Map<string, Tally>, one: Annunciation, isWithin: boolean): void {
  const { tag, atMs, goneMs, isMissed } = one;
  let of = tallies.get(tag);
  if (of === undefined) {
    of = { alarm: alarmOf(one), count: 0, fleeting: 0, times: [], first: 0, peak: 0 };
    tallies.set(tag, of);
  }
  of.times.push(atMs);
  while ((of.times[of.first] as number) <= atMs - MINUTE_MS) of.first++;
  if (!isWithin) return;
  of.count++;
  of.peak = Math.max(of.peak, of.times.length - of.first);
  if (isMissed && goneMs !== undefined && goneMs - atMs < MINUTE_MS) of.fleeting++;
}

/** Alarms whose condition had been there for more than a day at some time of the period (ISA-18.2: stale). */
function* stale({ all, end }: Known, { beginMs, endMs }: Period) {
  const found = new Map<string, KpiAlarm & { sinceMs: number; goneMs?: number }>();
  const old = Math.min(
    end,
    placeWhere(all, (atMs) => atMs >= endMs - DAY_MS),
  );
  for (let i = 0; i < old; i++) {
    if (i % SLICE === 0) yield;
    const one = all[i] as Annunciation;
    const { tag, atMs, goneMs = Number.POSITIVE_INFINITY } = one;
    if (found.has(tag)) continue; // annunciated again while it stood
    if (Math.min(goneMs, endMs) - atMs <= DAY_MS || goneMs <= beginMs) continue;
    found.set(tag, { ...alarmOf(one), sinceMs: atMs, ...(one.goneMs !== undefined && { goneMs }) });
  }
  return [...found.values()];
}

/** The most frequent first, each with its share of all, and that of it and those before it. */
function frequent(tallies: readonly Tally[], annunciated: number): Pick<AlarmKpiReply, 'actors' | 'topTenShare'> {
  const counted = tallies.filter(({ count }) => count > 0);
  const most = firstOf(counted, KPI_LISTED, (a, b) => b.count - a.count || inOrder(a.alarm.tag, b.alarm.tag));
  let sum = 0;
  const alarms = most.map(({ alarm, count }) => {
    sum += count;
    return { ...alarm, count, share: count / annunciated, cumulative: sum / annunciated };
  });
  const topTenShare = alarms[Math.min(TOP, alarms.length) - 1]?.cumulative;
  return { actors: { total: counted.length, alarms }, ...(topTenShare !== undefined && { topTenShare }) };
}

/** From annunciation to acknowledgement, of those of the period. A quantile is a time that was measured: the nearest rank. */
function acknowledging(waits: readonly number[], annunciated: number): AlarmKpiReply['acknowledge'] {
  const counts = { acknowledged: waits.length, waiting: annunciated - waits.length };
  if (waits.length === 0) return counts;
  const times = Float64Array.from(waits).sort();
  const rank = (part: number) => times[Math.ceil(part * times.length) - 1] as number;
  return { ...counts, medianMs: rank(0.5), p90Ms: rank(0.9) };
}

function listed<T extends KpiAlarm>(alarms: readonly T[], compare: (a: T, b: T) => number) {
  return { total: alarms.length, alarms: firstOf(alarms, KPI_LISTED, compare) };
}

function byCount(a: KpiAlarm & { count: number }, b: KpiAlarm & { count: number }): number {
  return b.count - a.count || inOrder(a.tag, b.tag);
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
