import type { Clock } from '../../server/base/clock.ts';

/** A clock that moves only when it is told to. */
export class FakeClock implements Clock {
  #ms = 0;
  #setMs = 1_700_000_000_000;

  nowMs(): number {
    return this.#setMs + this.#ms;
  }

  monotonicMs(): number {
    return this.#ms;
  }

  advance(ms: number): void {
    this.#ms += ms;
  }

  /** The system's clock is set by so much; the monotonic one does not notice. */
  set(ms: number): void {
    this.#setMs += ms;
  }
}
