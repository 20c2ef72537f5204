import type { RequestHandler, Response } from 'express';
import { AppError } from '../base/errors.ts';

/** Requests that read recordings at a time: each holds a file open and a piece of it in memory. Past it they are refused. */
const READ_LIMIT = 128;
/** Who takes no piece for so long is cut. */
const IDLE_MS = 60_000;

export interface ReadStatus {
  /** Under way. */
  readonly reading: number;
  /** Refused because too many were, and cut because nobody read them; since the start. */
  readonly readsRefused: number;
  readonly readsCut: number;
}

/** Bounds what is read of recordings at the same time, so that readers who are many or slow do not use up the files a process may open. */
export class OpenReads {
  readonly #limit: number;
  readonly #idleMs: number;
  #reading = 0;
  #refused = 0;
  #cut = 0;

  constructor({ limit = READ_LIMIT, idleMs = IDLE_MS }: { limit?: number; idleMs?: number } = {}) {
    this.#limit = limit;
    this.#idleMs = idleMs;
  }

  status(): ReadStatus {
    return { reading: this.#reading, readsRefused: this.#refused, readsCut: this.#cut };
  }

  /** To go before a route that sends a file. Throws `CAPTURE_BUSY`. */
  guard(): RequestHandler {
    return (_req, res, next) => {
      if (this.#reading >= this.#limit) {
        this.#refused++;
        res.set('Retry-After', '1');
        throw new AppError(
          'CAPTURE_BUSY',
          `${this.#reading} requests are reading recordings, allowed are ${this.#limit} at a time`,
        );
      }
      this.#reading++;
      const unwatch = this.#watch(res);
      res.once('close', () => {
        unwatch();
        this.#reading--;
      });
      next();
    };
  }

  #watch(res: Response): () => void {
    let taken = -1;
    const timer = setInterval(() => {
      const bytes = res.socket?.bytesWritten ?? 0; // the next piece is written once the one before is taken
      if (bytes === taken) {
        this.#cut++;
        res.destroy();
      }
      taken = bytes;
    }, this.#idleMs);
    return () => clearInterval(timer);
  }
}
