// Finds entries of the journal, the newest first, and says how far it came when
// its time is over.

import type { AlarmEntry } from '../wire/alarm-journal.ts';
import type { AlarmEntryFilter, AlarmEntryQuery, AlarmJournalReply } from '../wire/alarm-search.ts';
import { entryMatch } from './entry-match.ts';
import type { JournalReader, JournalSegment } from './journal-reader.ts';

/** Entries that are kept in memory, for those who follow. */
const TAIL = 2000;
/** An entry may come later than one with a greater number, while it waits for the disk: who follows is told again of the last seconds. */
const UNSETTLED_MS = 5000;
/** A search ends with the segment in which so long is over. */
const TIME_BOX_MS = 400;
/** Of an export, handed on at a time. */
const PIECE = 500;

interface Arrived {
  readonly entry: AlarmEntry;
  readonly arrivedMs: number;
}

/** Searches in the journal. */
export class JournalSearch {
  readonly #reader: JournalReader;
  readonly #monotonicMs: () => number;
  /** The newest entries, by number. */
  #tail: Arrived[] = [];
  #filling: Promise<void> | undefined;

  constructor(reader: JournalReader, monotonicMs: () => number) {
    this.#reader = reader;
    this.#monotonicMs = monotonicMs;
  }

  /** An entry was made. */
  take(entry: AlarmEntry): void {
    this.#put({ entry, arrivedMs: this.#monotonicMs() });
    if (this.#tail.length < 2 * TAIL) return;
    this.#tail = this.#tail.slice(-TAIL);
    this.#filling ??= Promise.resolve(); // what was before these is not wanted beside them
  }

  /** Rejects with `STORAGE_FAILED` where the journal cannot be read, and with the reason of `signal` once nobody waits. */
  async search(query: AlarmEntryQuery, signal?: AbortSignal): Promise<AlarmJournalReply> {
    const { before = Number.POSITIVE_INFINITY, after = 0, limit } = query;
    const fits = entryMatch(query);
    const isWanted = (entry: AlarmEntry) => entry.number < before && entry.number > after && fits(entry);
    const untilMs = this.#monotonicMs() + TIME_BOX_MS;
    const segments = this.#reader.segments();
    await this.#fill(segments);
    const newest = this.#newest();
    const tail = this.#tail.map(({ entry }) => entry);
    const found = tail.filter(isWanted).reverse();
    let rest = Math.min(tail[0]?.number ?? Number.POSITIVE_INFINITY, before); // of those below, none was looked at
    let searchedToMs = tail[0]?.atMs;
    const last = rest <= after + 1 ? -1 : await this.#reader.lastWhere(segments, ({ number }) => number < rest);
    for (const segment of segments.slice(0, last + 1).reverse()) {
      if (rest <= after + 1) break;
      if (found.length >= limit) return page(found, limit, { rest, newest });
      if (this.#monotonicMs() > untilMs) return page(found, limit, { rest, newest, searchedToMs });
      const earlier: AlarmEntry[] = [];
      if (this.#reader.mayHold(segment, query)) {
        for await (const entry of this.#reader.read(segment, signal)) {
          if (entry.number < rest && isWanted(entry)) earlier.push(entry);
        }
      }
      found.push(...earlier.reverse());
      const begin = await this.#reader.begin(segment);
      rest = begin?.number ?? rest;
      searchedToMs = begin?.atMs ?? searchedToMs;
    }
    return page(found, limit, { newest });
  }

  /** All that is wanted, the oldest first, some at a time; what is written meanwhile is left out. Rejects as `search`. */
  async *all(filter: AlarmEntryFilter, signal: AbortSignal): AsyncGenerator<readonly AlarmEntry[]> {
    const fits = entryMatch(filter);
    let piece: AlarmEntry[] = [];
    for (const segment of this.#reader.segments()) {
      if (!this.#reader.mayHold(segment, filter)) continue;
      for await (const entry of this.#reader.read(segment, signal)) {
        if (fits(entry)) piece.push(entry);
        if (piece.length < PIECE) continue;
        yield piece;
        piece = [];
      }
    }
    yield piece;
  }

  /** The first time: remembers the end of what was written before the start. */
  #fill(segments: readonly JournalSegment[]): Promise<void> {
    this.#filling ??= this.#remember(segments).catch((error: unknown) => {
      this.#filling = undefined;
      throw error;
    });
    return this.#filling;
  }

  async #remember(segments: readonly JournalSegment[]): Promise<void> {
    let end: AlarmEntry[] = [];
    for (const segment of segments.toReversed()) {
      for await (const entry of this.#reader.read(segment)) {
        end.push(entry);
        if (end.length >= 2 * TAIL) end = end.slice(-TAIL);
      }
      if (end.length > 0) break;
    }
    const known = new Set(this.#tail.map(({ entry }) => entry.number));
    for (const entry of end) {
      if (!known.has(entry.number)) this.#put({ entry, arrivedMs: Number.NEGATIVE_INFINITY });
    }
  }

  #put(arrived: Arrived): void {
    const after = this.#tail.findLastIndex(({ entry }) => entry.number < arrived.entry.number);
    this.#tail.splice(after + 1, 0, arrived);
  }

  /** Up to which number all that will ever be there is there. */
  #newest(): number {
    const untilMs = this.#monotonicMs() - UNSETTLED_MS;
    const unsettled = this.#tail.findIndex(({ arrivedMs }) => arrivedMs > untilMs);
    if (unsettled === 0) return (this.#tail[0] as Arrived).entry.number - 1;
    return this.#tail.at(unsettled === -1 ? -1 : unsettled - 1)?.entry.number ?? 0;
  }
}

/** The newest of what was found. `rest`: from there on all were looked at; left out where there are no others. */
function page(
  found: readonly AlarmEntry[],
  limit: number,
  { rest, newest, searchedToMs }: { rest?: number; newest: number; searchedToMs?: number | undefined },
): AlarmJournalReply {
  const entries = found.slice(0, limit);
  const before = found.length > limit ? entries.at(-1)?.number : rest;
  return {
    entries,
    ...(before !== undefined && { before }),
    ...(searchedToMs !== undefined && { searchedToMs }),
    newest,
  };
}
