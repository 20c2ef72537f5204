import type { Worker } from 'node:worker_threads';
import type { LogSink } from './log.ts';
import type { LogOutput } from './log-output.ts';

/** A line on its way to another thread, and how many were left out before it. */
export interface RelayedLine {
  readonly line: string;
  readonly lost: number;
}

/** What a thread is told of a line that has come. */
export interface LineTaken {
  readonly kind: 'logTaken';
  readonly characters: number;
}

/** So much may be on its way; beyond, lines are left out and counted. */
export const RELAY_CHARACTERS = 256 << 10;

/**
 * Hands the lines of a thread to the one that writes the log, which answers
 * each with `taken`. Where that thread stands still, lines are left out, and
 * their number goes with the next.
 */
export class LogRelay implements LogSink {
  readonly #post: (relayed: RelayedLine) => void;
  #underWay = 0;
  #lost = 0;

  constructor(post: (relayed: RelayedLine) => void) {
    this.#post = post;
  }

  write(line: string): void {
    if (this.#underWay + line.length > RELAY_CHARACTERS) {
      this.#lost++;
      return;
    }
    this.#underWay += line.length;
    this.#post({ line, lost: this.#lost });
    this.#lost = 0;
  }

  /** The other thread has a line of so many characters. */
  taken(characters: number): void {
    this.#underWay -= characters;
  }
}

/** Writes a line of a worker's, and tells the worker. */
export function takeLine(worker: Worker, { line, lost }: RelayedLine, output: Pick<LogOutput, 'write' | 'lose'>): void {
  if (lost > 0) output.lose(lost);
  output.write(line);
  worker.postMessage({ kind: 'logTaken', characters: line.length } satisfies LineTaken);
}
