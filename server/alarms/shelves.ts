import type { Clock } from '../base/clock.ts';
import type { Hiding } from '../wire/alarms.ts';

interface Shelf {
  /** Server clock. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** By the clock that never steps. */
  readonly endMs: number;
}

/**
 * When shelves end: at their time by the server clock, and after as long as was
 * said where that is set back meanwhile. Where it is before their beginning at a
 * start, nobody knows how long they have lasted, and they end at once.
 */
export class Shelves {
  readonly #clock: Clock;
  readonly #byTag = new Map<string, Shelf>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** This hides the alarm now. */
  note(tag: string, hidden: readonly Hiding[]): void {
    const { sinceMs, untilMs } = hidden.find(({ reason }) => reason === 'shelved') ?? {};
    if (sinceMs === undefined || untilMs === undefined) {
      this.#byTag.delete(tag);
      return;
    }
    const noted = this.#byTag.get(tag);
    if (noted?.sinceMs === sinceMs && noted.untilMs === untilMs) return;
    const nowMs = this.#clock.nowMs();
    const leftMs = nowMs < sinceMs ? 0 : untilMs - nowMs;
    this.#byTag.set(tag, { sinceMs, untilMs, endMs: this.#clock.monotonicMs() + leftMs });
  }

  /** Those that are over, with the time until which they were to last. */
  over(): { readonly tag: string; readonly untilMs: number }[] {
    const nowMs = this.#clock.nowMs();
    const monotonicMs = this.#clock.monotonicMs();
    return [...this.#byTag].flatMap(([tag, { untilMs, endMs }]) =>
      untilMs <= nowMs || endMs <= monotonicMs ? { tag, untilMs } : [],
    );
  }
}
