import type { DecimateKernel } from '../../server/kernels/decimate-kernel.ts';
import type { Channel } from '../../server/wire/events.ts';
import { ChannelStore } from './channel-store.ts';
import { Diagnoses } from './diagnoses.ts';
import { KEPT_MS, roomFor } from './row-room.ts';
import type { ServerClock } from './server-clock.ts';
import { Listeners, type Store } from './store.ts';

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
  readonly diagnoses = new Diagnoses();
  readonly #clock: ServerClock;
  readonly #createKernel: (rows: number) => DecimateKernel;
  readonly #listeners = new Listeners();
  readonly #byName = new Map<string, ChannelStore>();
  /**
   * Channels of a former life of the hub that are not back yet, as devices come
   * one by one: until when they are kept, which is as long as rows of them are shown. Monotonic ms.
   */
  readonly #awaited = new Map<string, number>();
  #value: FleetState = { channels: [], isListed: false, isFrozen: false, frozenMs: undefined };

  /** `createKernel` makes the memory for so many rows of a channel; it is released with the channel, or for a larger one. */
  constructor(options: { clock: ServerClock; createKernel: (rows: number) => DecimateKernel }) {
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
    const names = new Set(channels.map(({ name }) => name));
    for (const name of names) this.#awaited.delete(name);
    const absent = this.#value.channels.filter(({ name }) => !names.has(name));
    const kept = absent.filter(({ name }) => this.#awaited.has(name));
    for (const { name } of absent) if (!this.#awaited.has(name)) this.#byName.delete(name); // its rows make room for others'
    this.diagnoses.setChannels([...channels, ...kept.map(({ value }) => value.channel)]);
    this.#set({ channels: [...channels.map((channel) => this.#channel(channel)), ...kept], isListed: true });
  }

  /** Takes in of which channels a part of the past is on its way. */
  setLoading(names: ReadonlySet<string>): void {
    for (const channel of this.#value.channels) channel.isLoading = names.has(channel.name);
  }

  /** The view stands still; collecting goes on behind it. */
  freeze(): void {
    if (this.#value.isFrozen) return;
    for (const channel of this.#value.channels) channel.freeze();
    this.diagnoses.freeze();
    this.#set({ isFrozen: true, frozenMs: this.#clock.nowMs });
  }

  goLive(): void {
    if (!this.#value.isFrozen) return;
    for (const channel of this.#value.channels) channel.goLive();
    this.diagnoses.goLive();
    this.#set({ isFrozen: false, frozenMs: undefined });
  }

  /** Time has passed: ages and staleness are due. */
  tick(): void {
    this.#dropLapsed();
    for (const channel of this.#value.channels) channel.tick();
  }

  /** Another life of the hub: every channel is awaited until it is listed again. */
  restart(): void {
    this.diagnoses.restart();
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
      this.#enlarge(known, channel);
      return known;
    }
    const kernel = this.#createKernel(roomFor(channel, this.#rows));
    const store = new ChannelStore(channel, { clock: this.#clock, kernel });
    if (this.#value.isFrozen) store.freeze();
    this.#byName.set(channel.name, store);
    return store;
  }

  /** Makes room for more rows where a channel has more windows a second than it had, or where others are gone. */
  #enlarge({ rows }: ChannelStore, channel: Channel): void {
    const room = roomFor(channel, this.#rows - rows.capacity);
    if (room > rows.capacity) rows.moveTo(this.#createKernel(room));
  }

  /** Rows there is memory for, of all channels. */
  get #rows(): number {
    let sum = 0;
    for (const { rows } of this.#byName.values()) sum += rows.capacity;
    return sum;
  }

  #set(change: Partial<FleetState>): void {
    this.#value = { ...this.#value, ...change };
    this.#listeners.announce();
  }
}
