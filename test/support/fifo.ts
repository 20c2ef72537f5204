import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';

const CHUNK = Buffer.alloc(64 << 10);

/** A pipe of the system at `path`, with a reader that reads when it is told to. */
export class Fifo {
  readonly #path: string;
  readonly #files: number[];
  #text = '';

  /** Makes the pipe; needs `mkfifo`. */
  constructor(path: string) {
    execFileSync('mkfifo', [path]);
    this.#path = path;
    this.#files = [openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)];
  }

  /** A new end to write to; with `O_NONBLOCK` as `flags` it refuses where the pipe is full, else it waits. */
  openWriter(flags = 0): number {
    const file = openSync(this.#path, constants.O_WRONLY | flags);
    this.#files.push(file);
    return file;
  }

  /** Reads what lies in the pipe; returns the whole lines that came so far. */
  read(): string[] {
    for (let bytes = this.#take(); bytes > 0; bytes = this.#take()) this.#text += CHUNK.toString('utf8', 0, bytes);
    return this.#text.split('\n').slice(0, -1);
  }

  close(): void {
    for (const file of this.#files.splice(0)) closeSync(file);
  }

  #take(): number {
    try {
      return readSync(this.#files[0], CHUNK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }
}
