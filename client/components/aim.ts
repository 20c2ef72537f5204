import type { SeenAlarm } from '../../server/wire/alarm-actions.ts';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import { seenOf } from './alarm-events.ts';

/** How long after buttons have moved nobody can have meant what is under them now. */
export const SETTLING_MS = 700;

/** Tells which alarm was drawn when a pointer went down, whatever is drawn by the time it is lifted. */
export class Aim {
  #seen: SeenAlarm | undefined;

  /** A pointer goes down where this is drawn. */
  take(alarm: AlarmReply): void {
    this.#seen = seenOf(alarm);
  }

  /** What the click means that ended the press; one by keyboard means `drawn`. */
  of({ detail }: Pick<UIEvent, 'detail'>, drawn: AlarmReply): SeenAlarm {
    return detail === 0 || this.#seen === undefined ? seenOf(drawn) : this.#seen;
  }
}

export interface SettlingOptions {
  /** Calls `run` once, later; returns what calls that off. */
  readonly after: (delayMs: number, run: () => void) => () => void;
  readonly onSettled: () => void;
}

/** Whether another alarm came where one was, so short a time ago that a finger on its way still means that one. */
export class Settling {
  readonly #options: SettlingOptions;
  #drawn: readonly AlarmReply[] = [];
  #callOff: (() => void) | undefined;

  constructor(options: SettlingOptions) {
    this.#options = options;
  }

  get isSettling(): boolean {
    return this.#callOff !== undefined;
  }

  /** Takes in what is drawn, each in its place. */
  draw(alarms: readonly AlarmReply[]): void {
    const hasMoved = this.#drawn.some((was, place) => !isSame(was, alarms[place]));
    this.#drawn = alarms;
    if (!hasMoved) return;
    this.#callOff?.();
    this.#callOff = this.#options.after(SETTLING_MS, () => {
      this.#callOff = undefined;
      this.#options.onSettled();
    });
  }

  close(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}

function isSame(was: AlarmReply, is: AlarmReply | undefined): boolean {
  return was.tag === is?.tag && was.occurrence === is.occurrence;
}
