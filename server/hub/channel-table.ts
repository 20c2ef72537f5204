import type { ChannelInfo } from '../trend/channel-info.ts';
import type { LedgerEntry } from '../trend/ledger.ts';
import type { Channel } from '../wire/events.ts';
import { type ChannelSetting, HubChannel } from './hub-channel.ts';
import { WINDOW_BYTES, WindowRing } from './window-ring.ts';

/** Every channel keeps at least so many windows, however many channels share the buffers. */
export const LEAST_WINDOWS = 512;

/** How much of the past is kept. */
export interface BufferLimits {
  readonly seconds: number;
  /** Of all channels together. */
  readonly bytes: number;
}

/**
 * All channels there are. A channel stays until the server stops; ingest
 * bounds how many there can be.
 *
 * A channel keeps the windows it ever asked for, but no more than an equal
 * share, one 2^k-th of the buffers, whoever came first. k is the least with
 * which everything fits. It only rises, so that windows are copied a few
 * times in the life of the server, whatever devices say how often.
 */
export class ChannelTable {
  readonly #limits: BufferLimits;
  readonly #settings: Readonly<Record<string, ChannelSetting>>;
  readonly #byName = new Map<string, HubChannel>();
  #known: readonly HubChannel[] = [];
  #plan = 0;
  /** The most windows each has asked for. */
  readonly #asked = new Map<HubChannel, number>();
  /** No channel keeps more windows. */
  #share: number;

  constructor(limits: BufferLimits, settings: Readonly<Record<string, ChannelSetting>>) {
    this.#limits = limits;
    this.#settings = settings;
    this.#share = Math.max(LEAST_WINDOWS, this.#limitWindows);
  }

  /** Bytes set aside for windows. */
  get bytes(): number {
    return sumOf(this.#byName.values(), ({ ring }) => ring.capacity) * WINDOW_BYTES;
  }

  /** Channels that keep less than the settings ask for, because the buffers were full. */
  get shortened(): number {
    return sumOf(this.#byName.values(), (channel) => (channel.ring.capacity < this.#windowsOf(channel) ? 1 : 0));
  }

  /** Another number whenever a channel has come, or makes windows of another length: what subscriptions depend on. */
  get plan(): number {
    return this.#plan;
  }

  find(name: string): HubChannel | undefined {
    return this.#byName.get(name);
  }

  /** Those that were announced, by number. What viewers do not know of yet, they are not sent. */
  all(): readonly HubChannel[] {
    return this.#known;
  }

  /** Adds a channel or takes over what a device newly says of it. */
  set(info: ChannelInfo): void {
    let channel = this.#byName.get(info.channel);
    if (channel?.window !== info.window || channel.windowsPerSecond !== info.rateHz / info.window) this.#plan++;
    if (channel) {
      channel.info = info;
    } else {
      const setting = this.#settings[info.channel] ?? {};
      channel = new HubChannel(this.#byName.size, info, new WindowRing(LEAST_WINDOWS), setting);
      this.#byName.set(info.channel, channel);
    }
    this.#asked.set(channel, Math.max(this.#asked.get(channel) ?? LEAST_WINDOWS, this.#windowsOf(channel)));
    this.#shareOut();
  }

  setLedger(entries: readonly LedgerEntry[]): void {
    for (const entry of entries) {
      const channel = this.#byName.get(entry.channel);
      if (channel) channel.ledger = entry;
    }
  }

  /**
   * What there is to say of every channel, in display order: as the settings
   * list them, then the others by name, `PMT-2` before `PMT-10`.
   */
  announce(): readonly Channel[] {
    this.#known = [...this.#byName.values()];
    const listed = Object.keys(this.#settings).filter((name) => this.#byName.has(name));
    const others = [...this.#byName.keys()].filter((name) => !Object.hasOwn(this.#settings, name));
    const names = [...listed, ...others.sort(NATURAL.compare)];
    return names.map((name) => this.#byName.get(name)!.describe());
  }

  #shareOut(): void {
    while (
      this.#share > LEAST_WINDOWS &&
      sumOf(this.#asked.values(), (asked) => this.#kept(asked)) > this.#limitWindows
    ) {
      this.#share = Math.max(LEAST_WINDOWS, Math.floor(this.#share / 2));
    }
    for (const [{ ring }, asked] of this.#asked) {
      if (ring.capacity !== this.#kept(asked)) ring.resize(this.#kept(asked));
    }
  }

  #kept(asked: number): number {
    return Math.min(asked, this.#share);
  }

  get #limitWindows(): number {
    return Math.floor(this.#limits.bytes / WINDOW_BYTES);
  }

  /** Windows that the settings ask to keep of `channel` as it is now. */
  #windowsOf(channel: HubChannel): number {
    return Math.max(LEAST_WINDOWS, Math.ceil(this.#limits.seconds * channel.windowsPerSecond));
  }
}

function sumOf<T>(values: Iterable<T>, figure: (value: T) => number): number {
  let sum = 0;
  for (const value of values) sum += figure(value);
  return sum;
}

const NATURAL = new Intl.Collator('en', { numeric: true });
