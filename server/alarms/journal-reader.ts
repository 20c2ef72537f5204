// Reads the journal a segment at a time, lets others have their turn, and keeps
// in mind what sealed segments hold.

import { setImmediate } from 'node:timers/promises';
import type { AlarmEntry } from '../wire/alarm-journal.ts';
import type { AlarmEntryFilter } from '../wire/alarm-search.ts';
import { SegmentDigest } from './segment-digest.ts';

/** A stretch of the journal that is read at once: records from `first` to below `end`, most of which are entries. */
export interface JournalSegment {
  readonly first: number;
  readonly end: number;
  /** It grows no more. */
  readonly isSealed: boolean;
}

/** What is read of the journal. The numbers of its entries rise. */
export interface JournalReading {
  /** The oldest first. */
  segments(): readonly JournalSegment[];
  /** The entries among the records from `from` to below `to`, in order, without those that cannot be read. */
  read(from: number, to: number): AsyncIterable<AlarmEntry>;
}

/** What is kept of a segment's first entry. */
type SegmentBegin = Pick<AlarmEntry, 'number' | 'atMs'>;

/** Others have their turn after so long, looked at after so many entries. */
const TURN_MS = 8;
const TURN_ENTRIES = 64;
/** Segments of which is known what they hold and when they begin, the newest: 8 GB of journal. */
const KNOWN = 1000;

/** Reads segments of the journal. */
export class JournalReader {
  readonly #journal: JournalReading;
  readonly #monotonicMs: () => number;
  readonly #digests = new Map<number, SegmentDigest>();
  readonly #begins = new Map<number, SegmentBegin>();

  constructor(journal: JournalReading, monotonicMs: () => number) {
    this.#journal = journal;
    this.#monotonicMs = monotonicMs;
  }

  /** The oldest first. */
  segments(): readonly JournalSegment[] {
    return this.#journal.segments();
  }

  /** Whether what is wanted may be in a segment; it may where it was never read. */
  mayHold({ first }: JournalSegment, filter: AlarmEntryFilter): boolean {
    return this.#digests.get(first)?.mayHold(filter) ?? true;
  }

  /** All of a segment, in order. Rejects with `STORAGE_FAILED`, and with the reason of `signal` once nobody waits. */
  async *read({ first, end, isSealed }: JournalSegment, signal?: AbortSignal): AsyncGenerator<AlarmEntry> {
    const digest = new SegmentDigest();
    let turnMs = this.#monotonicMs();
    let count = 0;
    for await (const entry of this.#journal.read(first, end)) {
      if (count === 0) remember(this.#begins, first, { number: entry.number, atMs: entry.atMs });
      digest.add(entry);
      yield entry;
      if (++count % TURN_ENTRIES > 0 || this.#monotonicMs() - turnMs < TURN_MS) continue;
      await setImmediate();
      signal?.throwIfAborted();
      turnMs = this.#monotonicMs();
    }
    if (isSealed) remember(this.#digests, first, digest);
  }

  /** Its first entry; undefined where there is none, or none can be read. */
  async begin({ first, end }: JournalSegment): Promise<SegmentBegin | undefined> {
    const known = this.#begins.get(first);
    if (known !== undefined) return known;
    for await (const entry of this.#journal.read(first, end)) {
      remember(this.#begins, first, { number: entry.number, atMs: entry.atMs });
      return entry;
    }
    return undefined;
  }

  /** Index of the last segment that begins as `isBefore` says, where all before it do and none after it; 0 where none does. */
  async lastWhere(segments: readonly JournalSegment[], isBefore: (begin: SegmentBegin) => boolean): Promise<number> {
    let [low, high] = [0, segments.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      let at = middle;
      let begin = await this.begin(segments[at] as JournalSegment);
      while (begin === undefined && at > low) begin = await this.begin(segments[--at] as JournalSegment);
      if (begin === undefined || isBefore(begin)) low = middle;
      else high = at;
    }
    return low;
  }
}

function remember<T>(known: Map<number, T>, first: number, value: T): void {
  known.set(first, value);
  if (known.size > KNOWN) known.delete(Math.min(...known.keys()));
}
