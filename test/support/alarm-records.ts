import { AlarmRecords } from '../../server/alarms/alarm-records.ts';
import { PlantClock } from '../../server/alarms/shifts.ts';
import { openTables } from '../../server/http/journal-routes.ts';
import type { JournalSource } from '../../server/http/journal-source.ts';
import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';
import { MemoryJournal } from './memory-journal.ts';

const SEGMENT = 1000;
const NOW_MS = Date.parse('2026-11-23T01:00Z');

/** What the routes ask, of a journal in memory with these entries; `take` adds one that is made now. */
export function journalOf(
  entries: readonly AlarmEntry[],
  nowMs: () => number = () => NOW_MS,
): JournalSource & Pick<AlarmRecords, 'take'> {
  const records = new AlarmRecords({
    journal: new MemoryJournal(entries, SEGMENT),
    plant: new PlantClock({ timeZone: 'Asia/Seoul', shifts: ['06:00', '14:00', '22:00'] }),
    clock: { nowMs, monotonicMs: () => performance.now() },
  });
  const started = records.start([]);
  return {
    search: (query, signal) => records.search(query, signal),
    csv: (filter, signal) => records.csv(filter, signal),
    kpi: (period, timeMs) => started.then(() => records.kpi(period, timeMs)),
    tables: openTables(),
    take: (entry) => records.take(entry),
  };
}

/** The same, but for what `fail` throws before. */
export function whileNot(journal: JournalSource, fail: () => void): JournalSource {
  return {
    ...journal,
    search: async (query, signal) => {
      fail();
      return journal.search(query, signal);
    },
    async *csv(filter, signal) {
      fail();
      yield* journal.csv(filter, signal);
    },
    kpi: async (period, timeMs) => {
      fail();
      return journal.kpi(period, timeMs);
    },
  };
}
