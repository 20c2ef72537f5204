// The figures of alarms as people ask for them: of the present from memory, of
// times long ago from the journal.

import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { inTurns } from '../base/in-turns.ts';
import type { AlarmEntry } from '../wire/alarm-journal.ts';
import type { AlarmKpiReply, KpiPeriod } from '../wire/alarm-kpi.ts';
import { type AlarmPriority, type AlarmReply, isPresent } from '../wire/alarms.ts';
import { type Annunciation, Annunciations } from './annunciations.ts';
import type { JournalReader, JournalSegment } from './journal-reader.ts';
import { countKpi, DAY_MS } from './kpi.ts';
import type { Period, PlantClock } from './shifts.ts';

export interface AlarmFiguresOptions {
  readonly reader: JournalReader;
  readonly plant: PlantClock;
  readonly clock: Clock;
}

/** What is counted of alarms, since the start. */
export interface AlarmTotals {
  readonly annunciated: Readonly<Record<AlarmPriority, number>>;
  /** Periods of long ago: read from the journal, and refused because others were being read. */
  readonly periodsRead: number;
  readonly periodsRefused: number;
  /** Annunciations that are remembered, and those forgotten because too many were. */
  readonly remembered: number;
  readonly crowdedOut: number;
}

/** A period is told from so long before it on: what stood longer, and stands no more, is not found stale. */
const BEFORE_MS = 8 * DAY_MS;
/** In memory. */
const KEPT_MS = 16 * DAY_MS;
/** Read of the journal at the start: no more segments than so many, the newest. */
const START_SEGMENTS = 32;
/** Of long ago: periods that are read at a time, how long one may take, and answers that are kept. */
const READ_LIMIT = 2;
const READ_MS = 10_000;
const KEPT_REPLIES = 64;
/** An answer of a period that ended less than a day ago, whose alarms are still being acknowledged, is good for so long. */
const SETTLING_MS = 60_000;
/** What went long ago is forgotten whenever so many more entries have come. */
const FORGET_EVERY = 1000;
/** Entries that wait while the journal is read at the start; of more, the first are not counted. */
const WAITING = 50_000;
/** An answer of the present is good for so long. */
const FRESH_MS = 500;
/** Periods that wait while others are counted; more are refused. */
const COUNT_LIMIT = 16;

/** Counts what is annunciated, from the journal and from each new entry. */
export class AlarmFigures {
  readonly #options: AlarmFiguresOptions;
  /** Answers from the journal, by period, the newest last. */
  readonly #old = new Map<string, { readonly reply: AlarmKpiReply; readonly untilMs: number }>();
  readonly #annunciated: Record<AlarmPriority, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  #all: Annunciations;
  #started: Promise<void> = Promise.resolve();
  /** Entries that come while the journal is read. */
  #waiting: AlarmEntry[] | undefined;
  /** Whether the journal reaches back beyond what is in memory. */
  #isLonger = true;
  /** Answers of the present, by period, the newest last. */
  readonly #fresh = new Map<string, { readonly reply: Promise<AlarmKpiReply>; readonly untilMs: number }>();
  /** One is counted after the other, so that together they hold the loop no longer. */
  #counted: Promise<unknown> = Promise.resolve();
  #counting = 0;
  #taken = 0;
  #reading = 0;
  #read = 0;
  #refused = 0;
  #isClosed = false;

  constructor(options: AlarmFiguresOptions) {
    this.#options = options;
    this.#all = new Annunciations({ knownFromMs: options.clock.nowMs() });
  }

  get totals(): AlarmTotals {
    return {
      annunciated: this.#annunciated,
      periodsRead: this.#read,
      periodsRefused: this.#refused,
      remembered: this.#all.all.length,
      crowdedOut: this.#all.crowdedOut,
    };
  }

