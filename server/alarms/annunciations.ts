// What the figures of alarms are counted from: every annunciation, when it went
// and when somebody acknowledged it.

import type { AlarmEntry } from '../wire/alarm-journal.ts';
import { type AlarmPriority, isPresent } from '../wire/alarms.ts';

/** An alarm was annunciated. Times are of the server's clock, ms since 1970 UTC. */
export interface Annunciation {
  /** Of its entry in the journal. */
  readonly number: number;
  readonly tag: string;
  readonly definition: string;
  readonly channel: string | undefined;
  readonly priority: AlarmPriority;
  readonly occurrence: number;
  readonly atMs: number;
  /** First entry of the alarm after it whose state says that the condition is absent. */
  readonly goneMs: number | undefined;
  /** First `acknowledge` of this occurrence. */
  readonly acknowledgedMs: number | undefined;
  /** Nobody had acknowledged it when it went. */
  readonly isMissed: boolean;
}

/** Remembered at most; past it the oldest that are gone, or were annunciated again since, are forgotten, and what is known begins later. */
const ANNUNCIATION_LIMIT = 200_000;

/** Forgotten at a time, so that forgetting costs little. */
const PRUNED = 4096;

type Written = { -readonly [K in keyof Annunciation]: Annunciation[K] };

/** The alarms annunciated since a moment, in the order of their times, from entries of the journal in their order. */
export class Annunciations {
  readonly #limit: number;
  /** By time, then number. */
  #all: Written[] = [];
  /** By tag: those whose condition is still there, the newest last; and the newest of all. */
  readonly #standing = new Map<string, Written[]>();
  readonly #newest = new Map<string, Written>();
  #knownFromMs: number;
  #crowdedOut = 0;

  /** Of entries before `knownFromMs` not all are told. */
  constructor({ knownFromMs, limit = ANNUNCIATION_LIMIT }: { knownFromMs: number; limit?: number }) {
    this.#knownFromMs = knownFromMs;
    this.#limit = limit;
  }

  get all(): readonly Annunciation[] {
    return this.#all;
  }

  /** From then on none is missing. */
  get knownFromMs(): number {
    return this.#knownFromMs;
  }

  /** Forgotten because too many were remembered. */
  get crowdedOut(): number {
    return this.#crowdedOut;
  }

  take(entry: AlarmEntry): void {
    const { tag, atMs } = entry;
    if (!isPresent(entry.state)) this.#go(tag, atMs);
    if (entry.event === 'acknowledge') this.#acknowledge(entry);
    if (entry.isAnnunciated) this.#add(entry);
  }

  /** Forgets those that were gone by then. */
  forget(beforeMs: number): void {
    const before = placeWhere(this.#all, (atMs) => atMs >= beforeMs);
    this.#drop(before, ({ goneMs }) => goneMs !== undefined && goneMs < beforeMs);
    this.#knownFromMs = Math.max(this.#knownFromMs, beforeMs);
  }

  #add({ number, tag, definition, channel, priority, occurrence, atMs }: AlarmEntry): void {
    const added: Written = {
      ...{ number, tag, definition, channel, priority, occurrence, atMs },
      ...{ goneMs: undefined, acknowledgedMs: undefined, isMissed: false },
    };
    const place = placeWhere(this.#all, (otherMs) => otherMs > atMs); // the last, but where the clock was set back
    if (place === this.#all.length) this.#all.push(added);
    else this.#all.splice(place, 0, added);
    const standing = this.#standing.get(tag);
    if (standing === undefined) this.#standing.set(tag, [added]);
    else standing.push(added);
    this.#newest.set(tag, added);
    if (this.#all.length > this.#limit) this.#prune();
  }

  #go(tag: string, atMs: number): void {
    for (const one of this.#standing.get(tag) ?? []) {
      one.goneMs = atMs;
      one.isMissed = one.acknowledgedMs === undefined;
    }
    this.#standing.delete(tag);
  }

  #acknowledge({ tag, occurrence, atMs }: AlarmEntry): void {
    const newest = this.#newest.get(tag);
    if (newest?.occurrence === occurrence) newest.acknowledgedMs ??= atMs;
  }

  #prune(): void {
    let left = PRUNED;
    let end = 0;
    for (; end < this.#all.length && left > 0; end++) if (this.#isOld(this.#all[end] as Written)) left--;
    const dropped = this.#drop(end, (one) => this.#isOld(one));
    this.#crowdedOut += dropped.length;
    this.#knownFromMs = Math.max(this.#knownFromMs, (dropped.at(-1)?.atMs ?? 0) + 1);
  }

  /** Gone, or annunciated again since. */
  #isOld(one: Written): boolean {
    return one.goneMs !== undefined || this.#newest.get(one.tag) !== one;
  }

  /** Drops some of the first. What there is of them is looked at, and nothing else: there may be very many. */
  #drop(end: number, isDropped: (one: Written) => boolean): Written[] {
    const first = this.#all.slice(0, end);
    const dropped = new Set(first.filter(isDropped));
    this.#all.splice(0, dropped.size);
    for (const [i, one] of first.filter((one) => !dropped.has(one)).entries()) this.#all[i] = one;
    for (const one of dropped) if (this.#newest.get(one.tag) === one) this.#newest.delete(one.tag);
    const standing = [...dropped].filter(({ goneMs }) => goneMs === undefined);
    for (const tag of new Set(standing.map(({ tag }) => tag))) {
      const left = this.#standing.get(tag)?.filter((one) => !dropped.has(one)) ?? [];
      this.#standing.set(tag, left);
    }
    return [...dropped];
  }
}

/** Place of the first, in the order of times, that is so late; of all behind the last where none is. */
export function placeWhere(all: readonly Annunciation[], isLate: (atMs: number) => boolean): number {
  let low = 0;
  for (let high = all.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (isLate((all[middle] as Annunciation).atMs)) high = middle;
    else low = middle + 1;
  }
  return low;
}
