import type { DecimateKernel } from '../../server/kernels/decimate-kernel.ts';
import type { Channel } from '../../server/wire/events.ts';
import { ChannelStore } from './channel-store.ts';
import type { ServerClock } from './server-clock.ts';
import { Listeners, type Store } from './store.ts';

/** All channels there are. A new object when one joins, leaves or changes, and at freeze and go-live. */
export interface FleetState {
  /** In display order. */
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

  /** Takes the hub's whole list: adds what is new, drops what is gone. */
  setChannels(channels: readonly Channel[]): void {
    const listed = new Set(channels.map((channel) => channel.name));
    for (const name of this.#byName.keys()) if (!listed.has(name)) this.#byName.delete(name);
    this.#set({ channels: channels.map((channel) => this.#channel(channel)), isListed: true });
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
    for (const channel of this.#value.channels) channel.tick();
  }

  /** Another life of the hub. */
  restart(): void {
    for (const channel of this.#value.channels) channel.restart();
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
