import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Annunciations } from '../../../server/alarms/annunciations.ts';
import { countKpi, type KpiFigures } from '../../../server/alarms/kpi.ts';
import { type Period, PlantClock } from '../../../server/alarms/shifts.ts';
import type { AlarmEntry } from '../../../server/wire/alarm-journal.ts';
import { KPI_PERIODS } from '../../../server/wire/alarm-kpi.ts';
import { ALARM_PRIORITIES } from '../../../server/wire/alarms.ts';
import { alarmEntry, alarmSchedule, journalOf } from '../../support/alarm-entries.ts';
import { finish } from '../../support/finish.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const HOUR: Period = { beginMs: 10 * DAY_MS, endMs: 10 * DAY_MS + 3_600_000 };

describe('countKpi', () => {
  it('is of nothing where nothing was annunciated', () => {
    const figures = figuresOf([], HOUR);

    expect(figures).toMatchObject({ annunciated: 0, rate: 0, peak: 0, series: [0, 0, 0, 0, 0, 0] });
    expect(figures).not.toHaveProperty('topTenShare');
    expect(figures.acknowledge).toEqual({ acknowledged: 0, waiting: 0 });
  });

  it('counts up to now where the period lasts', () => {
    const entries = [alarmEntry({ atMs: HOUR.beginMs + 15 * MINUTE_MS })];

    const figures = figuresOf(entries, HOUR, HOUR.beginMs + 20 * MINUTE_MS);

    expect(figures).toMatchObject({ annunciated: 1, rate: 0.5, recent: 1, series: [0, 1, 0] });
  });

  it('counts what is annunciated now in the ten minutes that begin now, where those before are over', () => {
    const nowMs = HOUR.beginMs + 20 * MINUTE_MS;

    expect(figuresOf([alarmEntry({ atMs: nowMs })], HOUR, nowMs).series).toEqual([0, 0, 1]);
  });

  it('leaves out what was hidden when it was raised', () => {
    const entries = [alarmEntry({ atMs: HOUR.beginMs, isAnnunciated: false, hidden: ['shelved'] })];

    expect(figuresOf(entries, HOUR).annunciated).toBe(0);
  });

  it('tells a flood that was there before the period, and goes on after it', () => {
    const burst = (fromMs: number, length: number) =>
      Array.from({ length }, (_, i) => alarmEntry({ tag: `a${fromMs}-${i}`, atMs: fromMs + i * 1000 }));
    const numbered = [...burst(HOUR.beginMs - 5 * MINUTE_MS, 12), ...burst(HOUR.endMs - MINUTE_MS, 11)].map(
      (entry, i) => ({ ...entry, number: i + 1 }),
    );

    const { flood } = figuresOf(numbered, HOUR);

    expect(flood.floods.map(({ beginMs, endMs }) => [beginMs - HOUR.beginMs, (endMs ?? 0) - HOUR.beginMs])).toEqual([
      [-5 * MINUTE_MS + 10_000, 5 * MINUTE_MS + 7000],
      [59 * MINUTE_MS + 10_000, 69 * MINUTE_MS + 6000],
    ]);
    expect(flood.share).toBeCloseTo((5 * 60 + 7 + 50) / 3600, 10);
    expect(flood.floods[0]?.firstOut.tag).toBe(`a${HOUR.beginMs - 5 * MINUTE_MS}-0`);
  });

  it('finds what a brute recount of the journal finds, in every period, over changes of clocks', () => {
    const begin = fc.constantFrom(...['2026-03-28T18:00Z', '2026-10-24T18:00Z', '2026-06-01T00:00Z'].map(Date.parse));
    const chosen = fc.record({ kind: fc.constantFrom(...KPI_PERIODS), place: fc.nat(100), now: fc.nat(1000) });
    const clock = new PlantClock({ timeZone: 'Europe/Berlin', shifts: ['06:00', '14:00', '22:00'] });
    fc.assert(
      fc.property(begin, alarmSchedule, chosen, (beginMs, steps, { kind, place, now }) => {
        const entries = journalOf(steps, beginMs);
        const lastMs = Math.max(beginMs, ...entries.map(({ atMs }) => atMs));
        const at = entries[Math.floor((entries.length * place) / 101)]?.atMs ?? beginMs;
        const period = clock.period(kind, at);
        const nowMs = lastMs + now * 60_000;

        expect(figuresOf(entries, period, nowMs)).toEqual(recount(entries, period, nowMs));
      }),
      { numRuns: 300 },
    );
  });
});

