import type { AlarmFlood } from '../wire/alarms.ts';

// The one rule of what a flood is.

/** An alarm that people were to notice. */
export interface Annunciated {
  readonly tag: string;
  /** Server clock, ms since 1970 UTC. */
  readonly atMs: number;
}

/** A flood, and what made it one. */
export interface Flood {
  /** When the eleventh in ten minutes was annunciated. */
  readonly beginMs: number;
  /** Left out while it lasts. */
  readonly endMs?: number;
  /** Most in ten minutes. */
  readonly peak: number;
  /** Tag of the first of those that made it one. */
  readonly firstOut: string;
}

/** Annunciated alarms are counted over the ten minutes that end at a moment: what is exactly so old counts no more. */
export const RATE_WINDOW_MS = 600_000;
/** More than so many in them begin a flood, fewer than so many end it (ISA-18.2 and IEC 62682, after EEMUA 191). */
export const FLOOD_BEGINS_ABOVE = 10;
export const FLOOD_ENDS_BELOW = 5;

// Alarms of ten minutes that are counted; past it the count stays there.
const KEPT = 50_000;

/**
 * Counts annunciated alarms over the last ten minutes and says when a flood
 * begins and ends. Where the clock was set back, what lies in the future by the
 * new time counts as of now: it was just there.
 */
export class FloodWatch {
  #recent: Annunciated[] = [];
  #first = 0; // those before it are over
  #flood: Flood | undefined;
  #ended: Flood | undefined;

  /** In the last ten minutes, by the newest time told. */
  get count(): number {
    return this.#recent.length - this.#first;
  }

  /** The one that lasts. */
  get flood(): Flood | undefined {
    return this.#flood;
  }

  /** The one that ended last. */
  get ended(): Flood | undefined {
    return this.#ended;
  }

  take(alarm: Annunciated): void {
    this.tick(alarm.atMs);
    if (this.count < KEPT) this.#recent.push(alarm);
    const { count } = this;
    if (this.#flood !== undefined) this.#flood = { ...this.#flood, peak: Math.max(this.#flood.peak, count) };
    else if (count > FLOOD_BEGINS_ABOVE) {
      this.#flood = { beginMs: alarm.atMs, peak: count, firstOut: (this.#recent[this.#first] as Annunciated).tag };
    }
  }

  /** It is now so late. */
  tick(nowMs: number): void {
    if ((this.#recent.at(-1)?.atMs ?? nowMs) > nowMs) this.#setBack(nowMs);
    while (this.count > 0) {
      const goneMs = (this.#recent[this.#first] as Annunciated).atMs + RATE_WINDOW_MS;
      if (goneMs > nowMs) break;
      this.#first++;
      if (this.count < FLOOD_ENDS_BELOW) this.#end(goneMs);
    }
    if (this.#first < this.#recent.length / 2) return;
    this.#recent = this.#recent.slice(this.#first);
    this.#first = 0;
  }

  #setBack(nowMs: number): void {
    this.#recent = this.#recent.map(({ tag, atMs }) => ({ tag, atMs: Math.min(atMs, nowMs) }));
    if (this.#flood !== undefined) this.#flood = { ...this.#flood, beginMs: Math.min(this.#flood.beginMs, nowMs) };
  }

  #end(endMs: number): void {
    if (this.#flood === undefined) return;
    this.#ended = { ...this.#flood, endMs };
    this.#flood = undefined;
  }
}

/** As viewers are told of it. */
export function floodReply({ flood }: FloodWatch): Omit<AlarmFlood, 'type'> {
  return flood === undefined ? {} : { sinceMs: flood.beginMs, firstOut: flood.firstOut };
}
