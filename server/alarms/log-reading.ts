import { isEntry, readRecord } from './checkpoint.ts';
import type { JournalLog } from './journal-log.ts';
import type { JournalReading } from './journal-reader.ts';

/** The entries of the log that the journal is kept in. */
export function entriesOf(log: Pick<JournalLog, 'segments' | 'read'>): JournalReading {
  return {
    segments: () => log.segments(),
    async *read(from, to) {
      for await (const { payload } of log.read(from, to)) {
        const record = readRecord(payload);
        if (isEntry(record)) yield record;
      }
    },
  };
}
