import { threadTimeMs } from './thread-time.ts';

export interface WatchedStep {
  /** One int32, which is another one when the step has ended. */
  readonly steps: Int32Array;
  /** Of the system; its own time is what counts, where there is one. */
  readonly thread: number | undefined;
  readonly limitMs: number;
  /** That of this process, if not given. */
  readonly time?: StepTime;
}

/** What a watch goes by. */
export interface StepTime {
  monotonicMs(): number;
  /** Runs `act` later; returns what calls it off. */
  after(delayMs: number, act: () => void): () => void;
  /** As `threadTimeMs`. */
  ranMs(thread: number | undefined): number | undefined;
}

/** So long a thread may stand still in a step: it neither runs nor ends. */
const STALL_MS = 10_000;
const AGAIN_MS = 10;
const OWN_TIME: StepTime = {
  monotonicMs: () => performance.now(),
  after(delayMs, act) {
    const timer = setTimeout(act, delayMs);
    return () => clearTimeout(timer);
  },
  ranMs: threadTimeMs,
};

/**
 * Watches a step of another thread, and says once where it is over its limit.
 *
 * What counts is the time that the thread has run, so that a machine with too
 * much to do cuts off nothing that is well; where the system does not tell it,
 * it is the time that went by. Time by which the watch itself is late does not
 * count: then this thread did not run either, as in a process that was stopped
 * or on a machine that slept. A step that has ended is never over, however
 * late its message is taken.
 */
export class StepWatch {
  readonly #step: WatchedStep;
  readonly #onOver: (reason: string) => void;
  readonly #number: number;
  readonly #time: StepTime;
  readonly #ranMs: number | undefined;
  #watchedMs = 0;
  #usedMs = 0;
  #stillMs = 0;
  #stop: () => void = () => undefined;

  /** The step has begun, or begins now; `number` is what `steps` holds until it ends. */
  constructor(step: WatchedStep, number: number, onOver: (reason: string) => void) {
    this.#step = step;
    this.#number = number;
    this.#onOver = onOver;
    this.#time = step.time ?? OWN_TIME;
    this.#ranMs = this.#time.ranMs(step.thread);
    this.#wait(step.limitMs);
  }

  stop(): void {
    this.#stop();
  }

  #wait(delayMs: number): void {
    const beganMs = this.#time.monotonicMs();
    this.#stop = this.#time.after(delayMs, () => this.#look(Math.min(this.#time.monotonicMs() - beganMs, delayMs)));
  }

  /** `passedMs` is what has gone by since the look before. */
  #look(passedMs: number): void {
    const { steps, thread, limitMs } = this.#step;
    if (Atomics.load(steps, 0) !== this.#number) return;
    const ranMs = this.#time.ranMs(thread);
    this.#watchedMs += passedMs;
    const usedMs = ranMs === undefined || this.#ranMs === undefined ? this.#watchedMs : ranMs - this.#ranMs;
    this.#stillMs = usedMs > this.#usedMs ? 0 : this.#stillMs + passedMs;
    this.#usedMs = usedMs;
    if (usedMs > limitMs) {
      this.#onOver(`did not return within ${limitMs} ms`);
    } else if (this.#stillMs > STALL_MS) {
      this.#onOver(`stood still for ${STALL_MS / 1000} s`);
    } else {
      this.#wait(Math.max(AGAIN_MS, limitMs - usedMs));
    }
  }
}
