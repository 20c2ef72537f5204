/** The reader chose something. */
export class ChoiceEvent extends Event {
  readonly key: string;
  readonly chosen: string | boolean | number;

  constructor(key: string, chosen: string | boolean | number) {
    super('fen-choice', { bubbles: true, composed: true });
    this.key = key;
    this.chosen = chosen;
  }
}

declare global {
  interface HTMLElementEventMap {
    'fen-choice': ChoiceEvent;
  }
}
