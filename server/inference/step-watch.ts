import { threadTimeMs } from './thread-time.ts';

export interface WatchedStep {
  /** One int32, which is another one when the step has ended. */
  readonly steps: Int32Array;
  /** Of the system; its own time is what counts, where there is one. */
  readonly thread: number | undefined;
  readonly limitMs: number;
}

/** So long a thread may stand still in a step: it neither runs nor ends. */
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
  #usedMs = 0;
  #movedMs = this.#beganMs;
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
    const nowMs = performance.now();
    const ranMs = threadTimeMs(thread);
    const usedMs = ranMs === undefined || this.#ranMs === undefined ? nowMs - this.#beganMs : ranMs - this.#ranMs;
    if (usedMs > this.#usedMs) this.#movedMs = nowMs;
    this.#usedMs = usedMs;
    if (usedMs > limitMs) {
      this.#onOver(`did not return within ${limitMs} ms`);
    } else if (nowMs - this.#movedMs > STALL_MS) {
      this.#onOver(`stood still for ${STALL_MS / 1000} s`);
    } else {
      this.#timer = setTimeout(() => this.#look(), Math.max(AGAIN_MS, limitMs - usedMs));
    }
  }
}
