import { write } from 'node:fs';
import { createLog, type Logger, type LogSink } from './log.ts';

/** So much of the log waits for its reader; beyond, lines are left out and counted. */
export const WAITING_BYTES = 1 << 20;
const RETRY_MS = 50;

/** How the log does. */
export interface LogStatus {
  /** Lines that were left out because too many waited. */
  readonly lost: number;
  readonly waitingBytes: number;
}

/**
 * Writes lines to a file without ever waiting for it: a reader that stands
 * still, or a disk that is full, stops nobody. Lines wait for it up to a
 * bound; then those that come are left out until half of it is free again, and
 * a line says how many.
 */
export class LogOutput implements LogSink {
  readonly #file: number;
  readonly #own: Logger;
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isBusy = false;
  #isClosed = false;
  #lost = 0;
  #untold = 0;
  #onEmpty: () => void = () => undefined;

  /** `file` is an open file's number. Where it refuses rather than waits (`O_NONBLOCK`), the process can also end at any time. */
  constructor(file: number) {
    this.#file = file;
    this.#own = createLog('log', 'warn', this);
  }

  status(): LogStatus {
    return { lost: this.#lost, waitingBytes: this.#waitingBytes };
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#untold > 0 || this.#waitingBytes + bytes.length > WAITING_BYTES) {
      this.lose(1);
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#pump();
  }

  /** Counts lines that did not get as far as here. */
  lose(lines: number): void {
    this.#lost += lines;
    this.#untold += lines;
    this.#tell();
  }

  /** Resolves when every line is written, or after `limitMs`; what waits then is given up. */
  close(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(limit);
        this.#isClosed = true;
        resolve();
      };
      const limit = setTimeout(end, limitMs);
      this.#onEmpty = end;
      if (this.#waiting.length === 0) end();
    });
  }

  #pump(): void {
    const head = this.#waiting[0];
    if (this.#isBusy || this.#isClosed || head === undefined) return;
    this.#isBusy = true;
    write(this.#file, head, (error, bytes) => {
      // Nobody reads (EAGAIN), no space, or whatever it is: it may pass, and until then the bound holds.
      if (error !== null) setTimeout(() => this.#wrote(0), RETRY_MS);
      else this.#wrote(bytes);
    });
  }

  #wrote(bytes: number): void {
    this.#isBusy = false;
    this.#waitingBytes -= bytes;
    const rest = this.#waiting[0].subarray(bytes);
    if (rest.length > 0) this.#waiting[0] = rest;
    else this.#waiting.shift();
    this.#tell();
    if (this.#waiting.length === 0) this.#onEmpty();
    this.#pump();
  }

  #tell(): void {
    if (this.#untold === 0 || this.#waitingBytes > WAITING_BYTES / 2) return;
    const lost = this.#untold;
    this.#untold = 0;
    this.#own.warn({ lost }, 'lines of this log are missing here, because it was not read in time');
  }
}
