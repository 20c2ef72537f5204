import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { AlarmEntry } from '../wire/alarm-journal.ts';
import type { EntryDraft } from './alarm.ts';
import type { Numbers } from './begin-numbers.ts';
import { type Checkpoint, encodeCheckpoint, encodeRun, isEntry, readRecord } from './checkpoint.ts';
import { type EntryStore, HANGING_MS, type Stored } from './entry-store.ts';
import type { JournalLog } from './journal-log.ts';
import { JournalRetention, type RetentionLimits } from './journal-retention.ts';

export interface JournalOptions {
  readonly log: JournalLog;
  readonly logger: Logger;
  readonly numbers: Numbers;
  /** Bytes of entries since the newest checkpoint. */
  readonly sinceCheckpoint: number;
  /** What the entries so far have come to, but for actions that are being written. */
  readonly known: () => Omit<Checkpoint, 'number'>;
  readonly limits: RetentionLimits;
  readonly clock: Clock;
}

export interface JournalStatus {
  /** Entries written since the start. */
  readonly written: number;
  /** Entries that wait for the disk. */
  readonly waiting: number;
  /** Entries given up, because too many waited. */
  readonly lost: number;
  /** On the disk, with what is set aside. */
  readonly bytes: number;
  /** Records that are gone because their files were damaged. */
  readonly damaged: number;
  /** Why it cannot be written, in words. */
  readonly problem?: string;
}

/** Entries that wait for a disk that fails; past it newer ones are given up, and a checkpoint tells what they came to. */
const WAITING_ENTRIES = 50_000;
const RETRY_MS = 1000;
const TIDY_MS = 3_600_000;
/** What is appended at a time, bytes; what belongs together goes together. */
const APPEND_BYTES = 1 << 20;
/** Between two checkpoints there are so many bytes of entries, and so many times those of a checkpoint. */
const CHECKPOINT_BYTES = 2 << 20;
const CHECKPOINT_TIMES = 2;

/** Records that wait for the disk, all or none of them. */
interface Waiting {
  readonly payloads: readonly Buffer[];
  /** How many of them are entries, and the number of the first. */
  readonly entries: number;
  readonly first?: number;
  /** Told of what somebody waits for. */
  written?: () => void;
  /** Of what can still be refused; everything else is tried again. */
  refuse?: ((failure: AppError) => void) | undefined;
}

/**
 * The journal of all alarms. What happens is written behind, and waits while
 * the disk fails; what people do is written while they wait, and refused where
 * the disk fails, or hangs before it was given them. Numbers rise; one that is
 * missing is of an action that was refused, or of an entry that was given up.
 */
