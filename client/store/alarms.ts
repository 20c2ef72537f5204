import type { AlarmDefinitions } from '../../server/wire/alarm-definitions.ts';
import { compareUrgency } from '../../server/wire/alarm-urgency.ts';
import {
  ALARM_PRIORITIES,
  type AlarmFlood,
  type AlarmPriority,
  type AlarmReply,
  type Alarms,
  HIDE_REASONS,
  type HideReason,
  isUnacknowledged,
} from '../../server/wire/alarms.ts';
import { Listeners, type Store } from './store.ts';

export type ToldDefinition = AlarmDefinitions['definitions'][number];

export interface AlarmCount {
  readonly all: number;
  readonly unacknowledged: number;
}

/** What is known of alarms. A new object after every change. */
export interface AlarmState {
  /** Whether the server has told of all of them since the page began: before that, empty lists mean nothing. */
  readonly isKnown: boolean;
  /** The line was lost, and not all was told anew since; `AlarmStore.isStale` says of which. */
  readonly isStale: boolean;
  /** Those that nothing hides, the most urgent first. */
  readonly shown: readonly AlarmReply[];
  /** Those that something hides, the most urgent first, each in the list of the first of its reasons. */
  readonly hidden: Readonly<Record<HideReason, readonly AlarmReply[]>>;
  /** Of those shown. */
  readonly counts: Readonly<Record<AlarmPriority, AlarmCount>>;
  /** The most urgent that is shown of each channel that has any. */
  readonly ofChannel: ReadonlyMap<string, AlarmReply>;
  readonly flood: AlarmFlood | undefined;
  /** The least urgent ones, which this page has no room for; since all was told last. */
  readonly leftOut: number;
}

/** Alarms that are kept; of more, the least urgent are left out and counted. */
export const ALARMS_KEPT = 20_000;

/** Definitions that are kept; of more, those that no alarm names are forgotten. */
const DEFINITIONS_KEPT = 2000;

/**
 * The alarms that are not simply `normal`, and the definitions they name, as
 * the hub tells of them. What was known when the line was lost stays, as
 * stale, until it is told anew, or all is told and it was not among it.
 */
export class AlarmStore implements Store<AlarmState> {
  readonly #listeners = new Listeners();
  readonly #alarms = new Map<string, AlarmReply>();
  readonly #definitions = new Map<string, ToldDefinition>();
  /** Known from before the line was lost, and not told anew. */
  readonly #stale = new Set<string>();
  #flood: AlarmFlood | undefined;
  #isKnown = false;
  #isStale = false;
  #leftOut = 0;
  #value: AlarmState | undefined;

  get value(): AlarmState {
    this.#value ??= this.#state();
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Undefined where it is simply `normal`, or nothing is known of it. */
  find(tag: string): AlarmReply | undefined {
    return this.#alarms.get(tag);
  }

  definition(id: string): ToldDefinition | undefined {
    return this.#definitions.get(id);
  }

  /** Whether the line was lost since this was told. */
  isStale(tag: string): boolean {
    return this.#stale.has(tag);
  }

  setDefinitions(definitions: readonly ToldDefinition[]): void {
    for (const definition of definitions) this.#definitions.set(definition.id, definition);
    if (this.#definitions.size > DEFINITIONS_KEPT) this.#forgetDefinitions();
    this.#changed();
  }

  /** Takes in what the hub tells. */
  take({ alarms, snapshot }: Alarms): void {
    for (const alarm of alarms) this.#set(alarm);
    if (snapshot === 'last') {
      for (const tag of this.#stale) this.#alarms.delete(tag);
      this.#stale.clear();
      this.#isKnown = true;
      this.#isStale = false;
      this.#leftOut = 0;
    }
    if (this.#alarms.size > ALARMS_KEPT) this.#leaveOut();
    this.#changed();
  }

  /** Takes in what an action was answered with. */
  learn(alarms: readonly AlarmReply[]): void {
    for (const alarm of alarms) if (this.#alarms.has(alarm.tag)) this.#set(alarm);
    this.#changed();
  }

  setFlood(flood: AlarmFlood): void {
    this.#flood = flood.sinceMs === undefined ? undefined : flood;
    this.#changed();
  }

  /** The line was lost: nothing is known to be as it was. */
  interrupt(): void {
    for (const tag of this.#alarms.keys()) this.#stale.add(tag);
    this.#isStale = this.#isKnown;
    this.#changed();
  }

  // Answers and the hub's words come on lines of their own: an older one may come after a newer one.
  #set(alarm: AlarmReply): void {
    const known = this.#alarms.get(alarm.tag);
    if (known !== undefined && known.version > alarm.version && !this.#stale.has(alarm.tag)) return;
    if (alarm.state === 'normal' && alarm.hidden.length === 0) this.#alarms.delete(alarm.tag);
    else this.#alarms.set(alarm.tag, alarm);
    this.#stale.delete(alarm.tag);
  }

  #leaveOut(): void {
    const excess = [...this.#alarms.values()].sort(compareUrgency).slice(ALARMS_KEPT);
    for (const { tag } of excess) {
      this.#alarms.delete(tag);
      this.#stale.delete(tag);
    }
    this.#leftOut += excess.length;
  }

  #forgetDefinitions(): void {
    const named = new Set([...this.#alarms.values()].map(({ definition }) => definition));
    for (const id of this.#definitions.keys()) {
      if (this.#definitions.size <= DEFINITIONS_KEPT) return;
      if (!named.has(id)) this.#definitions.delete(id);
    }
  }

  #state(): AlarmState {
    const sorted = [...this.#alarms.values()].sort(compareUrgency);
    const shown = sorted.filter(({ hidden }) => hidden.length === 0);
    const ofChannel = new Map<string, AlarmReply>();
    for (const alarm of shown) {
      const { channel } = alarm;
      if (channel !== undefined && !ofChannel.has(channel)) ofChannel.set(channel, alarm);
    }
    const listOf = (reason: HideReason) => sorted.filter(({ hidden }) => hidden[0]?.reason === reason);
    return {
      isKnown: this.#isKnown,
      isStale: this.#isStale,
      shown,
      hidden: byKey(HIDE_REASONS, listOf),
      counts: byKey(ALARM_PRIORITIES, (priority) => countOf(shown.filter((alarm) => alarm.priority === priority))),
      ofChannel,
      flood: this.#flood,
      leftOut: this.#leftOut,
    };
  }

  #changed(): void {
    this.#value = undefined;
    this.#listeners.announce();
  }
}

function countOf(alarms: readonly AlarmReply[]): AlarmCount {
  return { all: alarms.length, unacknowledged: alarms.filter(({ state }) => isUnacknowledged(state)).length };
}

function byKey<K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>;
}
