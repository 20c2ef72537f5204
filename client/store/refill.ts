import { HISTORY_COLUMNS, type HistoryReply } from '../../server/wire/history.ts';
import type { PastQuery } from './channel-past.ts';
import type { ChannelStore } from './channel-store.ts';
import { countWindows } from './history-runs.ts';
import type { Loss } from './losses.ts';
import { KEPT_MS } from './row-room.ts';
import type { TimeRange } from './time-view.ts';

export interface RefillOptions {
  readonly load: (query: PastQuery, signal: AbortSignal) => Promise<HistoryReply>;
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** A loss of one channel, to be looked up in the history. */
interface Task {
  readonly channel: ChannelStore;
  readonly loss: Loss;
  /** Which of its ranges is looked up, how far, and what was found. */
  range: number;
  doneMs: number;
  found: number;
}

// Past this many the oldest is given up: its points stay missing, and its rows come when somebody looks there.
const TASK_LIMIT = 1024;
// Windows asked for at once: half of what an answer may hold, so that it is surely not merged.
const WINDOWS = HISTORY_COLUMNS / 2;
const RETRY_MS = [500, 1000, 2000, 5000] as const;

/**
 * Fetches from the history what the hub cannot send any more: what it named as
 * gone, and what devices sent between two of its lives. One request at a time;
 * what fails is tried again.
 */
export class Refill {
  readonly #options: RefillOptions;
  readonly #abort = new AbortController();
  #tasks: Task[] = [];
  #isBusy = false;
  #failures = 0;
  #found = 0;

  constructor(options: RefillOptions) {
    this.#options = options;
  }

  /** Whether anything is still looked up. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Points that were found. */
  get found(): number {
    return this.#found;
  }

  add(channel: ChannelStore, losses: readonly Loss[]): void {
    for (const loss of losses) this.#tasks.push({ channel, loss, range: 0, doneMs: -Infinity, found: 0 });
    this.#tasks = this.#tasks.slice(-TASK_LIMIT);
    if (!this.#isBusy && this.#tasks.length > 0) void this.#work();
  }

  close(): void {
    this.#abort.abort();
    this.#tasks = [];
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let task = this.#tasks[0]; task; task = this.#tasks[0]) {
      try {
        await this.#step(task);
        this.#failures = 0;
      } catch {
        if (this.#abort.signal.aborted) return;
        await this.#pause(); // an unreachable history: what is missing stays so, and is shown as missing
      }
      if (this.#tasks[0] === task && task.range === task.loss.ranges.length) this.#tasks.shift();
    }
    this.#isBusy = false;
  }

  /** Looks up as much of a loss as one answer holds. */
  async #step(task: Task): Promise<void> {
    const { channel, loss } = task;
    const whole = loss.ranges[task.range];
    const fromMs = Math.max(whole.fromMs, task.doneMs);
    // What lies before all rows is shown from the history anyway; what lies beside a step has no place among them.
    const keptMs = Math.min((channel.edgeMs ?? whole.toMs) - KEPT_MS, channel.rows.oldestMs ?? Infinity);
    const isKept = loss.ranges.length === 1 && whole.toMs > keptMs;
    const toMs = isKept ? Math.min(whole.toMs, fromMs + WINDOWS * channel.windowMs) : whole.toMs;
    const query = { channel: channel.name, fromMs, toMs, columns: HISTORY_COLUMNS };
    const reply = await this.#options.load(query, this.#abort.signal);
    task.found += Math.max(0, countWindows(reply, { fromMs, toMs }) - countHeld(channel, { fromMs, toMs }));
    if (isKept && reply.span === 1) channel.insertPast(reply, { fromMs, toMs });
    task.doneMs = toMs;
    if (toMs < whole.toMs) return;
    task.doneMs = -Infinity;
    if (++task.range < loss.ranges.length) return;
    this.#found += Math.min(task.found, loss.points);
    loss.recover(Math.min(task.found, loss.points));
  }

  #pause(): Promise<void> {
    const delayMs = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)];
    return new Promise((resolve) => this.#options.after(delayMs, resolve));
  }
}

/** Windows that are there: beside a step of the clock, another line of time may have some of the same times. */
function countHeld({ rows }: ChannelStore, { fromMs, toMs }: TimeRange): number {
  let held = 0;
  for (const timeMs of rows.times()) if (timeMs >= fromMs && timeMs < toMs) held++;
  return held;
}
