import type { AlarmMessage } from './message.ts';

/** A message that is kept until all have it who want it. */
export interface Kept {
  /** Rises with every message. */
  readonly n: number;
  readonly message: AlarmMessage;
  /** Of its JSON. */
  readonly bytes: number;
  /** The destinations that it is for; left out where it is for all. */
  readonly to?: readonly string[];
}

export interface QueueLimits {
  readonly messages: number;
  readonly bytes: number;
}

/** Room that is made when there is none, so that it is not made for each message. */
const ROOM = 0.1;

/**
 * What waits for one destination, in order. Where it is full, messages go that
 * a newer one of the same alarm supersedes; where none is left, the oldest.
 */
export class Queue {
  readonly #limits: QueueLimits;
  #kept: Kept[] = [];
  #bytes = 0;
  #superseded = 0;
  #dropped = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get all(): readonly Kept[] {
    return this.#kept;
  }

  get superseded(): number {
    return this.#superseded;
  }

  get dropped(): number {
    return this.#dropped;
  }

  add(kept: Kept): void {
    this.#kept.push(kept);
    this.#bytes += kept.bytes;
    if (!this.#isWithin(1)) this.#makeRoom();
  }

  /** Takes the first ones, at most `most`, up to the first that is of the same alarm as one before where `isOnceEach`. */
  take(most: number, isOnceEach: boolean): Kept[] {
    const tags = new Set<string>();
    let count = 0;
    for (const { message } of this.#kept.slice(0, most)) {
      if (isOnceEach && tags.has(message.tag)) break;
      tags.add(message.tag);
      count++;
    }
    const taken = this.#kept.splice(0, count);
    for (const { bytes } of taken) this.#bytes -= bytes;
    return taken;
  }

  /** Those that were taken last are the first again. */
  putBack(taken: readonly Kept[]): void {
    this.#set([...taken, ...this.#kept]);
  }

  #makeRoom(): void {
    const newest = new Map(this.#kept.map(({ n, message }) => [message.tag, n]));
    const standing = this.#kept.filter(({ n, message }) => newest.get(message.tag) === n);
    this.#superseded += this.#kept.length - standing.length;
    this.#set(standing);
    while (!this.#isWithin(1 - ROOM)) {
      const excess = Math.max(1, Math.ceil(this.#kept.length * ROOM));
      this.#set(this.#kept.slice(excess));
      this.#dropped += excess;
    }
  }

  #isWithin(share: number): boolean {
    const { messages, bytes } = this.#limits;
    return this.#kept.length <= messages * share && this.#bytes <= bytes * share;
  }

  #set(kept: Kept[]): void {
    this.#kept = kept;
    this.#bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
  }
}
