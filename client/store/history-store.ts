import type { DecimateKernel } from '../../server/kernels/decimate-kernel.ts';
import type { ChannelsReply, HistoryReply, StoredChannel } from '../../server/wire/history.ts';
import { ChannelPast, type PastQuery } from './channel-past.ts';
import { Current, Listeners, type Store } from './store.ts';

/** What the history has, and since when. */
export interface HistoryState {
  /** Every channel that has history or is live, by name, as of the last answer. */
  readonly channels: ReadonlyMap<string, StoredChannel>;
  /** Whether the server has ever said which there are. */
  readonly isListed: boolean;
  /** Why it did not, the last time it was asked. */
  readonly problem: unknown;
}

export interface HistoryOptions {
  readonly load: (query: PastQuery, signal: AbortSignal) => Promise<HistoryReply>;
  readonly list: (signal: AbortSignal) => Promise<ChannelsReply>;
  readonly createKernel: (rows: number) => DecimateKernel;
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** Between two questions for the list, while somebody looks at it. */
const LIST_MS = 20_000;
const RETRY_MS = 2000;
// Channels whose answers are kept; of the one that was looked at longest ago, they are forgotten.
const CHANNEL_LIMIT = 12;

/** The history of all channels as this page knows it. Asks for nothing until something is looked at. */
export class HistoryStore implements Store<HistoryState> {
  /** Counts what changed in the past of any channel. */
  readonly changes = new Current(0);
  readonly #options: HistoryOptions;
  readonly #listeners = new Listeners();
  readonly #pasts = new Map<string, ChannelPast>();
  #value: HistoryState = { channels: new Map(), isListed: false, problem: undefined };
  #holders = 0;
  #cancelList: (() => void) | undefined;
  #asked: AbortController | undefined;

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  get value(): HistoryState {
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  /** Keeps the list of channels up to date until the returned function is called. */
  hold(): () => void {
    if (this.#holders++ === 0) void this.#list();
    return () => {
      if (--this.#holders > 0) return;
      this.#cancelList?.();
      this.#asked?.abort();
    };
  }

  /** Asks for the list now, where somebody looks at it: something of it is known to have changed. */
  renew(): void {
    if (this.#holders === 0) return;
    this.#cancelList?.();
    this.#asked?.abort();
    void this.#list();
  }

  /** What is known of a channel; under another `use`, apart from that, so that two views do not compete. */
  past(channel: string, use: 'view' | 'overview' = 'view'): ChannelPast {
    const key = `${use} ${channel}`;
    const past = this.#pasts.get(key) ?? this.#begin(channel);
    this.#pasts.delete(key);
    this.#pasts.set(key, past);
    if (this.#pasts.size > 2 * CHANNEL_LIMIT) this.#forget();
    return past;
  }

  #begin(channel: string): ChannelPast {
    const past = new ChannelPast(channel, this.#options);
    past.subscribe(() => this.changes.set(this.changes.value + 1));
    return past;
  }

  #forget(): void {
    const [[key, past]] = this.#pasts;
    past.close();
    this.#pasts.delete(key);
  }

  async #list(): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    let pauseMs = LIST_MS;
    try {
      const { channels } = await this.#options.list(asked.signal);
      this.#set({
        channels: new Map(channels.map((channel) => [channel.name, channel])),
        isListed: true,
        problem: undefined,
      });
    } catch (problem) {
      pauseMs = RETRY_MS;
      if (!asked.signal.aborted) this.#set({ problem });
    }
    if (asked.signal.aborted) return;
    this.#cancelList = this.#options.after(pauseMs, () => void this.#list());
  }

  #set(change: Partial<HistoryState>): void {
    this.#value = { ...this.#value, ...change };
    this.#listeners.announce();
  }
}
