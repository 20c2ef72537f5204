import { HEARTBEAT_MS } from '../wire/events.ts';

/** A turn that is late by no more than this does not put off the same turn of the next second. */
const JITTER_MS = 50;

/**
 * Splits each second into turns, so that the heartbeats of a thousand viewers
 * do not go out in one piece. Turns follow the clock, not how often somebody
 * asks: one that asks late is given several. Their order is always the same
 * and none comes twice in a second, so a stall is made up for by one of each.
 */
export class BeatTurns {
  readonly #turnMs: number;
  readonly #takenMs: Float64Array; // when each turn was last given
  #dueMs: number;
  #turn = 0;

  constructor(turns: number, monotonicMs: number) {
    this.#turnMs = HEARTBEAT_MS / turns;
    this.#takenMs = new Float64Array(turns).fill(Number.NEGATIVE_INFINITY);
    this.#dueMs = monotonicMs;
  }

  /** The turns that are due, in their order; they count as taken. */
  take(monotonicMs: number): number[] {
    const turns: number[] = [];
    for (;;) {
      const restedMs = this.#takenMs[this.#turn] + HEARTBEAT_MS - JITTER_MS;
      const dueMs = Math.max(this.#dueMs, restedMs);
      if (monotonicMs < dueMs) return turns;
      turns.push(this.#turn);
      this.#takenMs[this.#turn] = monotonicMs;
      this.#dueMs = dueMs + this.#turnMs;
      this.#turn = (this.#turn + 1) % this.#takenMs.length;
    }
  }
}
