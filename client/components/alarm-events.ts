import type { SeenAlarm } from '../../server/wire/alarm-actions.ts';
import type { AlarmActionKind, AlarmReply } from '../../server/wire/alarms.ts';
import type { AlarmWish } from '../store/alarm-desk.ts';

/** The reader wants something done about alarms, as they saw them; what takes words is yet to be asked for them. */
export class AlarmWishEvent extends Event {
  readonly action: AlarmActionKind;
  readonly alarms: readonly SeenAlarm[];

  constructor(action: AlarmActionKind, alarms: readonly SeenAlarm[]) {
    super('fen-alarm-wish', { bubbles: true, composed: true });
    this.action = action;
    this.alarms = alarms;
  }
}

/** The reader has told all it takes to do something. */
export class AlarmActEvent extends Event {
  readonly wish: AlarmWish;

  constructor(wish: AlarmWish) {
    super('fen-alarm-act', { bubbles: true, composed: true });
    this.wish = wish;
  }
}

/** The reader wants to see an alarm in detail, or none any more. */
export class AlarmOpenEvent extends Event {
  readonly tag: string | undefined;

  constructor(tag: string | undefined) {
    super('fen-alarm-open', { bubbles: true, composed: true });
    this.tag = tag;
  }
}

/** What is seen of an alarm, to be told with an action. */
export function seenOf({ tag, occurrence, version }: AlarmReply): SeenAlarm {
  return { tag, occurrence, version };
}

declare global {
  interface HTMLElementEventMap {
    'fen-alarm-wish': AlarmWishEvent;
    'fen-alarm-act': AlarmActEvent;
    'fen-alarm-open': AlarmOpenEvent;
  }
  interface WindowEventMap {
    'fen-alarm-wish': AlarmWishEvent;
    'fen-alarm-act': AlarmActEvent;
    'fen-alarm-open': AlarmOpenEvent;
  }
}
