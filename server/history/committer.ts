import type { Clock } from '../base/clock.ts';
import { NewestTimes } from '../base/newest-times.ts';
import type { Hole, Segment, SegmentBatch } from './segment.ts';

/** What the writer needs of a segment: a real one, or one that fails when a test says so. */
export type WritableSegment = Pick<Segment, 'id' | 'write' | 'rowCounts'>;

export interface OpenSegment {
  readonly segment: WritableSegment;
  /** Server clock. */
  readonly openedMs: number;
}

export interface CommitterOptions {
  readonly clock: Clock;
  /** The segment that goes on, where there is one. */
  readonly current: OpenSegment | undefined;
  /** Makes a new one, with these holes in it from the start. */
  readonly openSegment: (holes: readonly Hole[]) => Promise<OpenSegment>;
  /** How long a segment is written. */
  readonly segmentMs: number;
  /** Whether the open segment is, and so is to end before its time. */
  readonly isDamaged: () => boolean;
  /** Begins again with the same files, after a fault that the database does not survive. */
  readonly reopen: () => Promise<void>;
}

/** A segment ends with the hour, by the settings, or when it has so many windows and diagnoses. */
const SEGMENT_ROWS = 40_000_000;

/** The open segment: writes batches to it, each once, whatever went wrong with the one before. */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #times = new NewestTimes();
  #current: OpenSegment | undefined;
  #open: WritableSegment | undefined;
  #hour = 0;
  #rows: readonly number[] = []; // of each tier, then diagnoses, that are in it for sure
  #isInDoubt = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#current = options.current;
  }

  /** Undefined while none can be opened. */
  get segmentId(): number | undefined {
    return this.#open?.id;
  }

  /** Of each tier, then diagnoses, that the open segment has for sure. */
  get rows(): readonly number[] {
    return this.#rows;
  }

  /** Whether the next batch is to be the last one of its segment. */
  get isOver(): boolean {
    const rows = (this.#rows[0] ?? 0) + (this.#rows.at(-1) ?? 0);
    const hour = Math.floor(this.#options.clock.nowMs() / this.#options.segmentMs);
    if (rows === 0) this.#hour = hour; // an empty segment belongs to any hour
    return rows >= SEGMENT_ROWS || this.#hour !== hour || (rows > 0 && this.#options.isDamaged());
  }

  percentile(share: number): number {
    return this.#times.percentile(share);
  }

  /** Opens a segment where none is open; a new one has the holes that there are then. */
  async open(holes: () => readonly Hole[]): Promise<void> {
    if (this.#open !== undefined) return;
    const { segment, openedMs } = this.#current ?? (await this.#options.openSegment(holes()));
    this.#rows = await segment.rowCounts();
    this.#current = undefined;
    this.#hour = Math.floor(openedMs / this.#options.segmentMs);
    this.#open = segment;
  }

  /**
   * Writes a batch. Throws where that fails; then the same batch is to be
   * written again, and nothing else.
   */
  async write(batch: SegmentBatch): Promise<void> {
    const segment = this.#open;
    if (segment === undefined) throw new Error('a batch without an open segment');
    const startedMs = this.#options.clock.monotonicMs();
    const isThere = this.#isInDoubt && (await this.#isWritten(segment, batch));
    if (!isThere) {
      this.#isInDoubt = true;
      await segment.write(batch);
    }
    this.#isInDoubt = false;
    this.#rows = rowsWith(this.#rows, batch);
    this.#times.add(this.#options.clock.monotonicMs() - startedMs);
    if (batch.isLast) this.#open = undefined;
  }

  // A commit that failed may have gone through all the same.
  async #isWritten(segment: WritableSegment, batch: SegmentBatch): Promise<boolean> {
    const counts = await segment.rowCounts().catch(async () => {
      await this.#options.reopen();
      return segment.rowCounts();
    });
    const expected = rowsWith(this.#rows, batch);
    const hasRows = expected.some((rows, place) => rows > this.#rows[place]);
    return hasRows && counts.every((count, place) => count === expected[place]);
  }
}

function rowsWith(rows: readonly number[], { tiers, diagnoses = [] }: SegmentBatch): number[] {
  return [...tiers, diagnoses].map(({ length }, place) => rows[place] + length);
}
