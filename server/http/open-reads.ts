import type { RequestHandler, Response } from 'express';
import { AppError } from '../base/errors.ts';
import { addressOf } from './who.ts';

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

export interface OpenReadsOptions {
  readonly limit?: number;
  /** Of one network address; as many as of all where it is left out. */
  readonly limitOfAddress?: number;
  readonly idleMs?: number;
  /** What is thrown at one too many. */
  readonly busy?: (reading: number, limit: number) => AppError;
}

/** Bounds what is read at the same time, of recordings or another store, so that readers who are many or slow do not use up files and memory. */
export class OpenReads {
  readonly #limit: number;
  readonly #limitOfAddress: number;
  readonly #idleMs: number;
  readonly #busy: (reading: number, limit: number) => AppError;
  readonly #ofAddress = new Map<string, number>();
  #reading = 0;
  #refused = 0;
  #cut = 0;

  constructor({
    limit = READ_LIMIT,
    limitOfAddress = limit,
    idleMs = IDLE_MS,
    busy = tooManyRecordings,
  }: OpenReadsOptions = {}) {
    this.#limit = limit;
    this.#limitOfAddress = limitOfAddress;
    this.#idleMs = idleMs;
    this.#busy = busy;
  }

  status(): ReadStatus {
    return { reading: this.#reading, readsRefused: this.#refused, readsCut: this.#cut };
  }

  /** To go before a route that sends a file. Throws what `busy` makes, `CAPTURE_BUSY` for recordings. */
  guard(): RequestHandler {
    return (req, res, next) => {
      const address = addressOf(req);
      const ofAddress = this.#ofAddress.get(address) ?? 0;
      if (this.#reading >= this.#limit || ofAddress >= this.#limitOfAddress) {
        this.#refused++;
        res.set('Retry-After', '1');
        throw this.#reading >= this.#limit
          ? this.#busy(this.#reading, this.#limit)
          : this.#busy(ofAddress, this.#limitOfAddress);
      }
      this.#count(address, 1);
      const unwatch = this.#watch(res);
      res.once('close', () => {
        unwatch();
        this.#count(address, -1);
      });
      next();
    };
  }

  #count(address: string, step: 1 | -1): void {
    this.#reading += step;
    const left = (this.#ofAddress.get(address) ?? 0) + step;
    if (left === 0) this.#ofAddress.delete(address);
    else this.#ofAddress.set(address, left);
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

function tooManyRecordings(reading: number, limit: number): AppError {
  return new AppError('CAPTURE_BUSY', `${reading} requests are reading recordings, allowed are ${limit} at a time`);
}
