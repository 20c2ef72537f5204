import type { DecimateKernel } from '../../server/kernels/decimate-kernel.ts';
import { DIAGNOSIS_COLUMNS, type DiagnosesReply } from '../../server/wire/diagnosis-history.ts';
import {
  type ChannelsReply,
  HISTORY_COLUMNS,
  type HistoryReply,
  type StoredChannel,
} from '../../server/wire/history.ts';
import { ChannelPast, type PastQuery, type PastRead } from './channel-past.ts';
import { PastDiagnoses } from './past-diagnoses.ts';
import { type PastNeed, PastRows } from './past-rows.ts';
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
  readonly diagnoses: (query: PastQuery, signal: AbortSignal) => Promise<DiagnosesReply>;
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
  readonly #pasts = new Map<string, ChannelPast<PastRows>>();
  readonly #diagnoses = new Map<string, ChannelPast<PastDiagnoses>>();
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
  past(channel: string, use: 'view' | 'overview' = 'view'): ChannelPast<PastRows> {
    const { load, createKernel, after } = this.#options;
    const ask = async (query: PastQuery, need: PastNeed, signal: AbortSignal) =>
      new PastRows(await load(query, signal), need, createKernel);
    return this.#kept(this.#pasts, `${use} ${channel}`, {
      mostKept: 2 * CHANNEL_LIMIT,
      begin: () => new ChannelPast(channel, { ask, mostRows: HISTORY_COLUMNS, after }),
    });
  }

  /** What is known of the diagnoses of a channel. */
  diagnoses(channel: string): ChannelPast<PastDiagnoses> {
    const { diagnoses, after } = this.#options;
    const ask = async (query: PastQuery, need: PastNeed, signal: AbortSignal) =>
      new PastDiagnoses(await diagnoses(query, signal), need);
    return this.#kept(this.#diagnoses, channel, {
      mostKept: CHANNEL_LIMIT,
      begin: () => new ChannelPast(channel, { ask, mostRows: DIAGNOSIS_COLUMNS, after }),
    });
  }

  /** The one used last comes last; the one that was not used for longest goes. */
  #kept<Past extends Pick<ChannelPast<PastRead>, 'subscribe' | 'close'>>(
    pasts: Map<string, Past>,
    key: string,
    { mostKept, begin }: { readonly mostKept: number; readonly begin: () => Past },
  ): Past {
    const known = pasts.get(key);
    const past = known ?? begin();
    if (!known) past.subscribe(() => this.changes.set(this.changes.value + 1));
    pasts.delete(key);
    pasts.set(key, past);
    if (pasts.size > mostKept) {
      const [[oldest, forgotten]] = pasts;
      forgotten.close();
      pasts.delete(oldest);
    }
    return past;
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
