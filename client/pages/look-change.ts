/** The address follows once a view has rested for this long, ms: each rest is one step of the browser's history. */
export const REST_MS = 400;

/** What the address of a page changed to, as a step of the browser's history. */
export class LookChangeEvent extends Event {
  /** A query without its question mark. */
  readonly query: string;

  constructor(query: string) {
    super('fen-look-change', { bubbles: true, composed: true });
    this.query = query;
  }
}
