import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { AppendLog } from '../durable/append-log.ts';
import { type Definitions, deadDefinitions } from './dead-definitions.ts';
import { DefinitionStore } from './definition-store.ts';
import { readFirstDefinitions } from './first-definitions.ts';
import { deadLog, type JournalLog } from './journal-log.ts';

export interface AlarmPlace {
  readonly folder: string;
  /** The file of definitions that the settings name; empty for those that are shipped. */
  readonly first: string;
  readonly shipped: readonly URL[];
  readonly clock: Clock;
  readonly log: Logger;
}

const NOTHING_KEPT = 'nothing of alarms is kept, and nobody can act on them, until a restart';

/**
 * Opens what is kept of alarms. Where the folder is not ours, for that `lack`, nothing is opened, and nothing is kept.
 * Rejects where the definitions cannot be read: `CONFIG_INVALID`, `DEFINITION_INVALID`, `STORAGE_FAILED`.
 */
export async function openStorage(
  { folder, first: path, shipped, clock, log }: AlarmPlace,
  lack: string | undefined,
): Promise<{ readonly definitions: Definitions; readonly journal: JournalLog }> {
  const first = () => readFirstDefinitions(path, shipped);
  if (lack !== undefined) {
    const problem = `${NOTHING_KEPT}: ${lack}`;
    return { definitions: deadDefinitions(problem, first()), journal: deadLog(problem) };
  }
  const definitions = await DefinitionStore.open({ folder: join(folder, 'definitions'), clock, log, first });
  return { definitions, journal: await openJournal(join(folder, 'journal'), log) };
}

async function openJournal(folder: string, log: Logger): Promise<JournalLog> {
  try {
    return await AppendLog.open({ folder, log });
  } catch (error) {
    log.error({ err: error }, NOTHING_KEPT);
    return deadLog(`${NOTHING_KEPT}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
