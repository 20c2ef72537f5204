import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { HistoryChannel } from '../trend/history-rows.ts';
import type { Catalogue } from './catalogue.ts';
import type { FileChecks } from './file-checks.ts';
import type { Reader } from './reader.ts';

export interface WarmUpOptions {
  readonly reader: Pick<Reader, 'query' | 'channels'>;
  readonly catalogue: Pick<Catalogue, 'newestFiles'>;
  readonly checks: Pick<FileChecks, 'verify'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Logger;
  /** Resolves after so long; rejects once `signal` aborts. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** So long nothing is asked: the rest of the server starts. */
const AFTER_MS = 3000;
/** Channels that are asked for. */
const CHANNELS = 8;
/** Channels whose newest rows are as near as this to the newest of all are as likely to be looked at; then those with the longest past are first. */
const RECENT_NS = 86_400_000_000_000n;
/** Ranges of each, up to its newest row: what people look at, from single windows to a year. */
const LENGTHS_S = [10, 120, 1200, 10_800, 86_400, 7 * 86_400, 31 * 86_400, 366 * 86_400];
const COLUMNS = 2000;
/** Sealed files that are checked then, of the newest rows, and how many at a time. */
const FILES = 4000;
const FILES_AT_A_TIME = 8;
/** Rest after a question, by how long it took: a fifth of a core is used at most. */
const REST_FACTOR = 4;
const LEAST_REST_MS = 20;
/** So long nobody else may have asked. */
const QUIET_MS = 250;
/** Past it the rest is left to those who ask. */
const LIMIT_MS = 60_000;
const OUT_OF_TIME = new Error('the rest is left to those who ask');

/**
 * Asks a history that has just started for what people look at first, and then
 * checks its newest files, so that the first of them need not wait for what is
 * done once a start: compiling the code, reading the catalogue, checking each
 * file. One thing at a time, and none while anybody else asks.
 */
export class WarmUp {
  readonly #options: Required<WarmUpOptions>;
  readonly #ending = new AbortController();
  #running = 0;
  #untilMs = 0;
  #askedMs = Number.NEGATIVE_INFINITY;

  constructor(options: WarmUpOptions) {
    this.#options = { pause: (ms, signal) => setTimeout(ms, undefined, { signal }), ...options };
  }

  /** Runs what somebody else asks. */
  async yieldTo<T>(task: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await task();
    } finally {
      this.#running--;
      this.#askedMs = this.#options.clock.monotonicMs();
    }
  }

  /** Resolves when all is asked, or soon after `end`. Never rejects: what cannot be read, the reader tells. */
  async run(): Promise<void> {
    const { pause, clock, log } = this.#options;
    const { signal } = this.#ending;
    await pause(AFTER_MS, signal).catch(() => undefined);
    this.#untilMs = clock.monotonicMs() + LIMIT_MS;
    for (const part of [() => this.#askForRanges(), () => this.#checkFiles()]) {
      try {
        await part();
      } catch (error) {
        if (signal.aborted || error === OUT_OF_TIME) return;
        log.warn({ err: error }, 'the history could not be read before anybody asked for it');
      }
    }
  }

  end(): void {
    this.#ending.abort(new Error('the history ends'));
  }

  async #askForRanges(): Promise<void> {
    const { reader } = this.#options;
    const { signal } = this.#ending;
    const channels = likelyFirst(await this.#ask(() => reader.channels()));
    for (const { channel, firstNs, lastNs: toNs } of channels.slice(0, CHANNELS)) {
      for (const lengthS of LENGTHS_S) {
        const fromNs = toNs - BigInt(lengthS) * 1_000_000_000n;
        await this.#ask(() => reader.query({ channel, fromNs, toNs, columns: COLUMNS }, signal));
        if (fromNs <= firstNs) break; // longer ones hold the same rows
      }
    }
  }

  async #checkFiles(): Promise<void> {
    const { catalogue, checks } = this.#options;
    const files = await this.#ask(() => catalogue.newestFiles(FILES));
    for (let at = 0; at < files.length; at += FILES_AT_A_TIME) {
      const some = files.slice(at, at + FILES_AT_A_TIME);
      await this.#ask(() => Promise.allSettled(some.map((file) => checks.verify(file)))); // one may have been merged with others meanwhile
    }
  }

  // Rejects with `OUT_OF_TIME` rather than ask then, and when it is told to end.
  async #ask<T>(question: () => Promise<T>): Promise<T> {
    const { clock, pause } = this.#options;
    const { signal } = this.#ending;
    signal.throwIfAborted();
    while (this.#running > 0 || clock.monotonicMs() - this.#askedMs < QUIET_MS) {
      if (clock.monotonicMs() > this.#untilMs) break;
      await pause(QUIET_MS, signal);
    }
    if (clock.monotonicMs() > this.#untilMs) throw OUT_OF_TIME;
    const startedMs = clock.monotonicMs();
    const answer = await question();
    await pause(Math.max(LEAST_REST_MS, (clock.monotonicMs() - startedMs) * REST_FACTOR), signal);
    return answer;
  }
}

function likelyFirst(channels: readonly HistoryChannel[]): HistoryChannel[] {
  const newestNs = channels.reduce((newest, { lastNs }) => (lastNs > newest ? lastNs : newest), 0n);
  const age = ({ lastNs }: HistoryChannel) => (newestNs - lastNs) / RECENT_NS;
  return [...channels].sort((a, b) => Number(age(a) - age(b)) || (a.firstNs < b.firstNs ? -1 : 1));
}