  /**
   * Reads what the journal holds of the last days; until then periods wait.
   * `alarms` are as they are now: some of those that stand were annunciated
   * before. Rejects with `STORAGE_FAILED` where it cannot be read; then what is
   * in memory begins now.
   */
  start(alarms: readonly AlarmReply[]): Promise<void> {
    this.#waiting = [];
    const starting = this.#start(alarms).finally(() => {
      this.#waiting = undefined;
    });
    this.#started = starting.catch(() => {}); // told by `starting`
    return starting;
  }

  /** Gives up what is being read. */
  close(): void {
    this.#isClosed = true;
  }

  /** An entry was made. */
  take(entry: AlarmEntry): void {
    if (entry.isAnnunciated) this.#annunciated[entry.priority]++;
    if (this.#waiting !== undefined && this.#waiting.push(entry) > WAITING) this.#waiting.shift();
    this.#all.take(entry);
    if (++this.#taken % FORGET_EVERY === 0) this.#forget();
  }

  /**
   * Those of the period that a moment lies in. One that is not over is counted
   * from memory, and tells since when. Rejects with `JOURNAL_BUSY`, and with
   * `STORAGE_FAILED` where the journal must be read.
   */
  async period(kind: KpiPeriod, timeMs: number): Promise<AlarmKpiReply> {
    await this.#started;
    const { plant, clock } = this.#options;
    const period = plant.period(kind, timeMs);
    const key = `${kind} ${period.beginMs}`;
    const nowMs = clock.monotonicMs();
    const isOver = period.endMs <= clock.nowMs();
    if (isOver && this.#isLonger && period.beginMs - BEFORE_MS < this.#all.knownFromMs) {
      const old = this.#old.get(key);
      return old !== undefined && nowMs < old.untilMs ? old.reply : this.#readOld(kind, period);
    }
    for (const [other, { untilMs }] of this.#fresh) if (untilMs <= nowMs) this.#fresh.delete(other);
    const fresh = this.#fresh.get(key);
    if (fresh !== undefined) return fresh.reply;
    const reply = this.#count(kind, this.#all, period);
    this.#fresh.set(key, { reply, untilMs: nowMs + FRESH_MS });
    return reply;
  }

  #count(kind: KpiPeriod, from: Annunciations, period: Period): Promise<AlarmKpiReply> {
    if (this.#counting >= COUNT_LIMIT) {
      this.#refused++;
      const message = `${this.#counting} periods wait to be counted, allowed are ${COUNT_LIMIT} at a time`;
      return Promise.reject(new AppError('JOURNAL_BUSY', message));
    }
    this.#counting++;
    const { clock } = this.#options;
    const reply = this.#counted.then(async (): Promise<AlarmKpiReply> => {
      const { knownFromMs } = from;
      const figures = await inTurns(countKpi(from.all, period, clock.nowMs()), clock);
      return { period: kind, ...(knownFromMs > figures.beginMs && { knownFromMs }), ...figures };
    });
    this.#counted = reply.catch(() => {}).finally(() => this.#counting--); // told to who asked for it
    return reply;
  }

  async #start(alarms: readonly AlarmReply[]): Promise<void> {
    const { reader, clock } = this.#options;
    const segments = reader.segments();
    const reached = await this.#reachBack(segments, clock.nowMs() - KEPT_MS);
    const first = Math.max(reached, segments.length - START_SEGMENTS);
    const all = new Annunciations({ knownFromMs: await this.#knownFrom(segments[first]) });
    for (const alarm of alarms) {
      const raise = raiseOf(alarm);
      if (raise !== undefined && raise.atMs < all.knownFromMs) all.take(raise);
    }
    let last = 0;
    for (const segment of segments.slice(first)) {
      for await (const entry of reader.read(segment)) {
        if (this.#isClosed) return;
        all.take(entry);
        last = entry.number;
      }
    }
    for (const entry of this.#waiting ?? []) if (entry.number > last) all.take(entry);
    this.#all = all;
    this.#isLonger = first > 0;
  }

  #forget(): void {
    const beforeMs = this.#options.clock.nowMs() - KEPT_MS;
    this.#isLonger ||= (this.#all.all[0]?.atMs ?? beforeMs) < beforeMs;
    this.#all.forget(beforeMs);
  }

  async #readOld(kind: KpiPeriod, period: Period): Promise<AlarmKpiReply> {
    if (this.#reading >= READ_LIMIT) {
      this.#refused++;
      throw new AppError(
        'JOURNAL_BUSY',
        `${this.#reading} periods are being read from the journal, allowed are ${READ_LIMIT} at a time`,
      );
    }
    this.#reading++;
    const { clock } = this.#options;
    const isSettled = period.endMs + DAY_MS <= clock.nowMs();
    const untilMs = isSettled ? Number.POSITIVE_INFINITY : clock.monotonicMs() + SETTLING_MS;
    try {
      const all = await this.#readAround(period);
      const reply = await this.#count(kind, all, period);
      this.#read++;
      const key = `${kind} ${period.beginMs}`;
      this.#old.delete(key);
      if (this.#old.size >= KEPT_REPLIES) this.#old.delete(this.#old.keys().next().value as string);
      this.#old.set(key, { reply, untilMs });
      return reply;
    } finally {
      this.#reading--;
    }
  }

  /** What was annunciated from days before a period to a day after it. */
  async #readAround({ beginMs, endMs }: Period): Promise<Annunciations> {
    const { reader, clock } = this.#options;
    const untilMs = clock.monotonicMs() + READ_MS;
    const segments = reader.segments();
    const first = await this.#reachBack(segments, beginMs - BEFORE_MS);
    const knownFromMs = await this.#knownFrom(segments[first]);
    const all = new Annunciations({ knownFromMs });
    for (const old of this.#all.all) {
      if (old.goneMs === undefined && old.atMs < knownFromMs) all.take(raiseAgain(old)); // it stood then as well
    }
    for (const segment of segments.slice(first)) {
      if (((await reader.begin(segment))?.atMs ?? endMs) > endMs + DAY_MS) break;
      for await (const entry of reader.read(segment)) all.take(entry);
      if (clock.monotonicMs() > untilMs || this.#isClosed) {
        throw new AppError('JOURNAL_BUSY', `the period could not be counted in ${READ_MS / 1000} s`);
      }
    }
    return all;
  }

  /** Index of the segment from which on all since a time is there. They follow each other in time, but for clocks that were set. */
  #reachBack(segments: readonly JournalSegment[], timeMs: number): Promise<number> {
    return this.#options.reader.lastWhere(segments, ({ atMs }) => atMs <= timeMs);
  }

  /** Since when all is told from a segment on. */
  async #knownFrom(segment: JournalSegment | undefined): Promise<number> {
    const begin = segment && (await this.#options.reader.begin(segment));
    return begin === undefined || begin.number <= 1 ? 0 : begin.atMs; // nothing was before the first
  }
}

/** The entry that annunciated an alarm which stands. */
function raiseOf(alarm: AlarmReply): AlarmEntry | undefined {
  const { raisedMs, hidden, state, acknowledged, beganNs, clearedMs, comment, capture, finding, ...of } = alarm;
  if (raisedMs === undefined || hidden.length > 0 || !isPresent(state)) return undefined;
  return { ...of, ...ANNUNCIATED, atMs: raisedMs };
}

function raiseAgain({ tag, definition, channel, priority, occurrence, atMs }: Annunciation): AlarmEntry {
  return {
    tag,
    definition,
    ...(channel !== undefined && { channel }),
    priority,
    occurrence,
    ...ANNUNCIATED,
    version: 0,
    atMs,
  };
}

const ANNUNCIATED = { number: 0, event: 'raise', state: 'unacknowledged', hidden: [], isAnnunciated: true } as const;
