import type { AlarmEntry } from '../wire/alarm-journal.ts';
import type { EntryDraft } from './alarm.ts';

/** What somebody does waits so long for the disk. */
export const HANGING_MS = 2000;

/** What somebody did, with its numbers. */
export interface Stored {
  readonly entries: readonly AlarmEntry[];
  /** Left out where it is on the disk; else resolves when it is. */
  readonly written?: Promise<void>;
}

/** Where entries are kept. */
export interface EntryStore {
  /** Numbers what has happened; it is written behind. */
  keep(draft: EntryDraft): AlarmEntry;
  /**
   * Numbers what somebody does. Resolves when it is on the disk, all of it, or
   * is written behind because the disk hangs with it and may write it yet.
   * Rejects with `STORAGE_FAILED`, and then nothing of it ever is.
   */
  store(drafts: readonly EntryDraft[]): Promise<Stored>;
}
