import type { Worker } from 'node:worker_threads';
import type { Logger } from './log.ts';

/**
 * Resolves when a worker that was told to stop has ended. One that has not
 * after `limitMs` hangs, and is ended.
 */
export async function workerEnd(worker: Worker, limitMs: number, { name, log }: WorkerName): Promise<void> {
  if (worker.threadId === ENDED) return;
  const limit = setTimeout(() => {
    log.warn(`the ${name} thread has not stopped in ${limitMs} ms and is ended`);
    void worker.terminate();
  }, limitMs);
  await new Promise((resolve) => worker.once('exit', resolve));
  clearTimeout(limit);
}

interface WorkerName {
  /** What it is called in the log. */
  readonly name: string;
  readonly log: Logger;
}

/** What the number of a thread becomes. */
const ENDED = -1;
