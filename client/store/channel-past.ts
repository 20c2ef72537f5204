import type { PastNeed } from './past-rows.ts';
import { Listeners, type Store } from './store.ts';

/** A question to the history. */
export interface PastQuery {
  readonly channel: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Rows at most. */
  readonly columns: number;
}

/** What one question was answered with, for good. */
export interface PastRead {
  /** What it answers; beyond, it knows nothing. */
  readonly need: PastNeed;
  /** The longest row. */
  readonly rowMs: number;
  /** Whether no answer could be finer. */
  readonly isWhole: boolean;
}

export interface PastOptions<Read extends PastRead> {
  readonly ask: (query: PastQuery, need: PastNeed, signal: AbortSignal) => Promise<Read>;
  /** The most rows one question gets. */
  readonly mostRows: number;
  /** Calls `run` after `delayMs`, unless the returned function is called first. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** What a channel's time is known to be, while something of it is wanted. */
export interface KnownTime {
  /** Before, there is nothing. */
  readonly firstMs: number;
  /** From then on, nothing is known. */
  readonly lastMs: number;
  /** The present. */
  readonly nowMs: number;
  /** From then to the present, live rows tell all. */
  readonly heldMs: number;
  /** Times that the clock was set back. */
  readonly stepped: number;
}

/** An answer, and what was known when it was asked for. */
interface Answer<Read> {
  readonly rows: Read;
  readonly known: KnownTime;
}

/** How the history answers. */
export interface PastState {
  readonly isLoading: boolean;
  /** Why it did not, the last time it was asked. */
  readonly problem: unknown;
}

// Rows asked for a pixel column: they come on a grid of 1, 2 and 5, so at least one and a bit.
const ROWS_A_COLUMN = 2.5;
// What is asked for reaches so far beyond both ends of what is seen, of its length: a little way is there already.
const BESIDE = 0.5;
// Answers kept, each at most 1 MB; the one that was not used for longest goes.
const ANSWERS = 8;
// Requests wait until the view has rested for this long, but for the first.
const REST_MS = 100;
const RETRY_MS = [1000, 2000, 5000] as const;
// A request under way is given up where its rows would be this many times too coarse or too fine.
const USELESS = 8;
const ROUNDING = 1e-6;
// How far the present goes on in an answer before that is asked for again.
const OUTDATED_MS = 1000;

/**
 * What the page has of one channel's history, its trend or its diagnoses: the
 * last few answers, and one request under way at most, for what was wanted last.
 */
export class ChannelPast<Read extends PastRead> implements Store<PastState> {
  readonly #channel: string;
  readonly #options: PastOptions<Read>;
  readonly #listeners = new Listeners();
  /** The one used last comes last. */
  #answers: Answer<Read>[] = [];
  #wanted: PastNeed | undefined;
  #known: KnownTime = { firstMs: -Infinity, lastMs: Infinity, nowMs: Infinity, heldMs: Infinity, stepped: 0 };
  #asked: { readonly need: PastNeed; readonly abort: AbortController } | undefined;
  #cancelAsk: (() => void) | undefined;
  #failures = 0;
  #version = 0;
  #value: PastState = { isLoading: false, problem: undefined };

  constructor(channel: string, options: PastOptions<Read>) {
    this.#channel = channel;
    this.#options = options;
  }

  get value(): PastState {
    return this.#value;
  }

