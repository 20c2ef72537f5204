import type { Clock } from '../base/clock.ts';
import type { AlarmEntry } from '../wire/alarm-journal.ts';
import { isEntry, readRecord } from './checkpoint.ts';
import type { JournalLog } from './journal-log.ts';

export interface RetentionLimits {
  readonly keepMs: number;
  readonly keepBytes: number;
}

/** The newest of its files a start may need: the last checkpoint lies in them. */
const KEPT_SEGMENTS = 16;
/** The clock may be ahead of the journal by so much, ms. */
const AHEAD_MS = 86_400_000;

/**
 * What of the journal is too old, or too much. Age is as the journal knows time:
 * it goes on from the newest entry at the start, no faster than a clock that
 * never steps, so that a server clock that jumps ahead removes nothing. Where
 * the server was off for long, less is too old until the next start.
 */
export class JournalRetention {
  readonly #log: JournalLog;
  readonly #limits: RetentionLimits;
  readonly #clock: Clock;
  #begin: { readonly atMs: number; readonly monotonicMs: number } | undefined;

  constructor(log: JournalLog, limits: RetentionLimits, clock: Clock) {
    this.#log = log;
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Removes the oldest files that hold nothing but what is older than the limits, or that are too many. Rejects with `STORAGE_FAILED`. */
  async removeOld(): Promise<void> {
    const { keepMs, keepBytes } = this.#limits;
    const nowMs = await this.#believedMs();
    let { bytes } = this.#log.status();
    const segments = this.#log.segments();
    const bytesEach = bytes / Math.max(1, segments.length);
    let before: number | undefined;
    for (const { first, end } of segments.slice(0, -KEPT_SEGMENTS)) {
      if (bytes <= keepBytes && (await this.#newestMs(first, end)) > nowMs - keepMs) break;
      before = end;
      bytes -= bytesEach;
    }
    if (before !== undefined) await this.#log.removeBefore(before);
  }

  async #believedMs(): Promise<number> {
    const monotonicMs = this.#clock.monotonicMs();
    this.#begin ??= { atMs: (await this.#lastMs()) ?? this.#clock.nowMs(), monotonicMs };
    return Math.min(this.#clock.nowMs(), this.#begin.atMs + monotonicMs - this.#begin.monotonicMs + AHEAD_MS);
  }

  /** Of the last entry. */
  async #lastMs(): Promise<number | undefined> {
    for (const { first, end } of this.#log.segments().toReversed()) {
      let last: number | undefined;
      for await (const { atMs } of this.#entries(first, end)) last = atMs;
      if (last !== undefined) return last;
    }
    return undefined;
  }

  /** Of the entries of one file, server clock; before all times where there is none. */
  async #newestMs(first: number, end: number): Promise<number> {
    let newest = Number.NEGATIVE_INFINITY;
    for await (const { atMs } of this.#entries(first, end)) newest = Math.max(newest, atMs);
    return newest;
  }

  async *#entries(first: number, end: number): AsyncGenerator<AlarmEntry> {
    for await (const { payload } of this.#log.read(first, end)) {
      const record = readRecord(payload);
      if (isEntry(record)) yield record;
    }
  }
}
