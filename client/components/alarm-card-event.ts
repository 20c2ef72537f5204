import type { SeenAlarm } from '../../server/wire/alarm-actions.ts';

/** What a thumb does on the card of an alarm. */
export type CardAct = 'open' | 'acknowledge' | 'reset' | 'shelve' | 'unshelve' | 'in-service' | 'undo' | 'trend';

/** The reader presses something on the card of an alarm. */
export class AlarmCardEvent extends Event {
  readonly act: CardAct;
  /** As it was drawn when the thumb came down. */
  readonly seen: SeenAlarm;

  constructor(act: CardAct, seen: SeenAlarm) {
    super('fen-alarm-card', { bubbles: true, composed: true });
    this.act = act;
    this.seen = seen;
  }
}

declare global {
  interface HTMLElementEventMap {
    'fen-alarm-card': AlarmCardEvent;
  }
}
