import type { AlarmReply } from '../../server/wire/alarms.ts';

/** Tells which alarms have come to be unacknowledged since it was asked last. */
export class NewAlarms {
  #known = new Map<string, number>();

  /** Of those that are shown; one that is told anew, as after a lost line, is not new. */
  take(shown: readonly AlarmReply[]): readonly AlarmReply[] {
    const calling = shown.filter(({ state }) => state === 'unacknowledged');
    const fresh = calling.filter(({ tag, occurrence }) => (this.#known.get(tag) ?? -1) < occurrence);
    this.#known = new Map(shown.map(({ tag, occurrence }) => [tag, occurrence]));
    return fresh;
  }
}
