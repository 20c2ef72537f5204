import type { ListenedTime } from '../base/listened-time.ts';
import type { ChannelRequest } from '../wire/commands.ts';
import type { DiagnosisModel, RunDiagnosis, ToldDiagnosis } from '../wire/diagnoses.ts';
import { sinceNs } from '../wire/since.ts';
import type { ChannelTable } from './channel-table.ts';
import type { Feed } from './feed.ts';
import type { HubChannel } from './hub-channel.ts';
import { ModelList } from './model-list.ts';
import type { Viewer, ViewerCounters } from './viewer.ts';

/** Diagnoses that may be on their way to one viewer: what is urgent never stands behind more of them. */
export const UNDER_WAY_BYTES = 32 * 1024;

/** Where no frame comes after them whose acknowledgement would tell, they have landed after so long, in listened time. */
const LANDED_MS = 1000;

export interface NewsOptions {
  readonly channels: ChannelTable;
  readonly listened: ListenedTime;
  readonly viewers: ReadonlySet<Viewer>;
  readonly counters: Pick<ViewerCounters, 'diagnosesReplaced'>;
}

/** What one viewer was told. */
interface Told {
  /** What it had asked for, */
  requests: readonly ChannelRequest[];
  /** and which channels that came to. */
  channels: string;
  /** Number of the newest diagnosis that it can know. */
  number: number;
  /** Not known to have landed, and the bytes of frames that were sent before each. */
  underWay: { readonly bytes: number; readonly behindBytes: number }[];
  /** When the last was sent, in listened ms. */
  sentMs: number;
}

/**
 * The newest diagnosis of each channel, encoded once for all who have the same
 * subscription and know the same of it, after the trends of each tick. For who
 * has no room only the newest of each channel waits; those that a newer one
 * replaced are counted.
 */
export class DiagnosisNews {
  readonly #options: NewsOptions;
  readonly #models = new ModelList();
  readonly #told = new WeakMap<Viewer, Told>();
  readonly #lanes = new WeakMap<Feed, { readonly key: string; readonly channels: ReadonlySet<HubChannel> }>();
  /** Texts of this tick, by subscription and by what is known of it. */
  readonly #texts = new Map<Feed, Map<number, Buffer | undefined>>();
  #number = 0;

  constructor(options: NewsOptions) {
    this.#options = options;
  }

  setModel(model: DiagnosisModel): void {
    this.#models.set(model);
  }

  /** Takes in what a run came to, of a channel that was set before; those of a channel come in their order. */
  take(run: RunDiagnosis): void {
    const { channels, viewers, counters } = this.#options;
    const channel = channels.find(run.channel);
    if (!channel) throw new Error(`diagnosis of channel ${run.channel}, which was never set`);
    const before = channel.diagnosis;
    const isSliding = this.#models.find(run.model)?.about?.hop !== undefined;
    this.#set(channel, { ...run, sinceNs: sinceNs(run, before?.run, isSliding) });
    if (before === undefined) return;
    for (const viewer of viewers) {
      const feed = viewer.delivery?.feed;
      if (feed === undefined || !this.#lanesOf(feed).channels.has(channel)) continue;
      if (this.#toldOf(viewer, feed).number < before.number) counters.diagnosesReplaced++;
    }
  }

  /** It is known now since when a channel has come to what its first run came to, unless that has ended by now. */
  setSince({ channel: name, fromNs }: Pick<RunDiagnosis, 'channel' | 'fromNs'>, since: bigint): void {
    const channel = this.#options.channels.find(name);
    const run = channel?.diagnosis?.run;
    if (channel !== undefined && run?.sinceNs === fromNs) this.#set(channel, { ...run, sinceNs: String(since) });
  }

  /** Tells a new viewer of the models, where channels name any. */
  greet(viewer: Viewer): void {
    const { text } = this.#models;
    if (text !== undefined) viewer.tellText(text);
  }

  /** Tells everyone of models that have changed: before the diagnoses that they are needed for. */
  tellModels(): void {
    if (!this.#models.refresh()) return;
    for (const viewer of this.#options.viewers) this.greet(viewer);
  }

  /** Tells everyone what they do not know of their channels, where there is room. */
  tell(): void {
    this.#texts.clear();
    for (const viewer of this.#options.viewers) {
      const feed = viewer.delivery?.feed;
      if (feed === undefined) continue;
      const told = this.#toldOf(viewer, feed);
      if (told.number === this.#number) continue;
      const text = this.#textOf(feed, told.number);
      if (text === undefined || this.#send(viewer, told, text)) told.number = this.#number;
    }
  }

  #set(channel: HubChannel, run: ToldDiagnosis): void {
    channel.diagnosis = { run, number: ++this.#number, text: JSON.stringify(run) };
  }

  /** Of a subscription that was made anew, or that a channel joined, nothing is known. */
  #toldOf(viewer: Viewer, feed: Feed): Told {
    const { key } = this.#lanesOf(feed);
    const { requests } = viewer;
    let told = this.#told.get(viewer);
    if (told === undefined) {
      told = { requests, channels: key, number: 0, underWay: [], sentMs: 0 };
      this.#told.set(viewer, told);
    } else if (told.requests !== requests || told.channels !== key) {
      told.requests = requests;
      told.channels = key;
      told.number = 0;
    }
    return told;
  }

  #send(viewer: Viewer, told: Told, text: Buffer): boolean {
    const { flight } = viewer;
    const { ms } = this.#options.listened;
    const isQuiet = flight.bytes === 0 && ms - told.sentMs > LANDED_MS;
    told.underWay = told.underWay.filter(({ behindBytes }) => behindBytes >= flight.acked && !isQuiet);
    const underWayBytes = told.underWay.reduce((sum, { bytes }) => sum + bytes, 0);
    if (underWayBytes > 0 && underWayBytes + text.byteLength > UNDER_WAY_BYTES) return false;
    if (viewer.delivery?.isBlocked || !viewer.tellFresh(text)) return false;
    told.underWay.push({ bytes: text.byteLength, behindBytes: flight.sent });
    told.sentMs = ms;
    return true;
  }

  /** Undefined where there is nothing new. */
  #textOf(feed: Feed, number: number): Buffer | undefined {
    const texts = this.#texts.get(feed) ?? new Map<number, Buffer | undefined>();
    this.#texts.set(feed, texts);
    if (!texts.has(number)) texts.set(number, encode(feed, number));
    return texts.get(number);
  }

  #lanesOf(feed: Feed) {
    let lanes = this.#lanes.get(feed);
    if (lanes === undefined) {
      const channels = feed.lanes.map(({ channel }) => channel);
      lanes = { key: channels.map(({ number }) => number).join(), channels: new Set(channels) };
      this.#lanes.set(feed, lanes);
    }
    return lanes;
  }
}

function encode(feed: Feed, after: number): Buffer | undefined {
  const newer = feed.lanes.flatMap(({ channel: { diagnosis } }) =>
    diagnosis !== undefined && diagnosis.number > after ? [diagnosis.text] : [],
  );
  return newer.length === 0 ? undefined : Buffer.from(`{"type":"diagnoses","diagnoses":[${newer.join()}]}`);
}
