/** What a thumb does on the card of an alarm. */
export type CardAct = 'open' | 'acknowledge' | 'reset' | 'shelve' | 'unshelve' | 'in-service' | 'undo' | 'trend';

/** The reader presses something on the card of an alarm. */
export class AlarmCardEvent extends Event {
  readonly act: CardAct;
  readonly tag: string;

  constructor(act: CardAct, tag: string) {
    super('fen-alarm-card', { bubbles: true, composed: true });
    this.act = act;
    this.tag = tag;
  }
}

declare global {
  interface HTMLElementEventMap {
    'fen-alarm-card': AlarmCardEvent;
  }
}
