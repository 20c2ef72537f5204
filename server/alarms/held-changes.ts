import type { AlarmChange } from './alarm.ts';

/** Changes of one alarm that wait; past it only the newest of each kind is kept. */
const KEPT_CHANGES = 64;

/** Changes of one kind undo each other: the newest says how it is. */
const KIND: Readonly<Record<AlarmChange['event'], string>> = {
  raise: 'condition',
  clear: 'condition',
  suppress: 'suppression',
  unsuppress: 'suppression',
  unshelve: 'shelf',
  capture: 'capture',
  redefine: 'definition',
  remove: 'definition',
};

export interface HeldChange {
  readonly tag: string;
  readonly change: AlarmChange;
}

/** What happens to some alarms while an action of theirs is written. */
export class HeldChanges {
  readonly #byTag: ReadonlyMap<string, AlarmChange[]>;

  constructor(tags: Iterable<string>) {
    this.#byTag = new Map([...tags].map((tag) => [tag, []]));
  }

  /** False where nothing of this alarm is to wait. */
  hold(tag: string, change: AlarmChange): boolean {
    const changes = this.#byTag.get(tag);
    if (changes === undefined) return false;
    changes.push(change);
    if (changes.length > KEPT_CHANGES) changes.splice(0, Number.POSITIVE_INFINITY, ...newestOfEachKind(changes));
    return true;
  }

  /** All of them, those of an alarm in their order. */
  *take(): Iterable<HeldChange> {
    for (const [tag, changes] of this.#byTag) for (const change of changes) yield { tag, change };
  }
}

function newestOfEachKind(changes: readonly AlarmChange[]): AlarmChange[] {
  return changes.filter(({ event }, i) => !changes.some((later, k) => k > i && KIND[later.event] === KIND[event]));
}
