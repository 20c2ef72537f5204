import { describe, expect, it } from 'vitest';
import { AlarmFigures } from '../../../server/alarms/alarm-figures.ts';
import { Annunciations } from '../../../server/alarms/annunciations.ts';
import { JournalReader } from '../../../server/alarms/journal-reader.ts';
import { countKpi } from '../../../server/alarms/kpi.ts';
import { PlantClock } from '../../../server/alarms/shifts.ts';
import type { Clock } from '../../../server/base/clock.ts';
import type { AlarmEntry } from '../../../server/wire/alarm-journal.ts';
import { alarmEntry } from '../../support/alarm-entries.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { finish } from '../../support/finish.ts';
import { MemoryJournal } from '../../support/memory-journal.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.parse('2026-11-23T01:00Z');
const PLANT = new PlantClock({ timeZone: 'Asia/Seoul', shifts: ['06:00', '14:00', '22:00'] });

describe('AlarmFigures', () => {
  it('gives the same of every day, read at the start or from the journal later', async () => {
    const entries = madeJournal(60);
    const figures = await started(new MemoryJournal(entries, 200));

    for (let daysAgo = 0; daysAgo < 58; daysAgo += 3) {
      const atMs = NOW_MS - daysAgo * DAY_MS;

      const reply = await figures.period('day', atMs);

      expect(reply).toEqual({ period: 'day', ...recounted(entries, PLANT.period('day', atMs)) });
    }
    expect(figures.totals.periodsRead).toBeGreaterThan(10);
  });

  it('counts what comes while the journal is read, once', async () => {
    const entries = madeJournal(1);
    const figures = figuresOf(new MemoryJournal(entries.slice(0, -5), 50));

    const starting = figures.start([]);
    for (const entry of entries.slice(-5)) figures.take(entry);
    await starting;

    expect(await figures.period('day', NOW_MS)).toEqual({
      period: 'day',
      ...recounted(entries, PLANT.period('day', NOW_MS)),
    });
  });

  it('knows what stood before the journal begins, and since when it knows the rest', async () => {
    const journal = new MemoryJournal(madeJournal(20), 100);
    journal.removed = 4;
    const figures = figuresOf(journal);
    const raisedMs = NOW_MS - 90 * DAY_MS;
    await figures.start([
      {
        tag: 'old',
        definition: 'old',
        priority: 'low',
        state: 'acknowledged',
        hidden: [],
        occurrence: 3,
        version: 9,
        raisedMs,
      },
    ]);

    const now = await figures.period('hour', NOW_MS);
    const then = await figures.period('day', NOW_MS - 19 * DAY_MS);

    expect(now.stale.alarms.filter(({ tag }) => tag === 'old')).toMatchObject([{ sinceMs: raisedMs }]);
    expect(then.knownFromMs).toBe(journal.entries[400]?.atMs);
    expect(then.stale.alarms.filter(({ tag }) => tag === 'old')).toMatchObject([{ sinceMs: raisedMs }]);
  });

  it('counts what comes now also where not all of its period is remembered, and says since when', async () => {
    const { figures, clock, knownFromMs } = await crowded();

    const before = await figures.period('hour', NOW_MS);
    clock.advance(1000);
    for (let i = 0; i < 20; i++) figures.take(alarmEntry({ number: 1e6 + i, tag: `c${i}`, atMs: clock.nowMs() }));
    const after = await figures.period('hour', NOW_MS);

    expect(after.annunciated - before.annunciated).toBe(20);
    expect(after.knownFromMs).toBe(knownFromMs);
  });

  it('keeps no answer of a period for long whose alarms are still being acknowledged', async () => {
    const { figures, clock, journal } = await crowded();
    const atMs = NOW_MS - HOUR_MS;
    journal.entries.push(alarmEntry({ number: 1e6, tag: 'late', atMs }));

    const before = await figures.period('hour', atMs);
    clock.advance(60_000);
    const acknowledged = { event: 'acknowledge', state: 'acknowledged', isAnnunciated: false } as const;
    journal.entries.push(alarmEntry({ number: 1e6 + 1, tag: 'late', atMs: clock.nowMs(), ...acknowledged }));
    const after = await figures.period('hour', atMs);
    clock.advance(2 * DAY_MS);
    await figures.period('hour', atMs);
    const { periodsRead } = figures.totals;
    clock.advance(DAY_MS);
    await figures.period('hour', atMs);

    expect(after.acknowledge.acknowledged - before.acknowledge.acknowledged).toBe(1);
    expect(figures.totals.periodsRead).toBe(periodsRead);
  });

  it('refuses periods of long ago beyond two at a time', async () => {
    const figures = await started(new MemoryJournal(madeJournal(60), 200));
    const days = [30, 35, 40].map((daysAgo) => figures.period('day', NOW_MS - daysAgo * DAY_MS));

    const outcomes = await Promise.allSettled(days);

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect((outcomes[2] as PromiseRejectedResult).reason).toMatchObject({ code: 'JOURNAL_BUSY' });
    expect(figures.totals.periodsRefused).toBe(1);
  });

  it('counts the same period once for all who ask together, and refuses where too many wait', async () => {
    const figures = await started(new MemoryJournal(madeJournal(2), 50));

    const [one, two] = await Promise.all([figures.period('day', NOW_MS), figures.period('day', NOW_MS)]);
    expect(two).toBe(one);
    const hours = Array.from({ length: 20 }, (_, i) => figures.period('hour', NOW_MS - i * HOUR_MS));
    const outcomes = await Promise.allSettled(hours);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(4);
    expect(figures.totals).toMatchObject({ periodsRefused: 4, crowdedOut: 0 });
    expect(await figures.period('shift', NOW_MS)).toMatchObject({ period: 'shift' });
  });

  it('counts by priority since the start, without what was before', async () => {
    const figures = await started(new MemoryJournal(madeJournal(1), 50));

    figures.take(alarmEntry({ number: 10_000, priority: 'critical', atMs: NOW_MS }));

    expect(figures.totals.annunciated).toEqual({ critical: 1, high: 0, medium: 0, low: 0 });
  });
});

