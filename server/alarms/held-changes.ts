import type { AlarmChange, AlarmIdentity } from './alarm.ts';

/** Changes of one alarm that wait; past it only the newest of each kind is kept. */
const KEPT_CHANGES = 64;

/** What waits: also that a definition makes the alarm. */
type Waiting = AlarmChange | { readonly event: 'define'; readonly identity: AlarmIdentity };

/** Changes of one kind undo each other: the newest says how it is. */
const KIND: Readonly<Record<Waiting['event'], string>> = {
  raise: 'condition',
  clear: 'condition',
  suppress: 'suppression',
  unsuppress: 'suppression',
  unshelve: 'shelf',
  capture: 'capture',
  redefine: 'definition',
  define: 'definition',
  remove: 'removal', // what is defined after it begins anew
};

export interface HeldChange {
  readonly tag: string;
  readonly change: Waiting;
}

/** What happens to some alarms while an action of theirs is written. */
export class HeldChanges {
  readonly #byTag: ReadonlyMap<string, Waiting[]>;

  constructor(tags: Iterable<string>) {
    this.#byTag = new Map([...tags].map((tag) => [tag, []]));
  }

  /** False where nothing of this alarm is to wait. */
  hold(tag: string, change: Waiting): boolean {
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

function newestOfEachKind(changes: readonly Waiting[]): Waiting[] {
  return changes.filter(({ event }, i) => !changes.some((later, k) => k > i && KIND[later.event] === KIND[event]));
}