  /** Grows with every answer. */
  get version(): number {
    return this.#version;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Gives up what is under way. What came stays. */
  close(): void {
    this.#cancelAsk?.();
    this.#asked?.abort.abort();
    this.#cancelAsk = this.#asked = this.#wanted = undefined;
    this.#set({ isLoading: false });
  }

  /**
   * Says what is to be shown, as often as it is shown: what is missing of it is
   * asked for, the newest wish first.
   */
  want(need: PastNeed, known: KnownTime): void {
    this.#known = known;
    if (this.#asked && !isUseful(this.#asked.need, need)) this.#asked.abort.abort();
    if (this.#answers.some((answer) => this.#answersStill(answer, need))) {
      this.#wanted = undefined;
      return;
    }
    this.#wanted = need;
    if (this.#asked || this.#cancelAsk) return;
    this.#askAfter(this.#answers.length === 0 && this.#failures === 0 ? 0 : this.#pauseMs());
  }

  /** What of a range is known, best first. */
  best({ fromMs, toMs, columnMs }: PastNeed): readonly Read[] {
    const overlapping = this.#answers.filter(({ rows: { need } }) => need.fromMs < toMs && need.toMs > fromMs);
    const whole = overlapping.findLast((answer) => this.#answersStill(answer, { fromMs, toMs, columnMs }));
    if (whole) this.#answers = [...this.#answers.filter((answer) => answer !== whole), whole];
    const others = overlapping.filter((answer) => answer !== whole).map(({ rows }) => rows);
    others.sort((a, b) => a.rowMs - b.rowMs);
    return whole ? [whole.rows, ...others] : others;
  }

  /** Whether an answer holds all that is needed, though the present went on and the clock may have been set since. */
  #answersStill(answer: Answer<Read>, need: PastNeed): boolean {
    const { stepped, heldMs, nowMs } = this.#known;
    const isOpen = answer.rows.need.toMs > answer.known.nowMs; // the present has gone into it
    const isOutdated = isOpen && answer.known.nowMs + OUTDATED_MS < Math.min(heldMs, nowMs);
    return answer.known.stepped === stepped && !isOutdated && answers(answer.rows, need);
  }

  #pauseMs(): number {
    return this.#failures === 0 ? REST_MS : RETRY_MS[Math.min(this.#failures, RETRY_MS.length) - 1];
  }

  #askAfter(delayMs: number): void {
    this.#cancelAsk = this.#options.after(delayMs, () => {
      this.#cancelAsk = undefined;
      if (this.#wanted) void this.#ask(this.#wanted);
    });
  }

  async #ask(wanted: PastNeed): Promise<void> {
    const known = this.#known;
    const { ask, mostRows } = this.#options;
    const need = withSurroundings(wanted, known, mostRows);
    const asked = { need, abort: new AbortController() };
    this.#asked = asked;
    this.#set({ isLoading: true });
    const columns = Math.ceil(((need.toMs - need.fromMs) / need.columnMs) * ROWS_A_COLUMN);
    const query = { channel: this.#channel, fromMs: need.fromMs, toMs: need.toMs };
    try {
      const rows = await ask({ ...query, columns: Math.min(mostRows, columns) }, need, asked.abort.signal);
      this.#take({ rows, known });
      this.#failures = 0;
      this.#set({ isLoading: false, problem: undefined });
    } catch (problem) {
      const isGivenUp = asked.abort.signal.aborted;
      if (!isGivenUp) this.#failures++;
      this.#set({ isLoading: false, ...(!isGivenUp && { problem }) });
    }
    if (this.#asked !== asked) return; // closed meanwhile
    this.#asked = undefined;
    if (this.#wanted) this.#askAfter(this.#pauseMs());
  }

  #take(answer: Answer<Read>): void {
    // What the new one answers as well need not be kept.
    const kept = this.#answers.filter(({ rows }) => !answers(answer.rows, rows.need));
    this.#answers = [...kept, answer].slice(-ANSWERS);
    this.#version++;
    if (this.#wanted && this.#answersStill(answer, this.#wanted)) this.#wanted = undefined;
  }

  #set(change: Partial<PastState>): void {
    this.#value = { ...this.#value, ...change };
    this.#listeners.announce();
  }
}

/** Whether an answer holds all that is needed, as fine as it is needed. */
function answers({ need, isWhole }: PastRead, { fromMs, toMs, columnMs }: PastNeed): boolean {
  const isFine = isWhole || need.columnMs <= columnMs * (1 + ROUNDING);
  return isFine && need.fromMs <= fromMs && need.toMs >= toMs;
}

function isUseful(asked: PastNeed, { fromMs, toMs, columnMs }: PastNeed): boolean {
  const isNear = asked.fromMs < toMs && asked.toMs > fromMs;
  return isNear && asked.columnMs < columnMs * USELESS && asked.columnMs * USELESS > columnMs;
}

/** With what is beside it, as far as one answer holds that. */
function withSurroundings(
  { fromMs, toMs, columnMs }: PastNeed,
  { firstMs, lastMs }: KnownTime,
  mostRows: number,
): PastNeed {
  const mostMs = (mostRows / ROWS_A_COLUMN) * columnMs;
  const besideMs = Math.max(0, Math.min((toMs - fromMs) * BESIDE, (mostMs - (toMs - fromMs)) / 2));
  return {
    fromMs: Math.min(fromMs, Math.max(fromMs - besideMs, firstMs)),
    toMs: Math.max(toMs, Math.min(toMs + besideMs, lastMs)),
    columnMs,
  };
}
