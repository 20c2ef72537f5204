import type { Fill, FillRange, FillRequest } from '../../server/wire/commands.ts';
import { type Channel, FILL_LIMIT, FILL_RANGES, type SubscribedChannel } from '../../server/wire/events.ts';

/** How much of the past a page wants to see of a channel, or of all that no other wish names (`*`). */
export interface ChannelWish {
  readonly name: string;
  readonly lastSeconds: number;
  /** Rows a second at most of what was before this page; every window when left out. */
  readonly rate?: number;
}

/** The windows that the page has of a channel, by their sequence numbers. */
export interface HeldWindows {
  /** The oldest; undefined where there is none. */
  readonly first: number | undefined;
  /** One past the newest. */
  readonly next: number;
  /** What is not held of from .. to-1, in rising order. */
  missingIn(from: number, to: number): readonly { readonly from: number; readonly to: number }[];
}

/** One channel on this connection. */
interface Begun {
  /** Everything from here on comes by itself, or was asked for. */
  asked: number;
  /** What the hub had when it began to send. */
  readonly next: number;
}

// Ranges in one command, so that it stays far below the size a command may have.
const COMMAND_RANGES = 256;

/**
 * What to ask of the past: all that the page has missed since it opened, and
 * what it wishes of the time before. The present comes by itself, and first.
 *
 * Nothing is asked for twice on a connection, and after a loss only what did
 * not come: so every window comes once.
 */
export class Past {
  readonly #heldOf: (name: string) => HeldWindows | undefined;
  #wishes: readonly ChannelWish[] = [];
  #channels = new Map<string, Channel>();
  readonly #begun = new Map<string, Begun>();
  /** Fills under way, and the channels they are of. */
  readonly #open = new Map<number, readonly string[]>();

  constructor(heldOf: (name: string) => HeldWindows | undefined) {
    this.#heldOf = heldOf;
  }

  /** Whether any of it is on its way. */
  get isLoading(): boolean {
    return this.#open.size > 0;
  }

  /** Channels of which a part of the past is on its way. */
  get loading(): ReadonlySet<string> {
    return new Set([...this.#open.values()].flat());
  }

  /** Replaces what is wished. */
  wish(wishes: readonly ChannelWish[]): void {
    this.#wishes = wishes;
  }

  setChannels(channels: readonly Channel[]): void {
    this.#channels = new Map(channels.map((channel) => [channel.name, channel]));
  }

  /** The hub begins to send on a new connection, of which nothing was asked yet. */
  restart(): void {
    this.#begun.clear();
    this.#open.clear();
  }

  /** The hub sends a channel from there on. Said again of the same connection, nothing changes. */
  begin({ name, from, next }: SubscribedChannel): void {
    if (!this.#begun.has(name)) this.#begun.set(name, { asked: from, next });
  }

  /** A fill is done. */
  finish(id: number): void {
    this.#open.delete(id);
  }

  /** The next thing to ask for; undefined where there is nothing, or enough under way. To be sent. */
  ask(id: number): Fill | undefined {
    if (this.#open.size >= FILL_LIMIT) return undefined;
    const channels: FillRequest[] = [];
    let count = 0;
    for (const [name, begun] of this.#begun) {
      const ranges = this.#takeMissing(name, begun);
      if (ranges.length === 0) continue;
      channels.push({ name, ranges });
      count += ranges.length;
      if (count >= COMMAND_RANGES) break;
    }
    if (channels.length === 0) return undefined;
    const names = channels.map(({ name }) => name);
    this.#open.set(id, names);
    return { type: 'fill', id, channels };
  }

  /** What is missing before all that was asked for, newest first where it is too much at once. */
  #takeMissing(name: string, begun: Begun): FillRange[] {
    const wish = this.#wishFor(name);
    const held = this.#heldOf(name);
    const oldest = Math.min(held?.first ?? Infinity, this.#startOf(name, wish, Math.max(begun.next, held?.next ?? 0)));
    if (oldest >= begun.asked) return [];

    const missing = held?.missingIn(oldest, begun.asked) ?? [{ from: oldest, to: begun.asked }];
    const ranges = missing.slice(-FILL_RANGES);
    begun.asked = ranges.length < missing.length ? ranges[0].from : oldest;
    const first = held?.first ?? Infinity;
    return ranges.map(({ from, to }) => ({
      from,
      to,
      ...(wish?.rate !== undefined && to <= first && { rate: wish.rate }),
    }));
  }

  /** The sequence number that the wished past begins with. */
  #startOf(name: string, wish: ChannelWish | undefined, next: number): number {
    const channel = this.#channels.get(name);
    if (!channel || !wish) return Infinity;
    return Math.max(0, next - Math.ceil((wish.lastSeconds * channel.rateHz) / channel.window));
  }

  #wishFor(name: string): ChannelWish | undefined {
    return this.#wishes.find((wish) => wish.name === name) ?? this.#wishes.find((wish) => wish.name === '*');
  }
}