describe('Annunciations', () => {
  it('forgets the oldest that are gone once there are too many, and says from when on it knows all', () => {
    const all = new Annunciations({ knownFromMs: 0, limit: 10 });
    all.take(alarmEntry({ tag: 'stands', atMs: 1 }));
    for (let i = 0; i < 10; i++) {
      all.take(alarmEntry({ tag: `a-${i}`, number: 2 * i + 2, atMs: i + 2 }));
      all.take(
        alarmEntry({
          tag: `a-${i}`,
          number: 2 * i + 3,
          event: 'clear',
          state: 'normal',
          isAnnunciated: false,
          atMs: i + 2,
        }),
      );
    }

    expect(all.all.map(({ tag }) => tag)).toEqual(['stands', 'a-9']);
    expect([all.knownFromMs, all.crowdedOut]).toEqual([11, 9]);
  });

  it('forgets what was annunciated again since where nothing is gone', () => {
    const all = new Annunciations({ knownFromMs: 0, limit: 10 });
    for (let i = 0; i < 1000; i++) all.take(alarmEntry({ tag: `a-${i % 3}`, number: i + 1, atMs: i }));

    expect(all.all.length).toBeLessThanOrEqual(10);
    expect(all.all.slice(-3).map(({ atMs }) => atMs)).toEqual([997, 998, 999]);
    all.take(
      alarmEntry({ tag: 'a-0', number: 2000, event: 'clear', state: 'normal', isAnnunciated: false, atMs: 1000 }),
    );
    expect(all.all.filter(({ goneMs }) => goneMs === undefined).map(({ tag }) => tag)).not.toContain('a-0');
  });

  it('remembers what stood or came since, whatever order the clock gave, and acknowledges it still', () => {
    fc.assert(
      fc.property(alarmSchedule, fc.nat(100), (steps, part) => {
        const entries = journalOf(steps, 1_000_000);
        const beforeMs = 1_000_000 + ((entries.at(-1)?.atMs ?? 1_000_000) - 1_000_000) * (part / 100);
        const [all, some] = [new Annunciations({ knownFromMs: 0 }), new Annunciations({ knownFromMs: 0 })];
        const half = Math.floor(entries.length / 2);
        for (const entry of entries.slice(0, half)) for (const one of [all, some]) one.take(entry);
        const kept = all.all.filter(
          (one) => one.goneMs === undefined || one.goneMs >= beforeMs || one.atMs >= beforeMs,
        );
        some.forget(beforeMs);
        expect(some.all).toEqual(kept);
        for (const entry of entries.slice(half)) for (const one of [all, some]) one.take(entry);

        const numbers = new Set(some.all.map(({ number }) => number));
        expect(some.all).toEqual(all.all.filter(({ number }) => numbers.has(number)));
      }),
      { numRuns: 200 },
    );
  });

  it('keeps what stands however old it is', () => {
    const all = new Annunciations({ knownFromMs: 0 });
    all.take(alarmEntry({ tag: 'stands', atMs: 1 }));
    all.take(alarmEntry({ tag: 'gone', atMs: 2 }));
    all.take(alarmEntry({ tag: 'gone', atMs: 3, event: 'clear', state: 'rtn-unacknowledged', isAnnunciated: false }));

    all.forget(100);

    expect(all.all.map(({ tag }) => tag)).toEqual(['stands']);
    expect(all.knownFromMs).toBe(100);
  });
});

function figuresOf(entries: readonly AlarmEntry[], period: Period, nowMs = period.endMs + DAY_MS): KpiFigures {
  const all = new Annunciations({ knownFromMs: 0 });
  for (const entry of entries) all.take(entry);
  return finish(countKpi(all.all, period, nowMs));
}

