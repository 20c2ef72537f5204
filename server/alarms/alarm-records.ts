import type { Clock } from '../base/clock.ts';
import type { AlarmEntry } from '../wire/alarm-journal.ts';
import type { AlarmKpiReply, KpiPeriod } from '../wire/alarm-kpi.ts';
import type { AlarmEntryFilter, AlarmEntryQuery, AlarmJournalReply } from '../wire/alarm-search.ts';
import type { AlarmReply } from '../wire/alarms.ts';
import { AlarmFigures, type AlarmTotals } from './alarm-figures.ts';
import { CSV_HEAD, csvLines } from './journal-csv.ts';
import { JournalReader, type JournalReading } from './journal-reader.ts';
import { JournalSearch } from './journal-search.ts';
import type { PlantClock } from './shifts.ts';

export interface AlarmRecordsOptions {
  readonly journal: JournalReading;
  readonly plant: PlantClock;
  readonly clock: Clock;
}

/** All that people ask of what alarms did: entries, tables, figures. */
export class AlarmRecords {
  readonly #plant: PlantClock;
  readonly #search: JournalSearch;
  readonly #figures: AlarmFigures;

  constructor({ journal, plant, clock }: AlarmRecordsOptions) {
    const monotonicMs = () => clock.monotonicMs();
    const reader = new JournalReader(journal, monotonicMs);
    this.#plant = plant;
    this.#search = new JournalSearch(reader, monotonicMs);
    this.#figures = new AlarmFigures({ reader, plant, clock });
  }

  get totals(): AlarmTotals {
    return this.#figures.totals;
  }

  /** As `AlarmFigures.start`. */
  start(alarms: readonly AlarmReply[]): Promise<void> {
    return this.#figures.start(alarms);
  }

  /** Gives up what is being read. */
  close(): void {
    this.#figures.close();
  }

  /** An entry was made. */
  take(entry: AlarmEntry): void {
    this.#search.take(entry);
    this.#figures.take(entry);
  }

  /** As `JournalSearch.search`. */
  search(query: AlarmEntryQuery, signal: AbortSignal): Promise<AlarmJournalReply> {
    return this.#search.search(query, signal);
  }

  /** A table of what is wanted, the oldest first: the heading, then some lines at a time. */
  async *csv(filter: AlarmEntryFilter, signal: AbortSignal): AsyncGenerator<string> {
    const pieces = this.#search.all(filter, signal);
    const first = await pieces.next(); // before the heading, so that a journal that cannot be read fails as a whole
    yield CSV_HEAD;
    if (first.done !== true) yield csvLines(first.value, this.#plant);
    for await (const entries of pieces) yield csvLines(entries, this.#plant);
  }

  /** As `AlarmFigures.period`. */
  kpi(period: KpiPeriod, timeMs: number): Promise<AlarmKpiReply> {
    return this.#figures.period(period, timeMs);
  }
}
