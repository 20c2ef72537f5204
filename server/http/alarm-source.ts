import type { ActionReply, AlarmAction } from '../wire/alarm-actions.ts';
import type { AlarmActor } from '../wire/alarm-journal.ts';
import type { AlarmFlood, AlarmReply } from '../wire/alarms.ts';

/** What the routes ask of the alarms. */
export interface AlarmSource {
  /** Those that are not simply `normal`. */
  standing(): Iterable<AlarmReply>;
  /** All that definitions make. */
  all(): Iterable<AlarmReply>;
  find(tag: string): AlarmReply | undefined;
  flood(): Omit<AlarmFlood, 'type'>;
  /** Resolves when it is in the journal. Rejects with `STORAGE_FAILED` where that cannot be written. */
  act(action: AlarmAction, actor: AlarmActor): Promise<ActionReply>;
}
