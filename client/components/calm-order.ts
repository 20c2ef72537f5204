import type { AlarmReply } from '../../server/wire/alarms.ts';

/** Alarms in the order they are shown in, and how many came that are not among them yet. */
export interface CalmList {
  readonly alarms: readonly AlarmReply[];
  readonly waiting: number;
}

/** How long nothing moves after a hand has moved, or a key was pressed, over a list. */
export const HELD_MS = 15_000;
/** How long nothing moves at the most, however long a hand does. */
export const LONGEST_HELD_MS = 30_000;

/** What a hand does on a list. */
export const HANDS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'];

/**
 * Keeps every line where it is while somebody's hand is on the list: what
 * changes does so in its place, what is over stays as it ended, what is new
 * waits and is counted; what is critical is let in below the others. A hand
 * that rests lets go after `HELD_MS`, one that never does after
 * `LONGEST_HELD_MS`.
 */
export class CalmOrder {
  readonly #nowMs: () => number;
  #shown: readonly AlarmReply[] = [];
  #list: unknown;
  #touchedMs = -Infinity;
  #heldSinceMs = -Infinity;

  /** `nowMs` is a monotonic clock. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get isHeld(): boolean {
    const nowMs = this.#nowMs();
    return nowMs - this.#touchedMs < HELD_MS && nowMs - this.#heldSinceMs < LONGEST_HELD_MS;
  }

  /** A hand moves over the list, or a key was pressed in it. */
  touch(): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#touchedMs >= HELD_MS) this.#heldSinceMs = nowMs;
    this.#touchedMs = nowMs;
  }

  release(): void {
    this.#touchedMs = -Infinity;
  }

  /** `list` names which of several lists it is: another one, or one of which nothing is left, is shown as it is. `find` gives what is known of one that is in it no more. */
  arrange(list: string, alarms: readonly AlarmReply[], find: (tag: string) => AlarmReply | undefined): CalmList {
    const now = new Map(alarms.map((alarm) => [alarm.tag, alarm]));
    const isLeft = this.#shown.some(({ tag }) => now.has(tag));
    if (!this.isHeld || list !== this.#list || !isLeft) {
      this.#list = list;
      this.#shown = alarms;
      this.#heldSinceMs = this.#nowMs();
      return { alarms, waiting: 0 };
    }
    const held = this.#shown.map((was) => {
      const is = now.get(was.tag) ?? find(was.tag) ?? { ...was, state: 'normal' };
      now.delete(was.tag);
      return is;
    });
    const critical = [...now.values()].filter(({ priority }) => priority === 'critical');
    this.#shown = [...held, ...critical];
    return { alarms: this.#shown, waiting: now.size - critical.length };
  }
}
