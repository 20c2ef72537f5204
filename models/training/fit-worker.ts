import { parentPort } from 'node:worker_threads';
import { AppError, type ErrorCode } from '../../server/base/errors.ts';
import { type FitJob, type FitResult, runFitJob } from './fit-job.ts';

// The composition root of a thread that fits: one job after the other.

/** What a job came to. */
export type FitAnswer =
  | { readonly kind: 'fitted'; readonly result: FitResult }
  /** `code` of an expected failure. */
  | { readonly kind: 'failed'; readonly message: string; readonly code?: ErrorCode };

if (parentPort === null) throw new Error('fit-worker runs only as a worker thread');
const port = parentPort;
port.on('message', (job: FitJob) => {
  runFitJob(job)
    .then(
      (result): FitAnswer => ({ kind: 'fitted', result }),
      (error: unknown): FitAnswer => failure(error),
    )
    .then((answer) => port.postMessage(answer))
    .catch((error: unknown) => {
      throw error;
    });
});

function failure(error: unknown): FitAnswer {
  if (error instanceof AppError) return { kind: 'failed', message: error.message, code: error.code };
  return { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
