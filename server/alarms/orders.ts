import type { ActionReply, AlarmAction } from '../wire/alarm-actions.ts';
import type { AlarmActor } from '../wire/alarm-journal.ts';
import { ACTION_ALARMS } from '../wire/alarms.ts';

/** Alarms that actions change together: what fits into one append, whatever the comments. */
const TOGETHER_ALARMS = 2 * ACTION_ALARMS;

/** An action that somebody waits for. */
export interface Order {
  readonly action: AlarmAction;
  readonly actor: AlarmActor;
  readonly resolve: (reply: ActionReply) => void;
  readonly reject: (error: unknown) => void;
}

/** Takes the first of those that wait, as many as may be written together. */
export function takeTogether(waiting: Order[]): Order[] {
  let alarms = 0;
  let count = 0;
  for (const { action } of waiting) {
    alarms += action.alarms.length;
    if (alarms > TOGETHER_ALARMS) break;
    count++;
  }
  return waiting.splice(0, count);
}
