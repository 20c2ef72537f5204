import { rm } from 'node:fs/promises';
import { sync } from '../base/durable-file.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { gapsIn, type SequenceRange, toRanges } from './examine.ts';
import { copyAside } from './quarantine.ts';
import { readSegment } from './read-segment.ts';
import { payloadOf, type Scan, scanRecords } from './record.ts';
import type { Recovered, Segment } from './recover.ts';
import { HEADER_BYTES } from './segment.ts';

export interface LogRecord {
  readonly sequence: number;
  readonly payload: Buffer;
}

/** What is damaged and not served: records that are missing, bytes, files. */
export interface LogDamage {
  readonly records: number;
  readonly bytes: number;
  readonly files: number;
}

/** The files of a log that is open, and what is missing from them. */
export class LogFiles {
  readonly #folder: string;
  readonly #log: Logger;
  #segments: readonly Segment[];
  #gaps: readonly SequenceRange[];
  #damaged: ReadonlyMap<string, number>;

  constructor(folder: string, log: Logger, { segments, gaps, damaged }: Recovered) {
    this.#folder = folder;
    this.#log = log;
    this.#segments = segments;
    this.#gaps = gaps;
    this.#damaged = damaged;
  }

  /** The oldest first. */
  get all(): readonly Segment[] {
    return this.#segments.filter(({ isGone }) => !isGone);
  }

  /** Numbers of records that are missing, in ascending order. */
  get gaps(): readonly SequenceRange[] {
    return this.#gaps;
  }

  get damage(): LogDamage {
    return {
      records: this.#gaps.reduce((sum, { from, to }) => sum + to - from, 0),
      bytes: [...this.#damaged.values()].reduce((sum, bytes) => sum + bytes, 0),
      files: this.#damaged.size,
    };
  }

  add(segment: Segment): void {
    this.#segments = [...this.all, segment];
  }

  async *read(from: number, to: number): AsyncGenerator<LogRecord> {
    for (const segment of this.all) {
      const { first, end } = segment;
      if (end <= from || first >= to) continue;
      const { bytes, records } = await this.#load(segment);
      for (const record of records) {
        const { sequence } = record;
        if (sequence >= from && sequence < to && sequence < end) yield { sequence, payload: payloadOf(bytes, record) };
      }
    }
  }

  /** Removes the oldest files, all that end by `floor`. */
  async removeBefore(floor: number): Promise<void> {
    const old = this.all.filter(({ end }) => end <= floor);
    for (const { path } of old) await rm(path, { force: true });
    await sync(this.#folder);
    this.#segments = this.all.filter((segment) => !old.includes(segment));
    this.#gaps = this.#gaps.filter(({ to }) => to > floor);
    this.#damaged = new Map([...this.#damaged].filter(([path]) => old.every((segment) => segment.path !== path)));
  }

  async #load(segment: Segment): Promise<{ readonly bytes: Buffer; readonly records: Scan['records'] }> {
    const { path, mark, dataEnd, records, end } = segment;
    const bytes = await readSegment(path, dataEnd).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return Buffer.alloc(0); // removed as old, or by a foreign hand
      throw new AppError('STORAGE_FAILED', `the log could not be read: ${cause.message}`, { cause });
    });
    const scan = scanRecords(bytes, mark);
    const lost = records - scan.records.length;
    if (lost > 0 && this.#segments.includes(segment)) {
      segment.records -= lost;
      this.#log.error({ path, lost }, 'a file of a log is damaged');
      await this.#note(segment, scan, { dataEnd, end });
    }
    return { bytes, records: scan.records };
  }

  // What was whole at the start may be damaged since.
  async #note({ path, first }: Segment, scan: Scan, was: { dataEnd: number; end: number }): Promise<void> {
    const sound = scan.records.reduce((sum, { at, end }) => sum + end - at, HEADER_BYTES);
    const bytes = Math.max(0, was.dataEnd - sound);
    this.#damaged = new Map([...this.#damaged, [path, bytes]]);
    this.#gaps = [
      ...this.#gaps.filter((gap) => gap.to <= first),
      ...gapsIn(toRanges(scan.records), first, was.end),
      ...this.#gaps.filter((gap) => gap.from >= was.end),
    ];
    await copyAside(this.#folder, path, this.#log);
  }
}
