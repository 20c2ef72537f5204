import type { AlarmEntry } from '../wire/alarm-journal.ts';
import type { AlarmReply } from '../wire/alarms.ts';
import { fold } from './alarm.ts';
import { type CheckpointPart, isEntry, newestWhole, readRecord } from './checkpoint.ts';
import type { JournalLog } from './journal-log.ts';
import type { DoneAction } from './recent-actions.ts';

/** What the journal says of all alarms. */
export interface Restored {
  readonly alarms: readonly AlarmReply[];
  readonly actions: readonly DoneAction[];
  /** Number of the next entry. */
  readonly next: number;
  /** Those that were read, in their order: those after the checkpoint, and what its file has before it. */
  readonly entries: readonly AlarmEntry[];
  /** Bytes of them. */
  readonly bytes: number;
}

/**
 * Reads the journal backwards to its newest whole checkpoint, or to its
 * beginning, and folds what follows. What is damaged is missing; entries after
 * it say how it went on.
 */
export async function restoreJournal(log: JournalLog): Promise<Restored> {
  let entries: AlarmEntry[] = [];
  let bytes = 0;
  let parts: CheckpointPart[] = [];
  let checkpoint: ReturnType<typeof newestWhole>;
  for (const { first, end } of log.segments().toReversed()) {
    const found: AlarmEntry[] = [];
    const foundParts: CheckpointPart[] = [];
    for await (const { payload } of log.read(first, end)) {
      const record = readRecord(payload);
      if (isEntry(record)) {
        found.push(record);
        bytes += payload.length;
      } else if (record !== undefined) foundParts.push(record);
    }
    entries = [...found, ...entries];
    parts = [...foundParts, ...parts];
    checkpoint = newestWhole(parts);
    // Entries before a checkpoint may lie behind those of others, but never behind its own parts.
    if (checkpoint !== undefined) break;
  }
  const { number = 0, alarms: known = [], actions = [] } = checkpoint ?? {};
  const after = entries.filter((entry) => entry.number > number);
  const alarms = new Map(known.map((alarm) => [alarm.tag, alarm]));
  for (const entry of after) alarms.set(entry.tag, fold(alarms.get(entry.tag), entry));
  const isDamaged = log.status().gaps.length > 0;
  return {
    alarms: [...alarms.values()],
    actions: [...actions, ...actionsOf(after)],
    // Where numbers may be lost, one that is larger than any of them: there are fewer entries than records.
    next: Math.max(number, ...after.slice(-1).map((entry) => entry.number), isDamaged ? log.next : 0) + 1,
    entries,
    bytes,
  };
}

function actionsOf(entries: readonly AlarmEntry[]): DoneAction[] {
  return entries.flatMap(({ action, atMs, tag }) => (action === undefined ? [] : [{ id: action, atMs, tags: [tag] }]));
}
