import type { Fill, Subscribe } from '../wire/commands.ts';
import { FILL_LIMIT } from '../wire/events.ts';
import type { ChannelTable } from './channel-table.ts';
import type { DeliveryTools, GoneRange } from './delivery.ts';
import { Feeds } from './feeds.ts';
import type { HubChannel } from './hub-channel.ts';
import { type PastLane, Refill } from './refill.ts';
import { rowStart } from './row-reader.ts';
import { type Lane, laneKey, planLanes, spanOf } from './subscription.ts';
import type { Viewer } from './viewer.ts';

/** A command that cannot be: why. */
export type Refused = { readonly message: string } | undefined;

/** Who gets which lanes, from which window on. */
export class Subscriptions {
  readonly #channels: ChannelTable;
  readonly #epoch: string;
  readonly #feeds: Feeds;

  constructor(channels: ChannelTable, epoch: string, tools: DeliveryTools) {
    this.#channels = channels;
    this.#epoch = epoch;
    this.#feeds = new Feeds(tools);
  }

  /** Distinct subscriptions. */
  get size(): number {
    return this.#feeds.size;
  }

  /** Encodes for every feed what has come since the last tick. */
  tick(): void {
    this.#feeds.tick();
  }

  /** Replaces what `viewer` gets, tells it and starts to send. Refused where it resumes past the newest window. */
  subscribe(viewer: Viewer, { id, epoch, channels }: Subscribe): Refused {
    const canResume = epoch === this.#epoch;
    const lanes = planLanes(channels, this.#channels, viewer.pace.coarseness);
    const seqs = new Float64Array(lanes.length);
    for (const [lane, { channel, request }] of lanes.entries()) {
      if (!canResume || request.after === undefined) {
        seqs[lane] = startOf(lanes[lane]);
      } else if (request.after < channel.ring.next) {
        seqs[lane] = request.after + 1;
      } else {
        return { message: `${channel.name} after ${request.after}, the newest is ${channel.ring.next - 1}` };
      }
    }
    viewer.requests = channels;
    viewer.refills.clear();
    this.#deliver(viewer, lanes, seqs, id);
    return undefined;
  }

  /** Starts to send windows of the past beside the present. Refused where nobody could tell what they are. */
  fill(viewer: Viewer, { id, channels }: Fill): Refused {
    if (viewer.refills.size >= FILL_LIMIT) return { message: `more than ${FILL_LIMIT} fills at a time` };
    const subscribed = new Map(viewer.delivery?.feed.lanes.map(({ channel }) => [channel.name, channel]));
    const lanes: PastLane[] = [];
    for (const { name, ranges } of channels) {
      const channel = subscribed.get(name);
      if (!channel) return { message: `${name} is not subscribed to` };
      const { to } = ranges[ranges.length - 1];
      if (to > channel.ring.next) return { message: `${name} to ${to}, the next is ${channel.ring.next}` };
      lanes.push({ channel, ranges: ranges.map(({ from, to, rate }) => ({ from, to, span: spanOf(channel, rate) })) });
    }
    viewer.refills.add(new Refill(id, lanes));
    viewer.pump();
    return undefined;
  }

  /** Applies the requests of `viewer` anew, with the channels and the coarseness there are by now. */
  replan(viewer: Viewer): void {
    const { delivery } = viewer;
    const lanes = planLanes(viewer.requests, this.#channels, viewer.pace.coarseness);
    if (laneKey(lanes) === laneKey(delivery?.feed.lanes ?? [])) return;

    const held = new Map<HubChannel, number>();
    delivery?.feed.lanes.forEach(({ channel }, lane) => {
      held.set(channel, delivery.seqs[lane]);
    });
    const seqs = Float64Array.from(lanes, ({ channel }) => held.get(channel) ?? channel.ring.oldest);
    this.#deliver(viewer, lanes, seqs);
  }

  release(viewer: Viewer): void {
    this.#feeds.release(viewer);
  }

  #deliver(viewer: Viewer, lanes: readonly Lane[], seqs: Float64Array, id?: number): void {
    const gone: GoneRange[] = [];
    for (const [lane, { channel }] of lanes.entries()) {
      const { oldest } = channel.ring;
      if (seqs[lane] >= oldest) continue;
      gone.push({ lane, from: seqs[lane], to: oldest });
      seqs[lane] = oldest;
    }
    this.#feeds.assign(viewer, lanes, seqs);
    viewer.tellSubscribed(gone, id);
    viewer.pump();
  }
}

/** Where a new subscription begins: so many seconds' worth of windows back, at the start of a row. */
function startOf({ channel, span, request }: Lane): number {
  const { ring, windowsPerSecond } = channel;
  const windows = Math.ceil((request.lastSeconds ?? 0) * windowsPerSecond);
  return rowStart(ring, Math.max(ring.oldest, ring.next - windows), span);
}
