import type { LinkTimers } from '../../client/net/hub-link.ts';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** Timers that run only when time is moved, in the order they are due. Chance is always the same. */
export class FakeTimers implements LinkTimers {
  #nowMs = 0;
  #timers = new Set<Timer>();

  monotonicMs(): number {
    return this.#nowMs;
  }

  random(): number {
    return 0;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Time goes by in which nothing runs, as while a process is stopped. */
  stop(ms: number): void {
    this.#nowMs += ms;
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs);
      if (!next) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.run();
    }
    this.#nowMs = untilMs;
  }
}
