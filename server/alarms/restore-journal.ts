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
  /** The largest number that it tells of; 0 where it is empty. */
  readonly last: number;
  /** The floor of occurrences and versions that its end tells; undefined where entries may be missing. */
  readonly floor: number | undefined;
  /** Whether records are gone. */
  readonly isDamaged: boolean;
  /** Those that were read, in their order: those after the checkpoint, what its file has before it, and what was not told before that. */
  readonly entries: readonly AlarmEntry[];
  /** Bytes of them, as far back as the file of the checkpoint. */
  readonly bytes: number;
}

/** Files that are read for what was not told, before the one of the checkpoint. */
const UNTOLD_FILES = 2;

/**
 * Reads the journal backwards to its newest whole checkpoint, or to its
 * beginning, and folds what follows. What is damaged is missing; entries after
 * it say how it went on. Where another store was told of entries up to number
 * `told` only, the files before it are read too; 0 where there is no such store.
 */
export async function restoreJournal(log: JournalLog, told: number): Promise<Restored> {
  let entries: AlarmEntry[] = [];
  let bytes = 0;
  let parts: CheckpointPart[] = [];
  let checkpoint: ReturnType<typeof newestWhole>;
  let newest: ReturnType<typeof readRecord>;
  let begun = 1;
  let untoldFiles = 0;
  for (const { first, end } of log.segments().toReversed()) {
    const found: AlarmEntry[] = [];
    const foundParts: CheckpointPart[] = [];
    let last: typeof newest;
    for await (const { payload } of log.read(first, end)) {
      const record = readRecord(payload);
      last = record;
      if (record !== undefined && 'begun' in record) begun = Math.max(begun, record.begun);
      if (isEntry(record)) {
        found.push(record);
        if (checkpoint === undefined) bytes += payload.length;
      } else if (record !== undefined && 'checkpoint' in record) foundParts.push(record);
    }
    newest ??= last;
    entries = [...found, ...entries];
    parts = [...foundParts, ...parts];
    checkpoint ??= newestWhole(parts);
    // Entries before a checkpoint may lie behind those of others, but never behind its own parts.
    if (checkpoint === undefined) continue;
    const isTold = told === 0 || (entries[0] !== undefined && entries[0].number <= told + 1);
    if (isTold || untoldFiles++ === UNTOLD_FILES) break;
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
    last: Math.max(number, begun - 1, ...after.slice(-1).map((entry) => entry.number), isDamaged ? log.next : 0),
    floor: log.next === 1 ? 0 : newest !== undefined && 'ended' in newest ? newest.ended : undefined,
    isDamaged,
    entries,
    bytes,
  };
}

function actionsOf(entries: readonly AlarmEntry[]): DoneAction[] {
  return entries.flatMap(({ action, atMs, tag }) => (action === undefined ? [] : [{ id: action, atMs, tags: [tag] }]));
}
