import type { AlarmReply } from '../../server/wire/alarms.ts';
import { type AlarmLine, alarmLines } from './alarm-groups.ts';
import type { AlarmListName } from './alarm-list-top.ts';
import { type AlarmSpeech, matchingAlarms } from './alarm-speech.ts';
import { CalmOrder } from './calm-order.ts';

/** The lines of the list that is shown: calm while a hand is on it, filtered, and grouped in a flood. */
export class ListedAlarms {
  readonly order = new CalmOrder(() => performance.now());
  readonly #unfolded = new Set<string>();
  #lines: readonly AlarmLine[] = [];
  #waiting = 0;
  #isFlood = false;

  get lines(): readonly AlarmLine[] {
    return this.#lines;
  }

  /** Alarms that came while nothing was to move. */
  get waiting(): number {
    return this.#waiting;
  }

  /** It is shown as in a flood. */
  get isFlood(): boolean {
    return this.#isFlood;
  }

  /** Takes in what is known now; returns the tags of all that are in the list, shown or not. */
  update(list: AlarmListName, filter: string, speech: AlarmSpeech): ReadonlySet<string> {
    const { shown, hidden, flood } = speech.alarms.value;
    const now = list === 'current' ? shown : hidden[list];
    if (!this.order.isHeld) this.#isFlood = flood !== undefined;
    const { alarms, waiting } = this.order.arrange(list, now, (tag) => speech.alarms.find(tag));
    this.#waiting = waiting;
    this.#lines = alarmLines(matchingAlarms(alarms, filter, speech), {
      isFlood: this.#isFlood && list === 'current',
      firstOut: flood?.firstOut,
      open: this.#unfolded,
    });
    return new Set(now.map(({ tag }) => tag));
  }

  /** The alarms that have lines of their own among so many. */
  alarmsOf(lines: readonly AlarmLine[]): readonly AlarmReply[] {
    return lines.flatMap((line) => (line.kind === 'alarm' ? [line.alarm] : []));
  }

  fold(key: string, isFolded: boolean): void {
    if (isFolded) this.#unfolded.delete(key);
    else this.#unfolded.add(key);
  }
}
