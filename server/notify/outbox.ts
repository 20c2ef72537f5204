import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { AppendLog } from '../durable/append-log.ts';
import type { OutputsReply } from '../wire/outputs.ts';
import type { Destination } from './destination.ts';
import { Lane, type Sleep } from './lane.ts';
import type { AlarmMessage } from './message.ts';
import { type Cursors, encodeRecord, readOutbox } from './outbox-records.ts';
import type { Kept, QueueLimits } from './queue.ts';

export interface OutboxOptions {
  /** Left out where none can be opened: messages are delivered, and lost by a kill. */
  readonly store: AppendLog | undefined;
  readonly destinations: readonly Destination[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: QueueLimits;
  readonly sleep?: Sleep;
  readonly chance?: () => number;
}

/** For each destination: some alarms of a large plant for hours. */
const LIMITS: QueueLimits = { messages: 50_000, bytes: 32 << 20 };
/** Messages that wait for the disk; newer ones are not kept. */
const ARRIVED = 50_000;
/** What is written at a time, bytes. */
const WRITTEN_BYTES = 1 << 20;
/** The store is written anew when it has more than twice what waits, and this, bytes. */
const SLACK_BYTES = 2 << 20;
/** After so long what could not be written is tried again, ms. */
const RETRY_MS = 10_000;
/** Before more are unwritten, it is looked which of them are not done with. */
const UNWRITTEN = 1000;

interface Arrived {
  readonly kept: Kept;
  readonly payload: Buffer;
  /** Number up to which all entries of the journal were offered before it. */
  readonly before: number;
}

/**
 * Messages about alarms on their way. Each is on the disk before the first try,
 * and stays until every destination that wants it has it or has given it up; so
 * do the places up to which that is. While the disk refuses, what comes is told
 * all the same, and written as soon as the disk takes it; a kill before that
 * leaves it to the journal. After a kill what was under way is told once more,
 * under the same identifier. Every destination goes at its own pace.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lanes: readonly Lane[];
  readonly #greeted: readonly string[]; // destinations that were not known before, or may have lost what they had
  #next: number;
  #taken: number | undefined;
  #arrived: Arrived[] = [];
  #unwritten: Arrived[] = []; // older than those that arrived; the lanes have most of them
  #roomUnwritten = UNWRITTEN;
  #retry: Promise<void> | undefined;
  readonly #ending = new AbortController();
  #isMoved = false;
  #writing: Promise<void> | undefined;
  #storeBytes = 0;
  #unstored = 0;
  #problem: string | undefined;

  /** Begins to deliver what waits. A destination that is not known yet begins with what it is greeted with. */
  static async open(options: OutboxOptions): Promise<Outbox> {
    const { store } = options;
    const { kept, cursors, bytes } =
      store === undefined ? { kept: [], cursors: undefined, bytes: 0 } : await readOutbox(store);
    const outbox = new Outbox(options, Math.max(cursors?.next ?? 1, (kept.at(-1)?.n ?? 0) + 1), cursors);
    outbox.#storeBytes = bytes;
    for (const one of kept) for (const lane of outbox.#lanes) lane.add(one);
    outbox.#move(); // who is new is known from now on
    return outbox;
  }

  private constructor(options: OutboxOptions, next: number, cursors: Cursors | undefined) {
    const { destinations, clock, log, limits = LIMITS, sleep = wait, chance = Math.random } = options;
    this.#options = options;
    this.#next = next;
    this.#taken = cursors?.taken;
    const keys = destinations.map(({ kind, name }) => `${kind}:${name}`);
    this.#greeted = keys.filter((key, i) => cursors?.of[key] === undefined || destinations[i]!.isKeeping);
    this.#lanes = destinations.map((destination, i) => {
      const key = keys[i]!;
      const cursor = cursors?.of[key] ?? next;
      const parked = new Set(cursors?.parked?.[key]);
      return new Lane({ destination, limits, cursor, parked, clock, log, sleep, chance, onMoved: () => this.#move() });
    });
  }

  /** Number up to which all entries of the journal were offered; undefined before the first. */
  get taken(): number | undefined {
    return this.#taken;
  }

  /** Takes what becomes of an entry of the journal, with which all up to `number` were offered. It is delivered to whoever wants it, at least once. */
  offer(message: AlarmMessage, number: number): void {
    this.#put({ n: this.#next, message }, number);
  }

  /** Takes what stands at the start, once all up to entry `number` were offered: it is for destinations that are new, or keep states. */
  greet(message: AlarmMessage, number: number): void {
    if (this.#greeted.length > 0) this.#put({ n: this.#next, message, to: this.#greeted }, number);
  }

  #put(record: Omit<Kept, 'bytes'>, number: number): void {
    const before = this.#taken ?? number - 1;
    this.#taken = number;
    const payload = encodeRecord(record);
    const kept = { ...record, bytes: payload.length };
    if (!this.#lanes.some((lane) => lane.wants(kept))) return;
    if (this.#arrived.length >= ARRIVED) {
      this.#unstored++;
      return;
    }
    this.#next++;
    this.#arrived.push({ kept, payload, before });
    this.#writing ??= this.#write();
  }

  /** How many destinations get nothing. */
  get failing(): number {
    return this.#lanes.filter(({ isFailing }) => isFailing).length;
  }

  status(): OutputsReply {
    const store = this.#options.store?.status();
    const problem = this.#problem ?? store?.problem;
    return {
      destinations: this.#lanes.map((lane) => lane.status()),
      unstored: this.#unstored,
      bytes: store?.bytes ?? 0,
      damaged: store?.damage.records ?? 0,
      ...(problem !== undefined && { problem }),
    };
  }

  /** Resolves when what was offered is on the disk; what waits is delivered after the next start. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#retry;
    await Promise.all(this.#lanes.map((lane) => lane.close()));
    await this.#writing;
    await this.#options.store?.close();
  }

  #move(): void {
    this.#isMoved = true;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    await Promise.resolve(); // all of this turn go together
    while (this.#arrived.length > 0 || this.#isMoved) {
      const arrived = takeSome(this.#arrived);
      this.#isMoved = false;
      if (this.#unwritten.length >= this.#roomUnwritten) this.#leaveOutDone();
      this.#unwritten.push(...arrived);
      await this.#writeAll().catch((error: Error) => {
        this.#problem = error.message;
        this.#unstored += Math.min(this.#unwritten.length, arrived.length);
        if (this.#unwritten.length > 0) this.#retry ??= this.#tryAgain();
      });
      for (const { kept } of arrived) for (const lane of this.#lanes) lane.add(kept);
      await this.#tidy();
    }
    this.#writing = undefined;
  }

  // What is delivered or left out by now needs no disk: there are never more than twice as many of these as the lanes have.
  // To be called where the lanes have all of them.
  #leaveOutDone(): void {
    const waiting = new Set(this.#lanes.flatMap((lane) => lane.waiting.map(({ n }) => n)));
    this.#unwritten = this.#unwritten.filter(({ kept }) => waiting.has(kept.n));
    this.#roomUnwritten = 2 * this.#unwritten.length + UNWRITTEN;
  }

  async #writeAll(): Promise<void> {
    do {
      const some = takeSome(this.#unwritten);
      try {
        await this.#store(some.map(({ payload }) => payload));
      } catch (error) {
        this.#unwritten.unshift(...some);
        throw error;
      }
    } while (this.#unwritten.length > 0);
  }

  async #tryAgain(): Promise<void> {
    const { sleep = wait } = this.#options;
    await sleep(RETRY_MS, this.#ending.signal);
    this.#retry = undefined;
    if (this.#ending.signal.aborted) return;
    this.#roomUnwritten = 0;
    this.#move();
  }

  async #store(payloads: readonly Buffer[]): Promise<number> {
    const { store } = this.#options;
    if (store === undefined) return 0;
    const all = [...payloads, encodeRecord(this.#cursors())];
    const { from } = await store.append(all);
    this.#storeBytes += all.reduce((sum, { length }) => sum + length, 0);
    this.#problem = undefined;
    return from;
  }

  #cursors(): Cursors {
    const of = Object.fromEntries(this.#lanes.map(({ key, cursor }) => [key, cursor]));
    const parked = Object.fromEntries(this.#lanes.map(({ key, parked }) => [key, parked]));
    const first = this.#unwritten[0] ?? this.#arrived[0];
    const taken = first === undefined ? this.#taken : first.before; // after a kill the journal tells the others
    return { of, parked, next: this.#next, ...(taken !== undefined && { taken }) };
  }

  // Old files go where nothing of them waits: what waits is written once more, and then all before it is removed.
  async #tidy(): Promise<void> {
    const { store, log } = this.#options;
    if (store === undefined || this.#storeBytes < SLACK_BYTES) return;
    const waiting = new Map(this.#lanes.flatMap((lane) => lane.waiting.map((kept) => [kept.n, kept] as const)));
    const bytes = [...waiting.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    if (this.#storeBytes < 2 * bytes + SLACK_BYTES) return;
    this.#storeBytes = 0;
    try {
      const floor = store.next;
      let payloads: Buffer[] = [];
      let size = 0;
      for (const { bytes: _, ...record } of [...waiting.values()].sort((a, b) => a.n - b.n)) {
        payloads.push(encodeRecord(record));
        size += payloads.at(-1)!.length;
        if (size < WRITTEN_BYTES) continue;
        await this.#store(payloads);
        payloads = [];
        size = 0;
      }
      await this.#store(payloads);
      await store.removeBefore(floor);
    } catch (err) {
      log.warn({ err }, 'what was delivered could not be removed from the disk');
    }
  }
}

/** Takes the first ones, one or as many as are written at a time. */
function takeSome(from: Arrived[]): Arrived[] {
  let bytes = 0;
  let count = 0;
  for (const { kept } of from) {
    bytes += kept.bytes;
    if (count > 0 && bytes > WRITTEN_BYTES) break;
    count++;
  }
  return from.splice(0, count);
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, signal.aborted ? 0 : ms);
    signal.addEventListener('abort', end);
  });
}
