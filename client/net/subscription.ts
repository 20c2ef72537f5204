import type { Command } from '../../server/wire/commands.ts';
import type { SubscribedChannel } from '../../server/wire/events.ts';

/** What a page wants to see of a channel, or of all that no other wish names (`*`). */
export interface ChannelWish {
  readonly name: string;
  /** Rows a second at most; every window when left out. */
  readonly rate?: number;
  /** How much of the past to start with, seconds. */
  readonly lastSeconds: number;
}

/** How far back one channel is held, and up to where. */
interface Held {
  /** The newest sequence number held. */
  after: number;
  /** The past that was asked for, seconds. */
  readonly lastSeconds: number;
  /** What the hub had when it began to send: below it, this connection is still catching up. */
  readonly next: number;
}

// Channels the hub takes in one subscription.
const REQUEST_LIMIT = 1024;

/**
 * What to ask of the hub: the wishes of the page, each channel from where it
 * is held already. Asked for the same again, it asks for exactly what is
 * missing; asked for a longer past, it asks for all of that once.
 */
export class Subscription {
  #wishes: readonly ChannelWish[] = [];
  #epoch: string | undefined;
  readonly #held = new Map<string, Held>();
  /** Channels that were asked for a longer past than is held, and not answered yet. */
  readonly #lookingBack = new Set<string>();

  /** Replaces what is wished. Returns whether the hub has to be asked again. */
  wish(wishes: readonly ChannelWish[]): boolean {
    const isSame = JSON.stringify(wishes) === JSON.stringify(this.#wishes);
    this.#wishes = wishes;
    return !isSame;
  }

  /** Takes in the hub's life. Returns whether it is another than before, of which nothing can be resumed. */
  enter(epoch: string): boolean {
    const isOther = this.#epoch !== undefined && this.#epoch !== epoch;
    if (this.#epoch !== epoch) this.#held.clear();
    for (const [name, held] of this.#held) this.#held.set(name, { ...held, next: Infinity });
    this.#lookingBack.clear();
    this.#epoch = epoch;
    return isOther;
  }

  /** Notes that the hub will send a channel from there on. */
  begin({ name, from, next }: SubscribedChannel): void {
    const wish = this.#wishFor(name);
    if (wish === undefined) return;
    const held = this.#held.get(name);
    const lastSeconds = held && !this.#lookingBack.delete(name) ? held.lastSeconds : wish.lastSeconds;
    this.#held.set(name, { after: from - 1, lastSeconds, next }); // a longer past goes back behind what was held
  }

  /** Notes that everything up to `lastSeq` has come in. */
  hold(name: string, lastSeq: number): void {
    const held = this.#held.get(name);
    if (held) held.after = Math.max(held.after, lastSeq);
  }

  /** Whether to ask again, for a longer past than was asked for: once every channel has caught up, so that it is asked once. */
  get isOwed(): boolean {
    let isOwed = false;
    for (const [name, held] of this.#held) {
      if (held.after + 1 < held.next) return false;
      isOwed ||= this.#mayLookBack(name, held);
    }
    return isOwed;
  }

  /** Forgets what is held: the hub does not know it. */
  forget(): void {
    this.#held.clear();
  }

  /** The command that asks for it. To be sent, since the answer is taken for its own. */
  command(id: number): Extract<Command, { type: 'subscribe' }> {
    const named = new Set(this.#wishes.map((wish) => wish.name));
    const star = this.#wishes.find((wish) => wish.name === '*');
    const others = star ? [...this.#held.keys()].filter((name) => !named.has(name)) : [];
    const channels = [
      ...this.#wishes.map((wish) => this.#request(wish, wish.name)),
      ...(star ? others.map((name) => this.#request(star, name)) : []),
    ];
    return { type: 'subscribe', id, epoch: this.#epoch, channels: channels.slice(0, REQUEST_LIMIT) };
  }

  #request(wish: ChannelWish, name: string) {
    const { rate, lastSeconds } = wish;
    const held = this.#held.get(name);
    const isBack = held !== undefined && this.#mayLookBack(name, held);
    if (isBack) this.#lookingBack.add(name);
    const start = held && held.after >= 0 && !isBack ? { after: held.after } : { lastSeconds };
    return { name, ...(rate === undefined ? {} : { rate }), ...start };
  }

  // First what was missed, then what is older: asking for the last seconds
  // while behind would leave out what was missed before them.
  #mayLookBack(name: string, { after, next, lastSeconds }: Held): boolean {
    return after + 1 >= next && lastSeconds < (this.#wishFor(name)?.lastSeconds ?? 0) && !this.#lookingBack.has(name);
  }

  #wishFor(name: string): ChannelWish | undefined {
    return this.#wishes.find((wish) => wish.name === name) ?? this.#wishes.find((wish) => wish.name === '*');
  }
}
