import type { Subscribe } from '../wire/commands.ts';
import type { ChannelTable } from './channel-table.ts';
import type { DeliveryTools, GoneRange } from './delivery.ts';
import { Feeds } from './feeds.ts';
import type { HubChannel } from './hub-channel.ts';
import { rowStart } from './row-reader.ts';
import { type Lane, laneKey, planLanes } from './subscription.ts';
import type { Viewer } from './viewer.ts';

/** A `subscribe` that cannot be: why. */
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
    this.#deliver(viewer, lanes, seqs, id);
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
    viewer.delivery?.pump();
  }
}

/** Where a new subscription begins: so many seconds' worth of windows back, at the start of a row. */
function startOf({ channel, span, request }: Lane): number {
  const { ring, windowsPerSecond } = channel;
  const windows = Math.ceil((request.lastSeconds ?? 0) * windowsPerSecond);
  return rowStart(ring, Math.max(ring.oldest, ring.next - windows), span);
}
