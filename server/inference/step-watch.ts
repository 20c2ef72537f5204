import { threadTimeMs } from './thread-time.ts';

export interface WatchedStep {
  /** One int32, which is another one when the step has ended. */
  readonly steps: Int32Array;
  /** Of the system; its own time is what counts, where there is one. */
  readonly thread: number | undefined;
  readonly limitMs: number;
}

/** So long a step may stand beyond its limit without that its thread runs: its machine has no time for it. */
const STALL_MS = 10_000;
const AGAIN_MS = 10;

/**
 * Watches a step of another thread, and says once where it is over its limit.
 *
 * What counts is the time that the thread has run, so that a machine with too
 * much to do cuts off nothing that is well; where the system does not tell it,
 * it is the time that went by. A step that has ended is never over, however
 * late its message is taken.
 */
export class StepWatch {
  readonly #step: WatchedStep;
  readonly #onOver: (reason: string) => void;
  readonly #number: number;
  readonly #beganMs = performance.now();
  readonly #ranMs: number | undefined;
  #timer: NodeJS.Timeout;

  /** The step has begun, or begins now; `number` is what `steps` holds until it ends. */
  constructor(step: WatchedStep, number: number, onOver: (reason: string) => void) {
    this.#step = step;
    this.#number = number;
    this.#onOver = onOver;
    this.#ranMs = threadTimeMs(step.thread);
    this.#timer = setTimeout(() => this.#look(), step.limitMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    const { steps, thread, limitMs } = this.#step;
    if (Atomics.load(steps, 0) !== this.#number) return;
    const wentMs = performance.now() - this.#beganMs;
    const nowMs = threadTimeMs(thread);
    const usedMs = nowMs === undefined || this.#ranMs === undefined ? wentMs : nowMs - this.#ranMs;
    if (usedMs > limitMs) {
      this.#onOver(`did not return within ${limitMs} ms`);
    } else if (wentMs > limitMs + STALL_MS) {
      this.#onOver(
        `did not return in ${Math.round(wentMs / 1000)} s, in which its thread ran for ${Math.round(usedMs)} ms`,
      );
    } else {
      this.#timer = setTimeout(() => this.#look(), Math.max(AGAIN_MS, limitMs - usedMs));
    }
  }
}
