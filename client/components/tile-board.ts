import { ALARM_PRIORITIES, type AlarmPriority } from '../../server/wire/alarms.ts';
import type { ChannelState } from '../store/channel-store.ts';
import { type Condition, conditionOf } from './condition.ts';

/** What is on the screen at once of more channels than it holds. */
export interface Board<T> {
  readonly channels: readonly T[];
  /** Which board this is, from 0, and how many take turns. */
  readonly turn: number;
  readonly turns: number;
}

export interface BoardRoom {
  /** How many channels the screen holds, 1 or more. */
  readonly capacity: number;
  /** Monotonic. */
  readonly nowMs: number;
  /** Nothing moves: the view is frozen, or nobody knows any more what is urgent. */
  readonly isHeld: boolean;
  /** How urgent its most urgent alarm is. */
  readonly alarmOf?: (channel: Boarded) => AlarmPriority | undefined;
  /** Whether a model finds something out of place, or suspects it. */
  readonly remarkOf?: (channel: Boarded) => 'fault' | 'suspicion' | undefined;
}

export interface Boarded {
  readonly name: string;
  readonly value: ChannelState;
}

/** What alarms comes first, by priority, then what is out of place, then what may be, then what cannot be trusted, then all else. */
const AMISS = ALARM_PRIORITIES.length;
const SUSPECT = AMISS + 1;
const UNTRUSTED = AMISS + 2;
const CALM = AMISS + 3;
// What was urgent keeps its place so long, or tiles would jump as a value wavers.
const HOLD_MS = 10_000;
const TURN_MS = 10_000;

/**
 * Puts the urgent channels first, in display order among themselves, and lets
 * the others take turns in the room that is left. Where the urgent ones alone
 * are too many, they take turns.
 */
export class TileBoard {
  readonly #urgent = new Map<string, { readonly rank: number; readonly untilMs: number }>();
  #turn = 0;

  arrange<T extends Boarded>(channels: readonly T[], room: BoardRoom): Board<T> {
    const { capacity, nowMs, isHeld } = room;
    if (!isHeld) {
      this.#judge(channels, room);
      this.#turn = Math.floor(nowMs / TURN_MS);
    }
    const ranked = channels.toSorted((a, b) => this.#rank(a) - this.#rank(b)); // stable
    if (ranked.length <= capacity) return { channels: ranked, turn: 0, turns: 1 };

    const urgent = ranked.filter((channel) => this.#rank(channel) < CALM);
    const fixed = urgent.length < capacity ? urgent : [];
    const others = urgent.length < capacity ? ranked.slice(urgent.length) : urgent;
    const free = capacity - fixed.length;
    const turns = Math.ceil(others.length / free);
    const turn = this.#turn % turns;
    // The last board is filled up with the first ones, so that all have the same places.
    const shown = Array.from(
      { length: Math.min(free, others.length) },
      (_, i) => others[(turn * free + i) % others.length],
    );
    return { channels: [...fixed, ...shown], turn, turns };
  }

  #rank({ name }: Boarded): number {
    return this.#urgent.get(name)?.rank ?? CALM;
  }

  #judge(channels: readonly Boarded[], { nowMs, alarmOf, remarkOf }: BoardRoom): void {
    const ofRemark = { fault: AMISS, suspicion: SUSPECT, none: CALM };
    const ofAlarm = (priority?: AlarmPriority) => (priority === undefined ? CALM : ALARM_PRIORITIES.indexOf(priority));
    const rank = (channel: Boarded) =>
      Math.min(
        ofAlarm(alarmOf?.(channel)),
        ofRemark[remarkOf?.(channel) ?? 'none'],
        rankOf(conditionOf(channel.value)),
      );
    const ranks = new Map(channels.map((channel) => [channel.name, rank(channel)]));
    for (const [name, { untilMs }] of this.#urgent) {
      if (nowMs >= untilMs || !ranks.has(name)) this.#urgent.delete(name);
    }
    for (const [name, rank] of ranks) {
      const held = this.#urgent.get(name)?.rank ?? CALM;
      if (rank < CALM && rank <= held) this.#urgent.set(name, { rank, untilMs: nowMs + HOLD_MS });
    }
  }
}

function rankOf(condition: Condition): number {
  switch (condition) {
    case 'above':
    case 'below':
      return AMISS;
    case 'invalid':
    case 'stale':
      return UNTRUSTED;
    default:
      return CALM;
  }
}
