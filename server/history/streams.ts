import type { ChannelInfo } from '../trend/channel-info.ts';
import type { StreamMark } from '../trend/durable-link.ts';
import { HistoryStream } from './history-stream.ts';
import type { TierStackOptions } from './tier-stack.ts';
import type { WindowPart } from './window-rest.ts';

export interface StreamsOptions extends Pick<TierStackOptions, 'merge' | 'emit'> {
  /** The greatest number that any stream has. */
  readonly lastId: number;
  /** A stream that is not in memory, from the catalogue. */
  readonly find: (channel: string, stream: string) => Promise<StoredNext | undefined>;
}

/** A stream as it is stored. */
export interface StoredNext {
  readonly id: number;
  readonly info: ChannelInfo;
  readonly nextSample: number;
  readonly anchor?: StreamMark['anchor'];
  /** The newest unsealed segment that has windows of it. */
  readonly segment?: number;
  readonly partial?: WindowPart | undefined;
}

/** All streams in memory, by the numbers of both ends. */
export class Streams {
  readonly #options: StreamsOptions;
  readonly #byName = new Map<string, HistoryStream>();
  readonly #byId = new Map<number, HistoryStream>();
  readonly #byNumber = new Map<number, HistoryStream>();
  #lastId: number;

  constructor(options: StreamsOptions) {
    this.#options = options;
    this.#lastId = options.lastId;
  }

  /** A channel number of the ingest thread stands for this stream from here on; the stream it stood for has ended. */
  async open(number: number, info: ChannelInfo, sendsFrom?: number): Promise<void> {
    const stream = this.#byName.get(nameOf(info)) ?? (await this.#find(info));
    const before = this.#byNumber.get(number);
    if (before !== stream) before?.tiers.close();
    this.#byNumber.set(number, stream);
    stream.open(info, sendsFrom);
  }

  byNumber(number: number): HistoryStream {
    const stream = this.#byNumber.get(number);
    if (stream === undefined) throw new Error(`window of channel number ${number}, which was not opened`);
    return stream;
  }

  byId(id: number): HistoryStream {
    const stream = this.#byId.get(id);
    if (stream === undefined) throw new Error(`row of stream ${id}, which is not known`);
    return stream;
  }

  has(id: number): boolean {
    return this.#byId.has(id);
  }

  byName(info: Pick<ChannelInfo, 'channel' | 'stream'>): HistoryStream | undefined {
    return this.#byName.get(nameOf(info));
  }

  /** Adds a stream that is stored already. */
  add({ id, info, nextSample, anchor, segment = 0, partial }: StoredNext): HistoryStream {
    const { merge, emit } = this.#options;
    const next = Math.floor(nextSample / info.window);
    const stream = new HistoryStream({ id, info, merge, emit, next, segment, partial, ...(anchor && { anchor }) });
    this.#byName.set(nameOf(info), stream);
    this.#byId.set(id, stream);
    this.#lastId = Math.max(this.#lastId, id);
    return stream;
  }

  /** Lets go of streams that have ended, as far as `isOver` says so; the catalogue must know them. */
  forget(isOver: (stream: HistoryStream) => boolean): void {
    const current = new Set(this.#byNumber.values());
    for (const stream of this.#byId.values()) {
      if (current.has(stream) || !isOver(stream)) continue;
      this.#byId.delete(stream.id);
      this.#byName.delete(nameOf(stream.info));
    }
  }

  /** Whose channel has another stream now. */
  replaced(): HistoryStream[] {
    const current = new Map([...this.#byNumber.values()].map((stream) => [stream.info.channel, stream]));
    return [...this.all()].filter((stream) => (current.get(stream.info.channel) ?? stream) !== stream);
  }

  all(): Iterable<HistoryStream> {
    return this.#byId.values();
  }

  marks(): StreamMark[] {
    return [...this.all()].flatMap((stream) => stream.streamMark() ?? []);
  }

  async #find(info: ChannelInfo): Promise<HistoryStream> {
    const stored = await this.#options.find(info.channel, info.stream);
    return this.add(stored ?? { id: this.#lastId + 1, info, nextSample: 0 });
  }
}

function nameOf({ channel, stream }: Pick<ChannelInfo, 'channel' | 'stream'>): string {
  return `${channel}\n${stream}`; // a channel's name has no line break
}
