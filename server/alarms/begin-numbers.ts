import type { AlarmReply } from '../wire/alarms.ts';
import type { EntryDraft } from './alarm.ts';
import { encodeRun } from './checkpoint.ts';
import type { JournalLog } from './journal-log.ts';
import type { Restored } from './restore-journal.ts';

/** More entries than there ever are in a millisecond, on the average since a start; numbers have fifteen digits, as spreadsheets keep them, until 2286. */
const PER_MS = 100;
/** Journals of before have numbers of sixteen digits, and go on with them. */
const LONG = 1e15;
const LONG_PER_MS = 1000;
/** Entries that the journal may lack where the clock was set back; of the clock a second, so that it is ahead again at the next start. */
const UNWRITTEN = 100_000;

export interface Numbers {
  /** Number of the next entry. */
  readonly next: number;
  /** Occurrences and versions that are given from now on are larger. */
  readonly floor: number;
}

/**
 * Numbers that nobody was ever told. Entries are told before they are on the
 * disk: where the last life of the server did not end with all of them written,
 * or the journal is damaged, numbers go on with the clock, which runs ahead of
 * them, and beyond those that it may have given should the clock be set back.
 * No alarm has a larger version, nor a larger occurrence, than the number of its
 * newest entry. The journal is told where this life begins before there is an
 * entry. `told` is the largest number that another store knows of.
 */
export async function beginNumbers(
  log: JournalLog,
  { last, floor, isDamaged }: Pick<Restored, 'last' | 'floor' | 'isDamaged'>,
  told: number,
  nowMs: number,
): Promise<Numbers> {
  const known = Math.max(last, told);
  const beyond = Math.max(known + UNWRITTEN, nowMs * (known < LONG ? PER_MS : LONG_PER_MS));
  const isWhole = floor !== undefined && !isDamaged && told <= last;
  const numbers = isWhole ? { next: known + 1, floor } : { next: beyond + 1, floor: beyond };
  try {
    await log.append([encodeRun({ begun: numbers.next })]);
    return numbers;
  } catch {
    return { next: beyond + 1, floor: beyond }; // the journal tells why it cannot be written
  }
}

/** The next entry of an alarm, with an occurrence, where that is a new one, and a version that are above the floor. */
export function aboveFloor(draft: EntryDraft, { occurrence }: AlarmReply, { floor }: Numbers): EntryDraft {
  const isNew = draft.occurrence > occurrence;
  return {
    ...draft,
    occurrence: isNew ? Math.max(draft.occurrence, floor + 1) : occurrence,
    version: Math.max(draft.version, floor + 1),
  };
}
