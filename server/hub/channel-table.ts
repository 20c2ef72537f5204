import type { ChannelInfo } from '../trend/channel-info.ts';
import type { LedgerEntry } from '../trend/ledger.ts';
import type { Channel } from '../wire/events.ts';
import { type ChannelSetting, HubChannel } from './hub-channel.ts';
import { WINDOW_BYTES, WindowRing } from './window-ring.ts';

/** Every channel keeps at least so many windows, however full the buffers are. */
const LEAST_WINDOWS = 512;

/** How much of the past is kept. */
export interface BufferLimits {
  readonly seconds: number;
  /** Of all channels together. A channel that does not fit takes half of what is left. */
  readonly bytes: number;
}

/**
 * All channels there are. A channel stays until the server stops; ingest
 * bounds how many there can be.
 */
export class ChannelTable {
  readonly #limits: BufferLimits;
  readonly #settings: Readonly<Record<string, ChannelSetting>>;
  readonly #byName = new Map<string, HubChannel>();
  #known: readonly HubChannel[] = [];
  #plan = 0;
  #bytes = 0;
  readonly #shortened = new Set<string>();

  constructor(limits: BufferLimits, settings: Readonly<Record<string, ChannelSetting>>) {
    this.#limits = limits;
    this.#settings = settings;
  }

  /** Bytes set aside for windows. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Channels that keep less than the settings ask for, because the buffers were full. */
  get shortened(): number {
    return this.#shortened.size;
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
    const known = this.#byName.get(info.channel);
    if (!known || known.window !== info.window || known.windowsPerSecond !== info.rateHz / info.window) this.#plan++;
    if (known) {
      known.info = info;
      const windows = this.#takeWindows(info, known.ring.capacity);
      if (windows > known.ring.capacity) known.ring.grow(windows);
      return;
    }
    const ring = new WindowRing(this.#takeWindows(info, 0));
    const setting = this.#settings[info.channel] ?? {};
    this.#byName.set(info.channel, new HubChannel(this.#byName.size, info, ring, setting));
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

  /** Takes room for what `info` asks beyond the `held` windows; how many there may be now. Room is never given back. */
  #takeWindows(info: ChannelInfo, held: number): number {
    const wanted = Math.max(LEAST_WINDOWS, Math.ceil((this.#limits.seconds * info.rateHz) / info.window));
    const left = Math.floor((this.#limits.bytes - this.#bytes) / WINDOW_BYTES);
    const windows = held + takenOf(left, wanted - held, held);
    if (windows < wanted) this.#shortened.add(info.channel);
    else this.#shortened.delete(info.channel);
    this.#bytes += (windows - held) * WINDOW_BYTES;
    return windows;
  }
}

function takenOf(left: number, more: number, held: number): number {
  if (more <= 0) return 0;
  if (more <= left) return more;
  const half = Math.floor(left / 2);
  if (held === 0) return Math.max(LEAST_WINDOWS, half);
  return half >= LEAST_WINDOWS ? half : 0; // less is not worth a copy
}

const NATURAL = new Intl.Collator('en', { numeric: true });
