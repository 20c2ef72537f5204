import type { ReactiveControllerHost } from 'lit';
import type { SeenAlarm } from '../../server/wire/alarm-actions.ts';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import { systemTimers } from '../net/system-timers.ts';
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

/** Whether something else came where something was, so short a time ago that a finger on its way still means that. */
export class Settling {
  readonly #options: SettlingOptions;
  #drawn: readonly string[] = [];
  #callOff: (() => void) | undefined;

  constructor(options: SettlingOptions) {
    this.#options = options;
  }

  get isSettling(): boolean {
    return this.#callOff !== undefined;
  }

  /** Takes in what is drawn, each in its place, by keys of what is to be told apart. */
  draw(keys: readonly string[]): void {
    const hasMoved = this.#drawn.some((was, place) => was !== keys[place]);
    this.#drawn = keys;
    if (hasMoved) this.begin();
  }

  /** What is drawn has come, or is elsewhere. */
  begin(): void {
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

/** Tells an alarm from another one, and from the same one that occurred again. */
export function occurrenceKey({ tag, occurrence }: AlarmReply): string {
  return `${occurrence} ${tag}`;
}

/** Which alarms of a list have been drawn long enough to have been seen. */
export class Sight {
  readonly #options: SettlingOptions;
  /** By occurrence; a new object each time that is drawn anew. */
  #drawn: ReadonlyMap<string, { isSeen: boolean }> = new Map();

  constructor(options: SettlingOptions) {
    this.#options = options;
  }

  /** Takes in what is drawn, wherever that is; what is not any more is forgotten. */
  draw(alarms: readonly AlarmReply[]): void {
    const before = this.#drawn;
    const fresh: { isSeen: boolean }[] = [];
    const take = (key: string) => {
      const was = before.get(key);
      if (was) return was;
      const is = { isSeen: false };
      fresh.push(is);
      return is;
    };
    this.#drawn = new Map(alarms.map(occurrenceKey).map((key) => [key, take(key)]));
    if (fresh.length === 0) return;
    this.#options.after(SETTLING_MS, () => {
      for (const one of fresh) one.isSeen = true;
      this.#options.onSettled();
    });
  }

  /** Whether this occurrence of it has been. */
  has(alarm: AlarmReply): boolean {
    return this.#drawn.get(occurrenceKey(alarm))?.isSeen === true;
  }
}

/** Of what an element draws, which is drawn anew once it has settled. */
export function settlingOf(host: ReactiveControllerHost): Settling {
  const settling = new Settling(optionsOf(host));
  host.addController({ hostDisconnected: () => settling.close() });
  return settling;
}

/** Of the alarms that an element draws, which is drawn anew once more of them have been seen. */
export function sightOf(host: ReactiveControllerHost): Sight {
  return new Sight(optionsOf(host));
}

function optionsOf(host: ReactiveControllerHost): SettlingOptions {
  return { after: (delayMs, run) => systemTimers.after(delayMs, run), onSettled: () => host.requestUpdate() };
}
