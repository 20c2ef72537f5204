import type { DecimateKernel } from '../../server/kernels/decimate-kernel.ts';
import type { Channel } from '../../server/wire/events.ts';
import { ChannelStore } from './channel-store.ts';
import type { ServerClock } from './server-clock.ts';
import { Listeners, type Store } from './store.ts';

// After another life of the hub its devices come back one by one. A channel
// that has not is shown for as long as rows of it are: the longest window.
const KEPT_MS = 600_000;

/** All channels there are. A new object when one joins, leaves or changes, and at freeze and go-live. */
export interface FleetState {
  /** In display order; those that the hub has not listed since it began another life come last. */
  readonly channels: readonly ChannelStore[];
  /** Whether the server has said which channels there are. Before that, an empty list means nothing. */
  readonly isListed: boolean;
  readonly isFrozen: boolean;
  /** Server clock at the freeze, ms since 1970 UTC; undefined while live. */
  readonly frozenMs: number | undefined;
}

/** Every channel's store, and whether the view stands still. */
export class FleetStore implements Store<FleetState> {
  readonly #clock: ServerClock;
  readonly #createKernel: (channel: Channel) => DecimateKernel;
  readonly #listeners = new Listeners();
  readonly #byName = new Map<string, ChannelStore>();
  /** Channels of a former life of the hub that are not back: until when they are kept, monotonic ms. */
  readonly #awaited = new Map<string, number>();
  #value: FleetState = { channels: [], isListed: false, isFrozen: false, frozenMs: undefined };

  /** `createKernel` makes the memory of a channel that appears; it is released with the channel. */
  constructor(options: { clock: ServerClock; createKernel: (channel: Channel) => DecimateKernel }) {
    this.#clock = options.clock;
    this.#createKernel = options.createKernel;
  }

  get value(): FleetState {
    return this.#value;
  }

  subscribe(onChange: () => void): () => void {
    return this.#listeners.subscribe(onChange);
  }

  find(name: string): ChannelStore | undefined {
    return this.#byName.get(name);
  }

  /** Takes the hub's whole list: adds what is new, drops what is gone, save what may come back after a restart. */
  setChannels(channels: readonly Channel[]): void {
    const listed = channels.map((channel) => this.#channel(channel));
    for (const { name } of listed) this.#awaited.delete(name);
    const absent = this.#value.channels.filter((channel) => !listed.includes(channel));
    const kept = absent.filter(({ name }) => this.#awaited.has(name));
    for (const { name } of absent) if (!this.#awaited.has(name)) this.#byName.delete(name);
    this.#set({ channels: [...listed, ...kept], isListed: true });
  }

  /** Takes in of which channels a part of the past is on its way. */
  setLoading(names: ReadonlySet<string>): void {
    for (const channel of this.#value.channels) channel.isLoading = names.has(channel.name);
  }

  /** The view stands still; collecting goes on behind it. */
  freeze(): void {
    if (this.#value.isFrozen) return;
    for (const channel of this.#value.channels) channel.freeze();
    this.#set({ isFrozen: true, frozenMs: this.#clock.nowMs });
  }

  goLive(): void {
    if (!this.#value.isFrozen) return;
    for (const channel of this.#value.channels) channel.goLive();
    this.#set({ isFrozen: false, frozenMs: undefined });
  }

  /** Time has passed: ages and staleness are due. */
  tick(): void {
    this.#dropLapsed();
    for (const channel of this.#value.channels) channel.tick();
  }

  /** Another life of the hub: every channel is awaited until it is listed again. */
  restart(): void {
    for (const channel of this.#value.channels) {
      channel.restart();
      if (!this.#awaited.has(channel.name)) this.#awaited.set(channel.name, this.#clock.monotonicMs + KEPT_MS);
    }
  }

  #dropLapsed(): void {
    const lapsed = [...this.#awaited].filter(([, untilMs]) => this.#clock.monotonicMs > untilMs).map(([name]) => name);
    if (lapsed.length === 0) return;
    for (const name of lapsed) {
      this.#awaited.delete(name);
      this.#byName.delete(name);
    }
    this.#set({ channels: this.#value.channels.filter(({ name }) => !lapsed.includes(name)) });
  }

  #channel(channel: Channel): ChannelStore {
    const known = this.#byName.get(channel.name);
    if (known) {
      known.setChannel(channel);
      return known;
    }
    const store = new ChannelStore(channel, { clock: this.#clock, kernel: this.#createKernel(channel) });
    if (this.#value.isFrozen) store.freeze();
    this.#byName.set(channel.name, store);
    return store;
  }

  #set(change: Partial<FleetState>): void {
    this.#value = { ...this.#value, ...change };
    this.#listeners.announce();
  }
}