export class Journal implements EntryStore {
  readonly #options: JournalOptions;
  readonly #retention: JournalRetention;
  #waiting: Waiting[] = [];
  #waitingEntries = 0;
  #next: number;
  #isWriting = false;
  #retry: NodeJS.Timeout | undefined;
  readonly #tidying: NodeJS.Timeout;
  #written = 0;
  #lost = 0;
  #sinceCheckpoint: number;
  #checkpointBytes = 0;
  #isLacking = false; // until a checkpoint tells what the entries came to that were given up
  #problem: string | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#retention = new JournalRetention(options.log, options.limits, options.clock);
    this.#next = options.numbers.next;
    this.#sinceCheckpoint = options.sinceCheckpoint;
    this.#tidying = setInterval(() => void this.#tidy(), TIDY_MS);
    this.#tidying.unref();
    void this.#tidy();
  }

  status(): JournalStatus {
    const { bytes, damage, problem: logProblem } = this.#options.log.status();
    const problem = this.#problem ?? logProblem;
    return {
      written: this.#written,
      waiting: this.#waitingEntries,
      lost: this.#lost,
      bytes,
      damaged: damage.records,
      ...(problem !== undefined && { problem }),
    };
  }

  keep(draft: EntryDraft): AlarmEntry {
    const entry = { number: this.#next++, ...draft };
    if (this.#waitingEntries < WAITING_ENTRIES)
      this.#put({ payloads: [encode(entry)], entries: 1, first: entry.number });
    else {
      this.#lost++;
      this.#isLacking = true;
    }
    return entry;
  }

  store(drafts: readonly EntryDraft[]): Promise<Stored> {
    const first = this.#next;
    const entries = drafts.map((draft) => ({ number: this.#next++, ...draft }));
    return new Promise((resolve, reject) => {
      const written = () => {
        clearTimeout(hanging);
        resolve({ entries });
      };
      const refuse = (failure: AppError) => {
        clearTimeout(hanging);
        if (this.#next === first + entries.length) this.#next = first; // nobody has got a later one
        reject(failure);
      };
      const waiting: Waiting = { payloads: entries.map(encode), entries: entries.length, first, written, refuse };
      const hanging = setTimeout(() => {
        this.#problem = `the journal of alarms cannot be written: the disk takes longer than ${HANGING_MS / 1000} s`;
        const failure = new AppError('STORAGE_FAILED', `${this.#problem}; nothing was done`);
        if (this.#withdraw(waiting)) return refuse(failure);
        waiting.refuse = undefined;
        const later = new Promise<void>((end) => {
          waiting.written = end;
        });
        resolve({ entries, written: later });
      }, HANGING_MS).unref();
      this.#put(waiting);
    });
  }

  /** Its files, the oldest first; numbers are those of records. */
  segments(): ReturnType<JournalLog['segments']> {
    return this.#options.log.segments();
  }

  /** Entries of the records with numbers from `from` to below `to`, in order, without those that cannot be read. Rejects with `STORAGE_FAILED`. */
  async *read(from: number, to: number): AsyncGenerator<AlarmEntry> {
    for await (const { payload } of this.#options.log.read(from, to)) {
      const record = readRecord(payload);
      if (isEntry(record)) yield record;
    }
  }

  /** Writes what waits, as far as the disk lets it. */
  async close(): Promise<void> {
    clearTimeout(this.#retry);
    clearInterval(this.#tidying);
    while (this.#isWriting) await setImmediate();
    if (this.#waitingEntries > 0) {
      const { logger } = this.#options;
      logger.error(
        { entries: this.#waitingEntries, problem: this.#problem },
        'the journal of alarms lacks what waited',
      );
    } else if (!this.#isLacking) await this.#addEnd();
    await this.#options.log.close();
  }

  #put(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#waitingEntries += waiting.entries;
    if (!this.#isWriting) void this.#write();
  }

  /** False where the disk was given it. */
  #withdraw(waiting: Waiting): boolean {
    const place = this.#waiting.indexOf(waiting);
    if (place === -1) return false;
    this.#waiting.splice(place, 1);
    this.#waitingEntries -= waiting.entries;
    return true;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    clearTimeout(this.#retry);
    await Promise.resolve(); // all of this turn go together
    let isWritten = await this.#writeWaiting();
    while (isWritten && this.#isLacking) {
      await setImmediate(); // the states have taken in what people did
      if (this.#waiting.length === 0) this.#addCheckpoint(this.#next - 1);
      isWritten = await this.#writeWaiting();
    }
    this.#isWriting = false;
    if (isWritten && this.#waiting.length > 0)
      void this.#write(); // came in between
    else if (!isWritten) this.#retry = setTimeout(() => void this.#write(), RETRY_MS).unref();
  }

  /** False where it cannot. */
  async #writeWaiting(): Promise<boolean> {
    while (this.#waiting.length > 0) {
      const group = this.#take();
      if (!(await this.#append(group))) return false;
      const first = group.find((waiting) => waiting.first !== undefined)?.first;
      const limit = Math.max(CHECKPOINT_BYTES, CHECKPOINT_TIMES * this.#checkpointBytes);
      // Actions of the group are not in the states yet, so it counts as what follows; that it is folded once more changes nothing.
      if (first !== undefined && this.#sinceCheckpoint >= limit && !this.#isLacking) this.#addCheckpoint(first - 1);
    }
    return true;
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { payloads } of this.#waiting) {
      bytes += bytesOf(payloads);
      if (count > 0 && bytes > APPEND_BYTES) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #append(group: readonly Waiting[]): Promise<boolean> {
    const payloads = group.flatMap((waiting) => waiting.payloads);
    try {
      await this.#options.log.append(payloads);
    } catch (error) {
      this.#fail(group, error as Error);
      return false;
    }
    this.#problem = undefined;
    this.#sinceCheckpoint += bytesOf(payloads);
    for (const { entries, written } of group) {
      this.#waitingEntries -= entries;
      this.#written += entries;
      written?.();
    }
    return true;
  }

  // What people wait for is refused; the rest stays, in its order.
  #fail(group: readonly Waiting[], error: Error): void {
    this.#problem = `the journal of alarms cannot be written: ${error.message}`;
    const waiting = [...group, ...this.#waiting];
    this.#waiting = waiting.filter(({ refuse }) => refuse === undefined);
    const failure = new AppError('STORAGE_FAILED', `${this.#problem}; nothing was done`, { cause: error });
    for (const { entries, refuse } of waiting.reverse()) {
      if (refuse === undefined) continue;
      this.#waitingEntries -= entries;
      refuse(failure);
    }
  }

  async #tidy(): Promise<void> {
    await this.#retention
      .removeOld()
      .catch((error: unknown) =>
        this.#options.logger.warn({ err: error }, 'old files of the journal of alarms could not be removed'),
      );
  }

  // Where it cannot be written, the next start supposes that entries are missing.
  async #addEnd(): Promise<void> {
    const { log, numbers } = this.#options;
    await log.append([encodeRun({ ended: numbers.floor })]).catch(() => undefined);
  }

  #addCheckpoint(number: number): void {
    const parts = encodeCheckpoint({ ...this.#options.known(), number });
    for (const part of parts) this.#waiting.push({ payloads: [part], entries: 0 });
    this.#checkpointBytes = bytesOf(parts);
    this.#sinceCheckpoint = -this.#checkpointBytes;
    this.#isLacking = false;
  }
}

function encode(entry: AlarmEntry): Buffer {
  return Buffer.from(JSON.stringify(entry));
}

function bytesOf(payloads: readonly Buffer[]): number {
  return payloads.reduce((sum, { length }) => sum + length, 0);
}
