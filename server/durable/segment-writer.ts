import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { sync } from '../base/durable-file.ts';
import type { Logger } from '../base/log.ts';
import { encodeRecords } from './record.ts';
import type { Recovered, Segment } from './recover.ts';
import {
  cutFile,
  drawMark,
  formatName,
  HEADER_BYTES,
  makeSegment,
  type SegmentName,
  writeAll,
  writeNotes,
} from './segment.ts';

export interface SegmentWriterOptions {
  readonly folder: string;
  readonly segmentBytes: number;
  readonly log: Logger;
  readonly clock: Clock;
  readonly recovered: Recovered;
  /** Takes each segment before it gets its first record. */
  readonly begin: (segment: Segment) => void;
}

/** Between attempts to allocate the next segment while the last one still has room. */
const RETRY_MS = 1000;

/**
 * Writes records to the last segment of a log, and keeps room for more: the
 * next segment is allocated as soon as the last one is in use. One write at a
 * time. A segment on which a write or a sync has failed is not written again,
 * since what is on the disk of it is not known.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #active: Open | undefined;
  #spare: Spare | undefined;
  #making: Promise<void> | undefined;
  #count: number;
  #floor: number;
  #turn = 0;
  #failedMs = -Infinity;
  #problem: string | undefined;

  constructor(options: SegmentWriterOptions) {
    const { active, lastCount, floor } = options.recovered;
    this.#options = options;
    this.#active = active;
    this.#count = lastCount;
    this.#floor = floor;
  }

  /** Takes the room that the log had left, and sees to more. Never rejects. */
  async start(first: number): Promise<void> {
    const { recovered, folder, segmentBytes, log } = this.#options;
    if (recovered.spare)
      this.#spare = await adopt(join(folder, formatName(recovered.spare)), recovered.spare, segmentBytes, log);
    if (this.#active === undefined) await this.makeRoom(0, first).catch((error: unknown) => this.#fail(error));
    this.#makeNext();
  }

  /** Bytes of records that the last segment still takes. */
  get room(): number {
    return this.#active === undefined ? 0 : this.#options.segmentBytes - this.#active.segment.dataEnd;
  }

  /** All below this number was removed on purpose. */
  get floor(): number {
    return this.#floor;
  }

  get spareBytes(): number {
    return this.#spare === undefined ? 0 : this.#options.segmentBytes;
  }

  get active(): Segment | undefined {
    return this.#active?.segment;
  }

  /** Why there is no room allocated beyond the last segment. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Sees that so many bytes have room, in a new segment from number `first` on where need be. */
  async makeRoom(bytes: number, first: number): Promise<void> {
    if (this.#active !== undefined && bytes <= this.room) return;
    await this.#making;
    this.#spare ??= await this.#allocate();
    const { handle, path, name } = this.#spare;
    const { folder, segmentBytes } = this.#options;
    const place = join(folder, formatName({ ...name, first }));
    await rename(path, place);
    try {
      await sync(folder);
    } catch (error) {
      await this.#giveBack(place);
      throw error;
    }
    const full = this.#active;
    const extent = { first, end: first, records: 0, dataEnd: HEADER_BYTES, fileBytes: segmentBytes };
    const segment = { ...name, ...extent, path: place, isGone: false };
    this.#spare = undefined;
    this.#active = { segment, handle };
    this.#options.begin(segment);
    if (full) await this.#retire(full);
    this.#makeNext();
  }

  /** Writes appends that have room, numbered from `first` on, and syncs. Where that rejects, nothing of them is left, as far as the disk lets it be cut off. */
  async write(appends: readonly (readonly Uint8Array[])[], first: number): Promise<void> {
    const active = this.#active!;
    const { segment, handle } = active;
    const bytes = encodeRecords(segment.mark, first, appends);
    try {
      await writeAll(handle, bytes, segment.dataEnd);
      await handle.datasync();
    } catch (error) {
      this.#active = undefined;
      await this.#retire(active);
      throw error;
    }
    segment.dataEnd += bytes.length;
    segment.records += appends.reduce((sum, { length }) => sum + length, 0);
    segment.end = first + appends.reduce((sum, { length }) => sum + length, 0);
  }

  /** Notes that all below `synced` is on the disk, and tries again to allocate what could not be. */
  async note(synced: number): Promise<void> {
    await this.#writeNotes(synced);
    if (this.#options.clock.monotonicMs() - this.#failedMs >= RETRY_MS) this.#makeNext();
  }

  /** Keeps that all below `floor` is to be removed. */
  async keepFloor(floor: number, synced: number): Promise<void> {
    if (this.#active === undefined) throw new Error('there is no segment to write to');
    // A descriptor of its own: of a failed write each says so once, and the other has to hear it too.
    const handle = await open(this.#active.segment.path, 'r+');
    try {
      await writeNotes(handle, { synced, floor }, this.#turn++);
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.#floor = floor;
  }

  async close(synced: number): Promise<void> {
    await this.#making;
    await this.#writeNotes(synced); // in the other place too, so that either may be damaged
    const open = [this.#active, this.#spare];
    this.#active = undefined;
    this.#spare = undefined;
    for (const one of open) await one?.handle.close();
  }

  async #writeNotes(synced: number): Promise<void> {
    if (this.#active === undefined) return;
    const notes = { synced, floor: this.#floor };
    await writeNotes(this.#active.handle, notes, this.#turn++).catch((err: unknown) =>
      this.#options.log.warn({ err }, 'a log could not be noted'),
    ); // the next notes say as much and more
  }

  #makeNext(): void {
    if (this.#spare !== undefined || this.#making !== undefined) return;
    this.#making = this.#allocate()
      .then(
        (spare) => {
          this.#spare = spare;
        },
        (error: unknown) => this.#fail(error),
      )
      .finally(() => {
        this.#making = undefined;
      });
  }

  async #allocate(): Promise<Spare> {
    const { folder, segmentBytes } = this.#options;
    const name = { count: ++this.#count, mark: drawMark() };
    const path = join(folder, formatName(name));
    const handle = await makeSegment(path, name.mark, segmentBytes);
    this.#problem = undefined;
    return { name, path, handle };
  }

  #fail(error: unknown): void {
    if (this.#problem === undefined)
      this.#options.log.warn({ err: error }, 'a log has no room allocated for its next file');
    this.#failedMs = this.#options.clock.monotonicMs();
    this.#problem = `the next file cannot be allocated: ${String(error)}`;
  }

  // The name is not known to be on the disk. Where the file cannot be a spare one again, the last segment is not
  // written on either: a later one that exists already says where it ends.
  async #giveBack(place: string): Promise<void> {
    const { path, handle } = this.#spare!;
    try {
      await rename(place, path);
    } catch (err) {
      this.#options.log.error({ err, place }, 'a file of a log is given up');
      this.#spare = undefined;
      const full = this.#active;
      this.#active = undefined;
      await handle.close();
      if (full) await this.#retire(full);
    }
  }

  /** Closes a segment and cuts off what is not of whole appends. Never rejects. */
  async #retire({ segment, handle }: Open): Promise<void> {
    const { path, dataEnd, records } = segment;
    segment.isGone = records === 0;
    try {
      await handle.close();
      if (records === 0) await rm(path);
      else await cutFile(path, dataEnd);
      segment.fileBytes = dataEnd;
    } catch (err) {
      this.#options.log.error(
        { err, path },
        'a file of a log could not be cut off, so that what was refused may be there after a crash',
      );
    }
  }
}

interface Open {
  readonly segment: Segment;
  readonly handle: FileHandle;
}

interface Spare {
  readonly name: SegmentName;
  readonly path: string;
  readonly handle: FileHandle;
}

async function adopt(path: string, name: SegmentName, segmentBytes: number, log: Logger): Promise<Spare | undefined> {
  try {
    const handle = await open(path, 'r+');
    if ((await handle.stat()).size === segmentBytes) return { name, path, handle };
    await handle.close();
    await rm(path);
  } catch (err) {
    log.error({ err, path }, 'a file of a log could not be taken over');
  }
  return undefined;
}
