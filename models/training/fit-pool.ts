import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError, type ErrorCode } from '../../server/base/errors.ts';
import { describeCandidate } from './candidate-words.ts';
import type { FitJob, FitResult } from './fit-job.ts';
import type { FitAnswer } from './fit-worker.ts';

interface Task {
  readonly job: FitJob;
  readonly resolve: (result: FitResult) => void;
  readonly reject: (error: Error) => void;
}

/** As many threads as there are cores, which fit what they are given in the order it comes. `close` it. */
export class FitPool {
  readonly #url: URL;
  readonly #waiting: Task[] = [];
  readonly #idle: Worker[] = [];
  readonly #running = new Map<Worker, Task>();
  #isClosed = false;

  /** `worker` is the built `fit-worker.js`. */
  constructor(worker: URL, size = availableParallelism()) {
    this.#url = worker;
    for (let i = 0; i < size; i++) this.#start();
  }

  /** Rejects with what the job threw, and says which it was. */
  fit(job: FitJob): Promise<FitResult> {
    if (this.#isClosed) return Promise.reject(new Error('the threads that fit have ended'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#next();
    });
  }

  /** Fits all; `onFitted` is told of each as it is done, in any order. Rejects with the first that fails. */
  fitAll(jobs: readonly FitJob[], onFitted: (result: FitResult) => void): Promise<FitResult[]> {
    return Promise.all(
      jobs.map(async (job) => {
        const result = await this.fit(job);
        onFitted(result);
        return result;
      }),
    );
  }

  /** Ends all threads at once; what they were at is rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const ended = new Error('the threads that fit were ended');
    const workers = [...this.#idle, ...this.#running.keys()];
    for (const { reject } of [...this.#waiting.splice(0), ...this.#running.values()]) reject(ended);
    this.#running.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #start(): void {
    const worker = new Worker(this.#url, { name: 'fit' });
    worker.on('message', (answer: FitAnswer) => this.#settle(worker, answer));
    worker.on('error', (error) => this.#fail(error));
    this.#idle.push(worker);
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      const worker = this.#idle.pop()!;
      const task = this.#waiting.shift()!;
      this.#running.set(worker, task);
      worker.postMessage(task.job);
    }
  }

  #settle(worker: Worker, answer: FitAnswer): void {
    const task = this.#running.get(worker);
    if (task === undefined) return; // it was done just as all were ended
    const { job, resolve, reject } = task;
    this.#running.delete(worker);
    this.#idle.push(worker);
    if (answer.kind === 'fitted') resolve(answer.result);
    else reject(inContext(job, answer.message, answer.code));
    this.#next();
  }

  // A thread that breaks down, such as for want of memory, would do so again: all ends.
  #fail(error: Error): void {
    for (const { job, reject } of [...this.#waiting.splice(0), ...this.#running.values()])
      reject(inContext(job, error.message));
    void this.close();
  }
}

function inContext({ candidate, train }: FitJob, reason: string, code?: ErrorCode): Error {
  const message = `cannot fit ${describeCandidate(candidate)} to ${train.length} runs: ${reason}`;
  return code === undefined ? new Error(message) : new AppError(code, message);
}
