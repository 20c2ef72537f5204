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

/** Remembered at most; past it the oldest that are gone are forgotten, and what is known begins later. */
export const ANNUNCIATION_LIMIT = 200_000;

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

  take(entry: AlarmEntry): void {
    const { tag, atMs } = entry;
    if (!isPresent(entry.state)) this.#go(tag, atMs);
    if (entry.event === 'acknowledge') this.#acknowledge(entry);
    if (entry.isAnnunciated) this.#add(entry);
  }

  /** Forgets those that were gone by then. */
  forget(beforeMs: number): void {
    this.#all = this.#all.filter((one) => one.goneMs === undefined || one.goneMs >= beforeMs || one.atMs >= beforeMs);
    this.#begin(beforeMs);
  }

  #add({ number, tag, definition, channel, priority, occurrence, atMs }: AlarmEntry): void {
    const added: Written = {
      ...{ number, tag, definition, channel, priority, occurrence, atMs },
      ...{ goneMs: undefined, acknowledgedMs: undefined, isMissed: false },
    };
    const after = this.#all.findLastIndex((other) => other.atMs <= atMs); // the last, but where the clock was set back
    if (after === this.#all.length - 1) this.#all.push(added);
    else this.#all.splice(after + 1, 0, added);
    this.#standing.set(tag, [...(this.#standing.get(tag) ?? []), added]);
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
    let lastMs = this.#knownFromMs;
    this.#all = this.#all.filter((one) => {
      if (left === 0 || one.goneMs === undefined) return true;
      left--;
      lastMs = one.atMs + 1;
      return false;
    });
    this.#begin(lastMs);
  }

  #begin(fromMs: number): void {
    this.#knownFromMs = Math.max(this.#knownFromMs, fromMs);
    const kept = new Set(this.#all);
    for (const [tag, one] of this.#newest) if (!kept.has(one)) this.#newest.delete(tag);
  }
}
