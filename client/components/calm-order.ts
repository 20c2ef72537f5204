import type { AlarmReply } from '../../server/wire/alarms.ts';

/** Alarms in the order they are shown in, and how many came that are not among them yet. */
export interface CalmList {
  readonly alarms: readonly AlarmReply[];
  readonly waiting: number;
}

/** How long nothing moves after a hand has moved, or a key was pressed, over a list. */
export const HELD_MS = 15_000;

/**
 * Keeps every line where it is while somebody's hand is on the list: what
 * changes does so in its place, what is over stays as it ended, what is new
 * waits and is counted. A hand that rests lets go after `HELD_MS`.
 */
export class CalmOrder {
  readonly #nowMs: () => number;
  #shown: readonly AlarmReply[] = [];
  #list: unknown;
  #touchedMs = -Infinity;

  /** `nowMs` is a monotonic clock. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get isHeld(): boolean {
    return this.#nowMs() - this.#touchedMs < HELD_MS;
  }

  /** A hand moves over the list, or a key was pressed in it. */
  touch(): void {
    this.#touchedMs = this.#nowMs();
  }

  release(): void {
    this.#touchedMs = -Infinity;
  }

  /** `list` names which of several lists it is: another one is shown as it is. `find` gives what is known of one that is in it no more. */
  arrange(list: string, alarms: readonly AlarmReply[], find: (tag: string) => AlarmReply | undefined): CalmList {
    if (!this.isHeld || list !== this.#list) {
      this.#list = list;
      this.#shown = alarms;
      return { alarms, waiting: 0 };
    }
    const now = new Map(alarms.map((alarm) => [alarm.tag, alarm]));
    this.#shown = this.#shown.map((was) => {
      const is = now.get(was.tag) ?? find(was.tag) ?? { ...was, state: 'normal' };
      now.delete(was.tag);
      return is;
    });
    return { alarms: this.#shown, waiting: now.size };
  }
}
