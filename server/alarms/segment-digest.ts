import type { AlarmEntry, AlarmEvent } from '../wire/alarm-journal.ts';
import type { AlarmEntryFilter } from '../wire/alarm-search.ts';
import type { AlarmPriority, BaseState } from '../wire/alarms.ts';
import { patternMatch } from './entry-match.ts';

/** Different tags, and different people, that are told apart; of more, any may be there. */
const NAMES = 1000;

/** What a sealed segment of the journal holds, so that a search can tell that it holds nothing of what is wanted. */
export class SegmentDigest {
  readonly #events = new Set<AlarmEvent>();
  readonly #states = new Set<BaseState>();
  readonly #priorities = new Set<AlarmPriority>();
  #tags: Set<string> | undefined = new Set();
  #people: Set<string> | undefined = new Set();
  #fromMs = Number.POSITIVE_INFINITY;
  #toMs = Number.NEGATIVE_INFINITY;

  /** All entries are to be told. */
  add({ atMs, event, state, priority, tag, actor }: AlarmEntry): void {
    this.#fromMs = Math.min(this.#fromMs, atMs);
    this.#toMs = Math.max(this.#toMs, atMs);
    this.#events.add(event);
    this.#states.add(state);
    this.#priorities.add(priority);
    this.#tags = withName(this.#tags, tag);
    this.#people = actor === undefined ? this.#people : withName(this.#people, actor.name.toLowerCase());
  }

  /** Whether what is wanted may be among them. */
  mayHold({ fromMs, toMs, events, states, priorities, tag, person, ...names }: AlarmEntryFilter): boolean {
    if (this.#fromMs >= (toMs ?? Number.POSITIVE_INFINITY) || this.#toMs < (fromMs ?? Number.NEGATIVE_INFINITY))
      return false;
    if (events && !events.some((event) => this.#events.has(event))) return false;
    if (states && !states.some((state) => this.#states.has(state))) return false;
    if (priorities && !priorities.some((priority) => this.#priorities.has(priority))) return false;
    if (person !== undefined && this.#people && ![...this.#people].some((name) => name.includes(person.toLowerCase())))
      return false;
    if (this.#tags === undefined) return true;
    const patterns = [tag, fullTag(names)].filter((pattern) => pattern !== undefined).map(patternMatch);
    return [...this.#tags].some((name) => patterns.every((fits) => fits(name)));
  }
}

/** The tags that a definition and a channel can make. */
function fullTag({ definition, channel }: AlarmEntryFilter): string | undefined {
  if (channel !== undefined) return `${definition ?? '*'}:${channel}`;
  return definition === undefined ? undefined : `${definition}*`;
}

function withName(names: Set<string> | undefined, name: string): Set<string> | undefined {
  names?.add(name);
  return names !== undefined && names.size > NAMES ? undefined : names;
}
