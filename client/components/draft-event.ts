import type { Draft } from '../store/definition-draft.ts';

/** Somebody edited the draft of a definition. */
export class DraftEvent extends Event {
  readonly draft: Draft;

  constructor(draft: Draft) {
    super('fen-draft', { bubbles: true, composed: true });
    this.draft = draft;
  }
}
