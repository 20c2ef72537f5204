import { type Clock, systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { SequenceRange } from './examine.ts';
import { type LogDamage, LogFiles, type LogRecord } from './log-files.ts';
import { recordBytes } from './record.ts';
import { type Recovered, recover } from './recover.ts';
import { HEADER_BYTES } from './segment.ts';
import { SegmentWriter } from './segment-writer.ts';

export interface AppendLogOptions {
  /** Made where it is not there. Whoever opens the log holds the lock of the storage folder: there is one writer. */
  readonly folder: string;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Of one file; two of them are allocated at all times. Default 8 MiB. */
  readonly segmentBytes?: number;
}

/** A file of the log; its records are numbered from `first` on, all of them below `end`. */
export interface LogSegment {
  readonly first: number;
  readonly end: number;
  /** How many of them can be read. */
  readonly records: number;
  /** Whether nothing is added to it any more. */
  readonly isSealed: boolean;
}

export interface AppendLogStatus {
  /** On the disk, allocated room included. */
  readonly bytes: number;
  readonly segments: number;
  readonly records: number;
  /** Bytes that appends have room for although the disk is full. */
  readonly roomBytes: number;
  /** Why the last append, or the allocation of room, failed; absent where both work. */
  readonly problem?: string;
  readonly damage: LogDamage;
  /** Numbers of records that are missing, the newest of many. */
  readonly gaps: readonly SequenceRange[];
  /** Bytes of unfinished appends that were cut off at the start. */
  readonly cutBytes: number;
  readonly waitingBytes: number;
  /** Appends that were not taken: too much waited, or they were too large. */
  readonly refused: number;
  /** Appends that could not be written. */
  readonly failed: number;
}

const SEGMENT_BYTES = 8 << 20;
/** Bytes of records that may wait for the disk; an append beyond is refused. */
const WAITING_BYTES = 8 << 20;
const KEPT_GAPS = 1000;

/**
 * An append-only log of byte records in files of a bounded size. What is
 * appended is on the disk once that resolves; what rejects is not in the log,
 * unless the process dies before a failing disk lets it be cut off. Room is
 * allocated in advance, so that a full disk does not stop appends at once.
 * Opens whatever the files hold: what is damaged is skipped, counted and copied
 * aside, and served never. Grows until the caller removes what is old.
 */
export class AppendLog {
  readonly #options: AppendLogOptions;
  readonly #files: LogFiles;
  readonly #writer: SegmentWriter;
  readonly #cutBytes: number;
  readonly #capacity: number;
  #next: number;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;
  #problem: string | undefined;
  #refused = 0;
  #failed = 0;
  #isClosed = false;

  /** Opens the log, or makes one. Throws `STORAGE_FAILED` only where the folder cannot be made or listed. */
  static async open(options: AppendLogOptions): Promise<AppendLog> {
    const { folder, segmentBytes = SEGMENT_BYTES, log } = options;
    const opened = new AppendLog(options, await recover(folder, segmentBytes, log));
    await opened.#writer.start(opened.#next);
    return opened;
  }

  private constructor(options: AppendLogOptions, recovered: Recovered) {
    const { folder, segmentBytes = SEGMENT_BYTES, log, clock = systemClock } = options;
    this.#options = options;
    this.#capacity = segmentBytes - HEADER_BYTES;
    this.#next = recovered.next;
    this.#cutBytes = recovered.cutBytes;
    this.#files = new LogFiles(folder, log, recovered);
    const begin = this.#files.add.bind(this.#files);
    this.#writer = new SegmentWriter({ folder, segmentBytes, log, clock, recovered, begin });
  }

  /** The number that the next record gets; no number is given to two records. */
  get next(): number {
    return this.#next;
  }

  /**
   * Appends records, which are all in the log or none; resolves to the number
   * of the first once they are on the disk. In the order of calls; those that
   * wait go together. Borrows the payloads until then. Rejects with
   * `STORAGE_FAILED`.
   */
  append(payloads: readonly Uint8Array[]): Promise<{ readonly from: number }> {
    const bytes = recordBytes(payloads);
    const refusal = this.#refusal(bytes);
    if (refusal !== undefined) {
      this.#refused++;
      return Promise.reject(new AppError('STORAGE_FAILED', refusal));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ payloads, bytes, resolve, reject });
      this.#waitingBytes += bytes;
      this.#running ??= this.#run();
    });
  }

  /** Reads records with numbers from `from` to below `to` in order, without those that are missing. Holds one file in memory; payloads are views of it. */
  read(from: number, to = this.#next): AsyncGenerator<LogRecord> {
    return this.#files.read(from, Math.min(to, this.#next));
  }

  /** The oldest first, so that what is sealed can be read and indexed one by one, also backwards. */
  segments(): LogSegment[] {
    return this.#files.all.map(({ first, end, records, count }) => {
      return { first, end, records, isSealed: count !== this.#writer.active?.count };
    });
  }

  /** Removes whole files of which no record has number `sequence` or a later one, the last file never. Rejects with `STORAGE_FAILED`. */
  async removeBefore(sequence: number): Promise<void> {
    const { active, floor: before } = this.#writer;
    const kept = this.#files.all.find(({ end, count }) => end > sequence || count === active?.count);
    const floor = kept?.first ?? sequence;
    if (floor <= before) return;
    try {
      await this.#writer.keepFloor(floor, this.#next);
      await this.#files.removeBefore(floor);
    } catch (cause) {
      throw toAppError('old records could not be removed', cause);
    }
  }

  status(): AppendLogStatus {
    const { spareBytes, room } = this.#writer;
    const problem = this.#problem ?? this.#writer.problem;
    const { all: files, gaps, damage } = this.#files;
    return {
      bytes: files.reduce((sum, { fileBytes }) => sum + fileBytes, spareBytes),
      segments: files.length,
      records: files.reduce((sum, { records }) => sum + records, 0),
      roomBytes: room + Math.max(0, spareBytes - HEADER_BYTES),
      ...(problem !== undefined && { problem }),
      damage,
      gaps: gaps.slice(-KEPT_GAPS),
      cutBytes: this.#cutBytes,
      waitingBytes: this.#waitingBytes,
      refused: this.#refused,
      failed: this.#failed,
    };
  }

  /** Resolves when all that was appended is written. Later appends are refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
    await this.#writer.close(this.#next);
  }

  #refusal(bytes: number): string | undefined {
    if (this.#isClosed) return 'the log is closed';
    if (bytes > this.#capacity) return `${bytes} bytes in one append, at most ${this.#capacity} expected`;
    if (this.#waitingBytes === 0 || this.#waitingBytes + bytes <= WAITING_BYTES) return undefined;
    return `${this.#waitingBytes} bytes wait for the disk, at most ${WAITING_BYTES} may`;
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // so that all appends of this turn go together
    while (this.#waiting.length > 0) await this.#commit();
    this.#running = undefined;
  }

  async #commit(): Promise<void> {
    const first = this.#next;
    try {
      await this.#writer.makeRoom(this.#waiting[0]!.bytes, first);
    } catch (error) {
      return this.#fail(this.#waiting.splice(0, 1), error);
    }
    const group = this.#take(this.#writer.room);
    try {
      await this.#writer.write(
        group.map(({ payloads }) => payloads),
        first,
      );
    } catch (error) {
      return this.#fail(group, error);
    }
    if (this.#problem !== undefined) this.#options.log.info('the log is written again');
    this.#problem = undefined;
    for (const { payloads, bytes, resolve } of group) {
      this.#waitingBytes -= bytes;
      resolve({ from: this.#next });
      this.#next += payloads.length;
    }
    await this.#writer.note(this.#next);
  }

  /** The appends at the front that have room together, at least one. */
  #take(room: number): Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const one of this.#waiting) {
      bytes += one.bytes;
      if (bytes > room) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  #fail(group: readonly Waiting[], cause: unknown): void {
    const error = toAppError('the log could not be written', cause);
    if (this.#problem === undefined) this.#options.log.error({ err: error }, 'the log could not be written');
    this.#problem = error.message;
    this.#failed += group.length;
    for (const { bytes, reject } of group) {
      this.#waitingBytes -= bytes;
      reject(error);
    }
  }
}

interface Waiting {
  readonly payloads: readonly Uint8Array[];
  readonly bytes: number;
  readonly resolve: (at: { readonly from: number }) => void;
  readonly reject: (error: Error) => void;
}

function toAppError(what: string, cause: unknown): AppError {
  return new AppError('STORAGE_FAILED', `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  });
}