/** Every figure straight from the list of entries, as the README of the folder says it. */
function recount(entries: readonly AlarmEntry[], { beginMs, endMs }: Period, nowMs: number): KpiFigures {
  const untilMs = Math.min(endMs, nowMs);
  const all = entries
    .filter(({ isAnnunciated }) => isAnnunciated)
    .map((entry) => {
      const later = entries.filter(({ tag, number }) => tag === entry.tag && number > entry.number);
      const gone = later.find(({ state }) => state !== 'unacknowledged' && state !== 'acknowledged');
      const done = later.find(({ event, occurrence }) => event === 'acknowledge' && occurrence === entry.occurrence);
      const isMissed = gone !== undefined && (done === undefined || done.number > gone.number);
      return { ...entry, gone: gone?.atMs, done: done?.atMs, isMissed };
    })
    .sort((a, b) => a.atMs - b.atMs || a.number - b.number);
  const known = all.filter(({ atMs }) => atMs < endMs && atMs <= untilMs);
  const within = known.filter(({ atMs }) => atMs >= beginMs);
  const last = (i: number, lengthMs: number) =>
    known.filter((one, j) => j <= i && one.atMs > known[i]!.atMs - lengthMs).length;
  const tags = [...new Set(within.map(({ tag }) => tag))];
  const of = (tag: string) => {
    const { definition, channel, priority } = known.find((one) => one.tag === tag)!;
    return { tag, definition, ...(channel !== undefined && { channel }), priority };
  };
  const count = (tag: string) => within.filter((one) => one.tag === tag).length;
  const byName = (a: { tag: string }, b: { tag: string }) => (a.tag < b.tag ? -1 : 1);
  const list = <T>(alarms: T[]) => ({ total: alarms.length, alarms });

  const actors = tags
    .map((tag) => ({ ...of(tag), count: count(tag) }))
    .sort((a, b) => b.count - a.count || byName(a, b));
  const share = (n: number) => actors.slice(0, n).reduce((sum, actor) => sum + actor.count, 0) / within.length;
  const chattering = tags.flatMap((tag) => {
    const own = known.filter((one) => one.tag === tag);
    const runs = own.map((one) =>
      one.atMs < beginMs
        ? 0
        : own.filter(
            (two) =>
              two.atMs > one.atMs - MINUTE_MS &&
              (two.atMs < one.atMs || (two.atMs === one.atMs && two.number <= one.number)),
          ).length,
    );
    const peak = Math.max(...runs);
    return peak >= 3 ? [{ ...of(tag), peak, count: count(tag) }] : [];
  });
  const missed = within.filter(({ isMissed, gone, atMs }) => isMissed && gone! - atMs < MINUTE_MS);
  const fleeting = [...new Set(missed.map(({ tag }) => tag))].map((tag) => ({
    ...of(tag),
    count: missed.filter((one) => one.tag === tag).length,
  }));
  const old = known.filter(
    ({ atMs, gone }) => Math.min(gone ?? Infinity, untilMs) > atMs + DAY_MS && (gone ?? Infinity) > beginMs,
  );
  const stale = [...new Set(old.map(({ tag }) => tag))].map((tag) => {
    const { atMs: sinceMs, gone } = old.find((one) => one.tag === tag)!;
    return { ...of(tag), sinceMs, ...(gone !== undefined && { goneMs: gone }) };
  });
  const took = within
    .flatMap(({ atMs, done }) => (done !== undefined && done - atMs < DAY_MS ? [done - atMs] : []))
    .sort((a, b) => a - b);
  const floods = floodsOf(all, Math.max(nowMs, untilMs)).filter(
    ({ beginMs: begin, endMs: end = Infinity }) =>
      begin < untilMs + (begin === untilMs ? 1 : 0) && begin < endMs && end > beginMs,
  );
  const flooded = floods.reduce(
    (sum, { beginMs: begin, endMs: end = untilMs }) => sum + Math.min(end, untilMs) - Math.max(begin, beginMs),
    0,
  );
  return {
    ...{ beginMs, endMs, untilMs, annunciated: within.length },
    ...(untilMs > beginMs && { rate: within.length / ((untilMs - beginMs) / 600_000) }),
    series: Array.from(
      {
        length:
          untilMs === endMs ? Math.ceil((endMs - beginMs) / 600_000) : 1 + Math.floor((untilMs - beginMs) / 600_000),
      },
      (_, i) => within.filter(({ atMs }) => Math.floor((atMs - beginMs) / 600_000) === i).length,
    ),
    recent: known.filter(({ atMs }) => atMs > untilMs - 600_000).length,
    peak: Math.max(0, ...known.map(({ atMs }, i) => (atMs < beginMs ? 0 : last(i, 600_000)))),
    flood: {
      share: untilMs > beginMs ? flooded / (untilMs - beginMs) : 0,
      total: floods.length,
      floods: floods.map(({ firstOut, ...flood }) => ({ ...flood, firstOut: of(firstOut) })),
    },
    chattering: list(chattering.sort((a, b) => b.peak - a.peak || b.count - a.count || byName(a, b))),
    fleeting: list(fleeting.sort((a, b) => b.count - a.count || byName(a, b))),
    stale: list(stale.sort((a, b) => a.sinceMs - b.sinceMs || byName(a, b))),
    actors: list(
      actors.map((actor, i) => ({ ...actor, share: actor.count / within.length, cumulative: share(i + 1) })),
    ),
    ...(within.length > 0 && { topTenShare: share(10) }),
    priorities: Object.fromEntries(
      ALARM_PRIORITIES.map((priority) => [priority, within.filter((one) => one.priority === priority).length]),
    ) as KpiFigures['priorities'],
    acknowledge: {
      ...{ acknowledged: took.length, waiting: within.length - took.length },
      ...(took.length > 0 && {
        medianMs: took[Math.ceil(took.length * 0.5) - 1]!,
        p90Ms: took[Math.ceil(took.length * 0.9) - 1]!,
      }),
    },
  };
}

/** Looks at every moment at which an annunciation comes to be or leaves the ten minutes. */
function floodsOf(all: readonly { tag: string; atMs: number }[], nowMs: number) {
  const moments = [...new Set(all.flatMap(({ atMs }) => [atMs, atMs + 600_000]))].sort((a, b) => a - b);
  const found: { beginMs: number; endMs?: number; peak: number; firstOut: string }[] = [];
  let flood: (typeof found)[number] | undefined;
  for (const momentMs of moments.filter((timeMs) => timeMs <= nowMs)) {
    const recent = all.filter(({ atMs }) => atMs < momentMs && atMs > momentMs - 600_000);
    if (flood && recent.length < 5) {
      flood.endMs = momentMs;
      flood = undefined;
    }
    for (const one of all.filter(({ atMs }) => atMs === momentMs)) {
      recent.push(one);
      if (flood) flood.peak = Math.max(flood.peak, recent.length);
      if (flood || recent.length <= 10) continue;
      flood = { beginMs: momentMs, peak: recent.length, firstOut: recent[0]!.tag };
      found.push(flood);
    }
  }
  return found;
}
