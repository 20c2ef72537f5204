import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { OutputReply } from '../wire/outputs.ts';
import { backOffMs, LONGEST_MS } from './back-off.ts';
import { type Destination, Refused } from './destination.ts';
import { messageId } from './message.ts';
import { type Kept, Queue, type QueueLimits } from './queue.ts';

/** Resolves after so long, and as soon as `signal` is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface LaneOptions {
  readonly destination: Destination;
  readonly limits: QueueLimits;
  /** Number of the first message that it may not have. */
  readonly cursor: number;
  /** Numbers of those before it that it refused. */
  readonly parked: ReadonlySet<number>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sleep: Sleep;
  /** 0 … 1. */
  readonly chance: () => number;
  /** Messages were delivered, or given up. */
  readonly onMoved: () => void;
}

/** Tries in a row of a message that the destination refuses. */
const REFUSED_TRIES = 5;
/** Refused ones that are kept; past it the oldest is given up. So many are told again in a row. */
const PARKED = 1000;
const RETOLD = 100;
/** A destination fails when so many tries in a row did, over so long. */
const FAILING_TRIES = 3;
const FAILING_MS = 30_000;
const PROBLEM_LENGTH = 300;
const BEFORE = 'it refused them before the server started';

/**
 * The way to one destination: one delivery at a time, in order, tried again until
 * it is taken. Messages that are refused together are told one by one; one that is
 * refused alone several times holds up the others no longer, and is told again
 * every five minutes, until it is taken or the destination has a newer one of the
 * same alarm, or refuses that too: there is at most one of each alarm, of 1,000.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #queue: Queue;
  readonly #ending = new AbortController();
  #flight: Kept[] = [];
  readonly #parked = new Map<string, Kept>(); // by tag, those told last at the end
  #due: Kept[] = []; // of those, to be told now
  #nextDue: Promise<void> | undefined;
  #refusal: string | undefined;
  #cursor: number;
  #running: Promise<void> | undefined;
  #alone = 0; // so many messages go one by one
  #tries = 0; // of what is under way
  #refusals = 0; // the last of them, in a row
  #failures = 0; // since the last success
  #failingMs: number | undefined;
  #problem: string | undefined;
  #delivered = 0;
  #failed = 0;
  #givenUp = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#cursor = options.cursor;
    this.#queue = new Queue(options.limits);
  }

  /** Unlike that of any other. */
  get key(): string {
    const { kind, name } = this.#options.destination;
    return `${kind}:${name}`;
  }

  /** All messages before it are delivered or given up. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Numbers of those before it that are refused and not given up. */
  get parked(): readonly number[] {
    return [...this.#parked.values()].map(({ n }) => n);
  }

  /** Those that wait. */
  get waiting(): readonly Kept[] {
    return [...this.#parked.values(), ...this.#flight, ...this.#queue.all];
  }

  wants({ message, to }: Pick<Kept, 'message' | 'to'>): boolean {
    return (to === undefined || to.includes(this.key)) && this.#options.destination.wants(message);
  }

  /** The next message; passes over one that the destination does not want or has. */
  add(kept: Kept): void {
    if (kept.n < this.#cursor) {
      if (this.#options.parked.has(kept.n) && this.wants(kept)) this.#park(kept, BEFORE);
      return;
    }
    if (this.wants(kept)) this.#queue.add(kept);
    else if (this.#flight.length === 0 && this.#queue.all.length === 0) this.#cursor = kept.n + 1;
    if (this.#queue.all.length > 0) this.#running ??= this.#run();
  }

  get isFailing(): boolean {
    const { clock, destination } = this.#options;
    const nowMs = clock.monotonicMs();
    const { outage } = destination;
    if (outage !== undefined && nowMs - outage.sinceMs >= FAILING_MS) return true;
    return this.#failingMs !== undefined && this.#failures >= FAILING_TRIES && nowMs - this.#failingMs >= FAILING_MS;
  }

  status(): OutputReply {
    const { destination, clock } = this.#options;
    const { kind, name, outage } = destination;
    const oldest = this.#flight[0] ?? this.#queue.all[0];
    const problem = this.#problem ?? outage?.problem ?? this.#refusal;
    return {
      name,
      kind,
      waiting: this.#flight.length + this.#queue.all.length,
      oldestSeconds: oldest === undefined ? 0 : Math.max(0, clock.nowMs() - oldest.message.atMs) / 1000,
      delivered: this.#delivered,
      failed: this.#failed,
      refused: this.#parked.size,
      givenUp: this.#givenUp,
      superseded: this.#queue.superseded,
      dropped: this.#queue.dropped + (destination.dropped ?? 0),
      isFailing: this.isFailing,
      ...(problem !== undefined && { problem }),
    };
  }

  /** Nothing is delivered any more; what waits does so for the next start. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#nextDue;
    await this.#running;
    await this.#options.destination.close();
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // so that all messages of this turn may go together
    const { destination, sleep } = this.#options;
    const { signal } = this.#ending;
    while ((this.#queue.all.length > 0 || this.#due.length > 0) && !signal.aborted) {
      if (this.#due.length > 0) await this.#tellAgain(this.#due.shift()!);
      if (this.#queue.all.length === 0) continue;
      if (destination.gatherMs > 0) await sleep(destination.gatherMs, signal);
      this.#flight = this.#queue.take(this.#alone > 0 ? 1 : destination.together, destination.isOnceEach);
      while (this.#flight.length > 0 && !signal.aborted) await this.#try();
    }
    this.#running = undefined;
  }

  async #try(): Promise<void> {
    const { destination, sleep, chance } = this.#options;
    const { signal } = this.#ending;
    try {
      await destination.deliver(
        this.#flight.map(({ message }) => message),
        signal,
      );
      this.#succeed();
    } catch (error) {
      if (signal.aborted) return;
      this.#fail(error);
      if (this.#flight.length > 0) await sleep(backOffMs(this.#tries, chance()), signal);
    }
  }

  async #tellAgain(kept: Kept): Promise<void> {
    const { tag } = kept.message;
    if (this.#parked.get(tag) !== kept) return; // there is a newer one
    const { destination } = this.#options;
    const { signal } = this.#ending;
    try {
      await destination.deliver([kept.message], signal);
      this.#parked.delete(tag);
      this.#delivered++;
      this.#recover();
      this.#options.onMoved();
    } catch (error) {
      if (signal.aborted) return;
      this.#failed++;
      if (!(error instanceof Refused)) this.#due = []; // it is away: later
      this.#parked.delete(tag);
      this.#park(kept, problemOf(error));
    }
    if (this.#parked.size === 0) this.#refusal = undefined;
  }

  #succeed(): void {
    for (const { message } of this.#flight) this.#giveUp(message.tag);
    this.#delivered += this.#flight.length;
    this.#recover();
    this.#move();
  }

  #recover(): void {
    if (this.#failingMs !== undefined) this.#options.log.info({ output: this.key }, 'an alarm output delivers again');
    this.#tries = 0;
    this.#refusals = 0;
    this.#failures = 0;
    this.#failingMs = undefined;
    this.#problem = undefined;
  }

  #fail(error: unknown): void {
    const { clock, log } = this.#options;
    this.#failed++;
    this.#tries++;
    this.#failures++;
    this.#problem = problemOf(error);
    if (this.#failingMs === undefined) log.warn({ output: this.key, problem: this.#problem }, 'an alarm output fails');
    this.#failingMs ??= clock.monotonicMs();
    this.#refusals = error instanceof Refused ? this.#refusals + 1 : 0;
    if (this.#refusals > 0 && this.#flight.length > 1) this.#separate();
    else if (this.#refusals >= REFUSED_TRIES) this.#putAside(this.#flight[0]!);
  }

  // One of them is refused, and nobody knows which.
  #separate(): void {
    this.#alone = this.#flight.length;
    this.#queue.putBack(this.#flight);
    this.#flight = [];
    this.#tries = 0;
    this.#refusals = 0;
  }

  #putAside(kept: Kept): void {
    const { log } = this.#options;
    const { message } = kept;
    log.error({ output: this.key, id: messageId(message), problem: this.#problem }, 'a message is refused');
    this.#giveUp(message.tag);
    this.#park(kept, this.#problem);
    this.#tries = 0;
    this.#refusals = 0;
    this.#move();
  }

  // What is newer tells more.
  #giveUp(tag: string): void {
    if (this.#parked.delete(tag)) this.#givenUp++;
    if (this.#parked.size === 0) this.#refusal = undefined;
  }

  #park(kept: Kept, problem: string | undefined): void {
    this.#refusal = problem;
    this.#parked.set(kept.message.tag, kept);
    if (this.#parked.size > PARKED) this.#giveUp(this.#parked.keys().next().value!);
    this.#nextDue ??= this.#waitUntilDue();
  }

  async #waitUntilDue(): Promise<void> {
    const { signal } = this.#ending;
    await this.#options.sleep(LONGEST_MS, signal);
    this.#nextDue = undefined;
    if (signal.aborted || this.#parked.size === 0) return;
    this.#due = [...this.#parked.values()].slice(0, RETOLD);
    this.#nextDue = this.#waitUntilDue();
    this.#running ??= this.#run();
  }

  #move(): void {
    this.#alone = Math.max(0, this.#alone - 1);
    this.#cursor = this.#flight.at(-1)!.n + 1;
    this.#flight = [];
    this.#options.onMoved();
  }
}

function problemOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, PROBLEM_LENGTH);
}
