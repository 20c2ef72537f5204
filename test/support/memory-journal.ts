import type { JournalReading, JournalSegment } from '../../server/alarms/journal-reader.ts';
import type { AlarmEntry } from '../../server/wire/alarm-journal.ts';

/** The records of a segment that are no entries stand at its end. */
const OTHERS = 3;
const FIRST = 100;

/** A journal in memory, cut into segments of so many entries; counts what is read. */
export class MemoryJournal implements JournalReading {
  readonly entries: AlarmEntry[];
  readonly #size: number;
  /** Indices of the segments read, in order. */
  reads: number[] = [];
  /** Segments that are gone. */
  removed = 0;

  constructor(entries: readonly AlarmEntry[], size: number) {
    this.entries = [...entries];
    this.#size = size;
  }

  segments(): JournalSegment[] {
    const count = Math.max(1, Math.ceil(this.entries.length / this.#size));
    const records = this.#size + OTHERS;
    return Array.from({ length: count }, (_, i) => ({
      first: FIRST + i * records,
      end: FIRST + (i + 1) * records,
      isSealed: i < count - 1,
    })).slice(this.removed);
  }

  async *read(from: number): AsyncGenerator<AlarmEntry> {
    const segment = (from - FIRST) / (this.#size + OTHERS);
    this.reads.push(segment);
    for (const entry of this.entries.slice(segment * this.#size, (segment + 1) * this.#size)) {
      await Promise.resolve();
      yield entry;
    }
  }
}
