import type { DuckDBConnection } from '@duckdb/node-api';
import type { ChannelInfo } from '../trend/channel-info.ts';
import { windowNs } from '../trend/trend-window.ts';
import type { SegmentStream } from './segment.ts';

/** What reading needs to know of a channel. */
export interface ReadChannel {
  readonly name: string;
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

/** The streams of a channel as they become known: one never changes, and a newer one has a greater number. */
export class ChannelStreams {
  readonly name: string;
  readonly byId = new Map<number, ReadStream>();
  readonly byName = new Map<string, ReadStream>();
  readonly lengths: { streams: ReadStream[]; longestNs: number }[] = [];
  longestNs = 0;
  newest: ReadStream | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Learns those of the channel that the catalogue and the segments name as `connection` sees them. */
  async read(connection: DuckDBConnection, segments: readonly string[]): Promise<void> {
    const sources = ['catalogue', ...segments].map((name) => `SELECT id, info FROM ${name}.streams WHERE channel = $1`);
    const reader = await connection.runAndReadAll(`${sources.join(' UNION ')} ORDER BY id`, [this.name]);
    for (const [id, info] of reader.getRows()) {
      if (!this.byId.has(Number(id))) this.#add(Number(id), JSON.parse(String(info)) as ChannelInfo);
    }
  }

  /** The channel with what of it is in memory alone, too; undefined where there is none. */
  with(live: Iterable<SegmentStream>): ReadChannel | undefined {
    for (const { id, info } of live) if (info.channel === this.name) this.#add(id, info);
    return this.newest === undefined ? undefined : (this as ReadChannel);
  }

  #add(id: number, info: ChannelInfo): void {
    if (this.byId.has(id)) return;
    const { stream: name, unit, rateHz, window: size } = info;
    const stream = { id, name, unit, rateHz, size, windowNs: windowNs({ size, rateHz }) };
    this.byId.set(id, stream);
    this.byName.set(name, stream);
    this.#group(stream);
    this.longestNs = Math.max(this.longestNs, stream.windowNs);
    if (this.newest === undefined || id > this.newest.id) this.newest = stream;
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
