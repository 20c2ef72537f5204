import { WINDOW_RATE } from './protocol.ts';

/** Whether a device makes windows faster than the protocol's rate: a bucket of a second's windows that refills at it. */
export class WindowPace {
  #windows: number;
  #atMs: number;
  #left = WINDOW_RATE;

  /** `windows` the stream has made so far. */
  constructor(windows: number, nowMs: number) {
    this.#windows = windows;
    this.#atMs = nowMs;
  }

  /** Over a second's worth of windows: not where it catches up in bursts. */
  get isFast(): boolean {
    return this.#left < 0;
  }

  count(windows: number, nowMs: number): void {
    const refilled = this.#left + ((nowMs - this.#atMs) / 1000) * WINDOW_RATE;
    this.#left = Math.max(-WINDOW_RATE, Math.min(WINDOW_RATE, refilled) - (windows - this.#windows));
    this.#windows = windows;
    this.#atMs = nowMs;
  }
}
