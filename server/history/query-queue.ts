import { AppError } from '../base/errors.ts';
import { NewestTimes } from '../base/newest-times.ts';

export interface QueryQueueOptions {
  /** Queries under way at a time. */
  readonly running: number;
  /** Queries that wait; past it the next one is refused. */
  readonly waiting: number;
  /** From its coming to its answer; past it a query is given up. */
  readonly deadlineMs: number;
}

/** How queries of the history do; counts are since the start. */
export interface QueryStatus {
  readonly running: number;
  readonly waiting: number;
  readonly answered: number;
  /** Not begun, because too many waited. */
  readonly refused: number;
  /** Not answered in time. */
  readonly late: number;
  /** Nobody waited for the answer any more. */
  readonly abandoned: number;
  /** From coming to answer, of the newest. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Lets few queries run at a time and few wait, the oldest first, so that a
 * thousand at once cost no more memory, and no more of the disk, than two.
 */
export class QueryQueue {
  readonly #options: QueryQueueOptions;
  readonly #times = new NewestTimes();
  readonly #waiting = new Set<() => void>();
  #running = 0;
  #answered = 0;
  #refused = 0;
  #late = 0;
  #abandoned = 0;

  constructor(options: QueryQueueOptions) {
    this.#options = options;
  }

  status(): QueryStatus {
    return {
      running: this.#running,
      waiting: this.#waiting.size,
      answered: this.#answered,
      refused: this.#refused,
      late: this.#late,
      abandoned: this.#abandoned,
      p50Ms: this.#times.percentile(0.5),
      p99Ms: this.#times.percentile(0.99),
    };
  }

  /**
   * Runs `task` in its turn. Rejects with `HISTORY_BUSY` where too many wait
   * or its time is over, and with the reason of `left` once that aborts; either
   * way `task`, if it has begun, is told by its signal, and its place is free
   * when it has ended.
   */
  async run<T>(task: (signal: AbortSignal) => Promise<T>, left: AbortSignal): Promise<T> {
    const { deadlineMs } = this.#options;
    left.throwIfAborted();
    const startedMs = performance.now();
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(tooLate(deadlineMs)), deadlineMs);
    const signal = AbortSignal.any([left, deadline.signal]);
    try {
      await this.#turn(signal);
      const result = await Promise.race([task(signal).finally(() => this.#end()), aborted(signal)]);
      this.#answered++;
      this.#times.add(performance.now() - startedMs);
      return result;
    } catch (error) {
      if (left.aborted) this.#abandoned++;
      else if (deadline.signal.aborted) this.#late++;
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const { running, waiting } = this.#options;
    if (this.#running < running) {
      this.#running++;
      return;
    }
    if (this.#waiting.size >= waiting) {
      this.#refused++;
      throw new AppError('HISTORY_BUSY', `${waiting} queries of the history wait already: try again in a second`);
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(begin);
        reject(signal.reason as Error);
      };
      const begin = () => {
        this.#waiting.delete(begin);
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiting.add(begin);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  // The place goes to the one who has waited the longest, so nobody gets in between.
  #end(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#running--;
    else next();
  }
}

// What stands still, as in a commit on a disk that does not answer, keeps nobody waiting.
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function tooLate(deadlineMs: number): AppError {
  return new AppError(
    'HISTORY_BUSY',
    `not answered within ${deadlineMs / 1000} s: ask for fewer columns, or again later`,
  );
}
