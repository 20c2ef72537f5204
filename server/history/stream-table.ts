import type { DuckDBConnection } from '@duckdb/node-api';
import type { ChannelInfo } from '../trend/channel-info.ts';
import { windowNs } from '../trend/trend-window.ts';
import type { SegmentStream } from './segment.ts';

/** What reading needs to know of a channel. Streams are only ever added. */
export interface ReadChannel {
  readonly byId: ReadonlyMap<number, ReadStream>;
  readonly byName: ReadonlyMap<string, ReadStream>;
  /** All streams, those with windows of about one length together. */
  readonly lengths: readonly StreamGroup[];
  /** The longest window of all streams, ns. */
  readonly longestNs: number;
  readonly newest: ReadStream;
}

export interface ReadStream {
  readonly id: number;
  readonly name: string;
  readonly unit: string;
  readonly rateHz: number;
  readonly size: number;
  readonly windowNs: number;
}

/** Streams whose windows are of about one length: the longest is less than twice the shortest. */
export interface StreamGroup {
  readonly streams: readonly ReadStream[];
  readonly longestNs: number;
}

/** Of all channels that were asked for; past it the channel that was not asked for the longest is forgotten. */
const STREAMS = 200_000;

/** The streams of channels that were asked for, read once: a stream never changes, and a newer one has a greater number. */
export class StreamTable {
  readonly #channels = new Map<string, KnownChannel>();
  #streams = 0;

  /** The channel as the files that `connection` sees know it, with the streams that are in memory alone; undefined where there is none. */
  async find(
    connection: DuckDBConnection,
    channel: string,
    { segments, live }: { readonly segments: readonly string[]; readonly live: Iterable<SegmentStream> },
  ): Promise<ReadChannel | undefined> {
    const known = this.#channels.get(channel) ?? new KnownChannel();
    this.#channels.delete(channel);
    this.#channels.set(channel, known); // the last in its order
    const sources = ['catalogue', ...segments].map(
      (name) => `SELECT id, info FROM ${name}.streams WHERE channel = $1 AND id > ${known.lastId}`,
    );
    const reader = await connection.runAndReadAll(`${sources.join(' UNION ')} ORDER BY id`, [channel]);
    const before = known.byId.size;
    for (const [id, info] of reader.getRows()) known.add(Number(id), JSON.parse(String(info)) as ChannelInfo);
    for (const { id, info } of live) if (info.channel === channel) known.add(id, info);
    this.#streams += known.byId.size - before;
    if (known.newest === undefined) this.#channels.delete(channel);
    this.#bound();
    return known.newest === undefined ? undefined : (known as ReadChannel);
  }

  #bound(): void {
    for (const [name, { byId }] of this.#channels) {
      if (this.#streams <= STREAMS || this.#channels.size === 1) return;
      this.#channels.delete(name);
      this.#streams -= byId.size;
    }
  }
}

class KnownChannel {
  readonly byId = new Map<number, ReadStream>();
  readonly byName = new Map<string, ReadStream>();
  readonly lengths: { streams: ReadStream[]; longestNs: number }[] = [];
  longestNs = 0;
  lastId = 0;
  newest: ReadStream | undefined;

  add(id: number, info: ChannelInfo): void {
    if (this.byId.has(id)) return;
    const { stream: name, unit, rateHz, window: size } = info;
    const stream = { id, name, unit, rateHz, size, windowNs: windowNs({ size, rateHz }) };
    this.byId.set(id, stream);
    this.byName.set(name, stream);
    this.#group(stream);
    this.longestNs = Math.max(this.longestNs, stream.windowNs);
    this.lastId = Math.max(this.lastId, id);
    if (id === this.lastId) this.newest = stream;
  }

  #group(stream: ReadStream): void {
    const isLike = (ns: number) => Math.floor(Math.log2(ns)) === Math.floor(Math.log2(stream.windowNs));
    const group = this.lengths.find(({ longestNs }) => isLike(longestNs));
    if (group === undefined) {
      this.lengths.push({ streams: [stream], longestNs: stream.windowNs });
      return;
    }
    group.streams.push(stream);
    group.longestNs = Math.max(group.longestNs, stream.windowNs);
  }
}
