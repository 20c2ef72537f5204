import type { ChannelTable } from './channel-table.ts';
import type { Delivery } from './delivery.ts';
import type { Feed } from './feed.ts';
import type { HubChannel } from './hub-channel.ts';
import type { Viewer } from './viewer.ts';

/**
 * What viewers are told each second: of the channels they subscribe to, those
 * whose account has changed. Encoded once for all who have the same
 * subscription and were told the rest before.
 */
export class Heartbeats {
  /** `Heartbeat.boards` */
  boards: number | undefined;
  readonly #channels: ChannelTable;
  /** Subscriptions of viewers who know the account of every channel in it. */
  readonly #known = new WeakSet<Delivery>();
  #live = 0;
  #opening = '';
  /** Texts of this instant, by subscription. */
  readonly #whole = new Map<Feed, Buffer>();
  readonly #changed = new Map<Feed, Buffer>();

  constructor(channels: ChannelTable) {
    this.#channels = channels;
  }

  /** Takes the accounts that this second's heartbeats tell. Every viewer is to be told once before the next. */
  takePulses(): void {
    this.#live = 0;
    for (const channel of this.#channels.all()) {
      channel.takePulse();
      if (channel.isLive) this.#live++;
    }
  }

  /** Begins the heartbeats that are told now. */
  begin(serverMs: number, viewers: number): void {
    const boards = this.boards === undefined ? '' : `"boards":${this.boards},`;
    this.#opening = `{"type":"heartbeat","serverMs":${serverMs},"viewers":${viewers},"live":${this.#live},${boards}"channels":[`;
    this.#whole.clear();
    this.#changed.clear();
  }

  /** Sends one to `viewer`, or leaves it out where its queue is long: then the next one tells everything. */
  tell(viewer: Viewer): void {
    const { delivery } = viewer;
    if (delivery === undefined) {
      viewer.beat(this.#encode([]));
      return;
    }
    const text = this.#known.has(delivery) ? this.#changesOf(delivery.feed) : this.#wholeOf(delivery.feed);
    if (viewer.beat(text)) this.#known.add(delivery);
    else this.#known.delete(delivery);
  }

  #wholeOf(feed: Feed): Buffer {
    return cached(this.#whole, feed, () => this.#encode(feed.lanes.map(({ channel }) => channel)));
  }

  #changesOf(feed: Feed): Buffer {
    return cached(this.#changed, feed, () => {
      const channels = feed.lanes.map(({ channel }) => channel);
      return this.#encode(channels.filter((channel) => channel.hasNewPulse));
    });
  }

  #encode(channels: readonly HubChannel[]): Buffer {
    return Buffer.from(`${this.#opening}${channels.map((channel) => channel.pulseText).join()}]}`);
  }
}

function cached(cache: Map<Feed, Buffer>, feed: Feed, encode: () => Buffer): Buffer {
  const text = cache.get(feed) ?? encode();
  cache.set(feed, text);
  return text;
}
