// What is asked of the journal of alarms, and answered by `GET /api/alarms/journal`.

import type { AlarmEntry, AlarmEvent } from './alarm-journal.ts';
import type { AlarmPriority, BaseState } from './alarms.ts';

/** Which entries are wanted; what is left out is not restricted. */
export interface AlarmEntryFilter {
  /** Server clock, ms since 1970 UTC; `toMs` itself is not wanted. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** A tag, with `*` for any characters; capitals do not matter, here and in the next. */
  readonly tag?: string;
  readonly channel?: string;
  readonly definition?: string;
  readonly events?: readonly AlarmEvent[];
  readonly states?: readonly BaseState[];
  readonly priorities?: readonly AlarmPriority[];
  /** Part of the name of who did it. */
  readonly person?: string;
  /** Part of the tag, comment, finding or name. */
  readonly text?: string;
}

export interface AlarmEntryQuery extends AlarmEntryFilter {
  /** Only entries with a smaller number: `before` of the page before. */
  readonly before?: number;
  /** Only entries with a greater one: `newest` of the last answer, to follow. Some come again. */
  readonly after?: number;
  readonly limit: number;
}

export const JOURNAL_PAGE = 100;
export const JOURNAL_PAGE_LIMIT = 1000;

export interface AlarmJournalReply {
  /** The newest first. */
  readonly entries: readonly AlarmEntry[];
  /** Where to go on; left out where all was looked at. */
  readonly before?: number;
  /** There was no time to find as many as were asked for: they may lie further back. Server clock of the oldest looked at, ms since 1970 UTC. */
  readonly searchedToMs?: number;
  /** All entries up to this number are there; one that waits for the disk may come behind greater ones. 0 in an empty journal. */
  readonly newest: number;
}
