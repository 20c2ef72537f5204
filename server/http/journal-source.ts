import type { AlarmKpiReply, KpiPeriod } from '../wire/alarm-kpi.ts';
import type { AlarmEntryFilter, AlarmEntryQuery, AlarmJournalReply } from '../wire/alarm-search.ts';
import type { OpenReads } from './open-reads.ts';

/** What the routes of the journal of alarms ask. All reject with `STORAGE_FAILED` where it cannot be read. */
export interface JournalSource {
  /** Bounds the tables that are sent. */
  readonly tables: OpenReads;
  /** Rejects with the reason of `signal` once nobody waits. */
  search(query: AlarmEntryQuery, signal: AbortSignal): Promise<AlarmJournalReply>;
  /** Its entries as a table, the oldest first: the heading, then some lines at a time. */
  csv(filter: AlarmEntryFilter, signal: AbortSignal): AsyncIterable<string>;
  /** Figures of the period that a moment lies in, ms since 1970 UTC. Rejects with `JOURNAL_BUSY` where too many are being counted. */
  kpi(period: KpiPeriod, timeMs: number): Promise<AlarmKpiReply>;
}
