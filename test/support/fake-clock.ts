import type { Clock } from '../../server/base/clock.ts';

/** A clock that moves only when it is told to. */
export class FakeClock implements Clock {
  #ms = 0;

  nowMs(): number {
    return 1_700_000_000_000 + this.#ms;
  }

  monotonicMs(): number {
    return this.#ms;
  }

  advance(ms: number): void {
    this.#ms += ms;
  }
}
