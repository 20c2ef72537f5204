import type { SeenAlarm } from '../../server/wire/alarm-actions.ts';
import type { AlarmReply } from '../../server/wire/alarms.ts';
import { seenOf } from './alarm-events.ts';
import type { AlarmLine } from './alarm-groups.ts';

/**
 * Which line of a list has the keyboard, and which alarms are selected. Both go
 * by key, so they stay with their alarm wherever that moves.
 */
export class AlarmChoice {
  #active: string | undefined;
  /** Where its line was last. */
  #at = 0;
  /** Where a range begins. */
  #anchor: string | undefined;
  /** As each was seen when it was selected. */
  readonly #selected = new Map<string, SeenAlarm>();

  get active(): string | undefined {
    return this.#active;
  }

  get count(): number {
    return this.#selected.size;
  }

  has(tag: string): boolean {
    return this.#selected.has(tag);
  }

  /** The line that has the keyboard; undefined where none has, or it is gone: no key may act on what took its place. */
  activeLine(lines: readonly AlarmLine[]): AlarmLine | undefined {
    const at = lines.findIndex(({ key }) => key === this.#active);
    if (at >= 0) this.#at = at;
    return lines[at];
  }

  activate(key: string): void {
    this.#active = key;
  }

  /** Moves the keyboard by so many lines, no further than the ends; from where its line was, if that is gone. */
  move(lines: readonly AlarmLine[], by: number): void {
    const isThere = this.activeLine(lines) !== undefined;
    const to = isThere || !Number.isFinite(by) ? this.#at + by : this.#at;
    this.#active = lines[Math.min(lines.length - 1, Math.max(0, to))]?.key;
  }

  toggle(alarm: AlarmReply): void {
    this.#anchor = alarm.tag;
    if (!this.#selected.delete(alarm.tag)) this.#selected.set(alarm.tag, seenOf(alarm));
  }

  /** Selects from where the last was selected to `key`, and what is between: no alarm of a folded group. */
  selectTo(lines: readonly AlarmLine[], key: string): void {
    const to = lines.findIndex((line) => line.key === key);
    const from = lines.findIndex((line) => line.key === this.#anchor);
    const range = lines.slice(Math.min(from < 0 ? to : from, to), Math.max(from, to) + 1);
    for (const line of range) if (line.kind === 'alarm') this.#selected.set(line.key, seenOf(line.alarm));
    if (from < 0) this.#anchor = key;
  }

  clear(): void {
    this.#selected.clear();
    this.#anchor = undefined;
  }

  /** Forgets what is selected and was taken out of the list. */
  keep(isThere: (tag: string) => boolean): void {
    for (const tag of this.#selected.keys()) if (!isThere(tag)) this.#selected.delete(tag);
  }

  /** What is selected: those in view as they are seen now, the others as they were seen when they were selected. */
  selected(inView: readonly AlarmReply[]): SeenAlarm[] {
    const now = new Map(inView.map((alarm) => [alarm.tag, alarm]));
    return [...this.#selected].map(([tag, seen]) => {
      const alarm = now.get(tag);
      return alarm ? seenOf(alarm) : seen;
    });
  }
}