async function started(journal: MemoryJournal): Promise<AlarmFigures> {
  const figures = figuresOf(journal);
  await figures.start([]);
  return figures;
}

/** Of a journal from which no more is remembered than the newest of this hour. */
async function crowded() {
  const clock = new FakeClock();
  clock.set(NOW_MS + 20 * 60_000 - clock.nowMs());
  const newest = Array.from({ length: 80 }, (_, i) =>
    alarmEntry({ number: 10_000 + i, tag: `b${i}`, atMs: NOW_MS + i * 1000 }),
  );
  const journal = new MemoryJournal([...madeJournal(60), ...newest], 2);
  const figures = figuresOf(journal, clock);
  await figures.start([]);
  return { figures, clock, journal, knownFromMs: newest[16]!.atMs };
}

function figuresOf(journal: MemoryJournal, clock: Clock = { nowMs: () => NOW_MS, monotonicMs: () => 0 }): AlarmFigures {
  return new AlarmFigures({ reader: new JournalReader(journal, () => 0), plant: PLANT, clock });
}

/** So many days of twenty alarms that come and go within a day or two, up to now; about 60 entries a day. */
function madeJournal(days: number): AlarmEntry[] {
  const random = seededRandom(7);
  const present = new Set<string>();
  const entries: AlarmEntry[] = [];
  for (let atMs = NOW_MS - days * DAY_MS; atMs < NOW_MS; atMs += random() * 2 * DAY_MS * (1 / 60)) {
    const tag = `a${Math.floor(random() * 20)}`;
    const isRaise = !present.delete(tag);
    if (isRaise) present.add(tag);
    const made = { number: entries.length + 1, tag, atMs: Math.floor(atMs), isAnnunciated: isRaise };
    entries.push(alarmEntry(isRaise ? made : { ...made, event: 'clear', state: 'rtn-unacknowledged' }));
  }
  return entries;
}

function recounted(entries: readonly AlarmEntry[], period: { beginMs: number; endMs: number }) {
  const all = new Annunciations({ knownFromMs: 0 });
  for (const entry of entries) all.take(entry);
  return finish(countKpi(all.all, period, NOW_MS));
}
