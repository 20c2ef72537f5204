import { Delivery, type DeliveryTools } from './delivery.ts';
import { Feed } from './feed.ts';
import { type Lane, laneKey } from './subscription.ts';
import type { Viewer } from './viewer.ts';

/** The feeds there are, one for each set of lanes that any viewer has, and who reads them. */
export class Feeds {
  readonly #tools: DeliveryTools;
  readonly #feeds = new Map<string, { readonly feed: Feed; readonly viewers: Set<Viewer> }>();
  readonly #keys = new Map<Viewer, string>();

  constructor(tools: DeliveryTools) {
    this.#tools = tools;
  }

  get size(): number {
    return this.#feeds.size;
  }

  /** Puts `viewer` on the feed of `lanes`, standing at `seqs`, which is handed over. */
  assign(viewer: Viewer, lanes: readonly Lane[], seqs: Float64Array): void {
    this.release(viewer);
    if (lanes.length === 0) return;
    const key = laneKey(lanes);
    let entry = this.#feeds.get(key);
    if (!entry) {
      entry = { feed: new Feed(lanes, this.#tools.builder, this.#tools.clock), viewers: new Set() };
      this.#feeds.set(key, entry);
    }
    entry.viewers.add(viewer);
    this.#keys.set(viewer, key);
    viewer.delivery = new Delivery(entry.feed, seqs, viewer.flight, this.#tools, viewer);
  }

  release(viewer: Viewer): void {
    viewer.delivery = undefined;
    const key = this.#keys.get(viewer);
    const entry = key === undefined ? undefined : this.#feeds.get(key);
    if (key === undefined || entry === undefined) return;
    this.#keys.delete(viewer);
    entry.viewers.delete(viewer);
    if (entry.viewers.size === 0) this.#feeds.delete(key);
  }

  tick(): void {
    for (const { feed } of this.#feeds.values()) feed.tick();
  }
}
