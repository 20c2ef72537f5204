import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('clock-step.c', import.meta.url));

/** Clocks that a server process takes for the machine's. Needs gcc. */
export class SteppedClock {
  /** Of the process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #file: string;
  readonly #seconds = new BigInt64Array(2);

  /** Builds the library in `folder`. */
  constructor(folder: string) {
    const library = join(folder, 'clock-step.so');
    this.#file = join(folder, 'clock');
    execFileSync('gcc', ['-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl']);
    writeFileSync(this.#file, this.#seconds);
    this.environment = { LD_PRELOAD: library, CLOCK_FILE: this.#file };
  }

  /** Sets the system's clock so far ahead of the machine's, seconds. */
  set(seconds: number): void {
    this.#seconds[0] = BigInt(seconds);
    this.#write();
  }

  /** So much time is gone at once, seconds: timers that were due meanwhile fire. */
  pass(seconds: number): void {
    for (const i of [0, 1]) this.#seconds[i]! += BigInt(seconds);
    this.#write();
  }

  #write(): void {
    writeFileSync(this.#file, this.#seconds, { flag: 'r+' });
  }
}
