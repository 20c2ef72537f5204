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
  /** The past that was asked for when the channel began, seconds. */
  readonly lastSeconds: number;
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
    this.#epoch = epoch;
    return isOther;
  }

  /** Notes that the hub will send `channel` from there on. */
  begin({ name, from }: SubscribedChannel): void {
    const wish = this.#wishFor(name);
    const held = this.#held.get(name);
    if (wish === undefined) return;
    const lastSeconds = Math.max(wish.lastSeconds, held?.lastSeconds ?? 0);
    this.#held.set(name, { after: from - 1, lastSeconds }); // a longer past goes back behind what was held
  }

  /** Notes that everything up to `lastSeq` has come in. */
  hold(name: string, lastSeq: number): void {
    const held = this.#held.get(name);
    if (held) held.after = Math.max(held.after, lastSeq);
  }

  /** Forgets what is held: the hub does not know it. */
  forget(): void {
    this.#held.clear();
  }

  /** The command that asks for it. */
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
    const start = held && held.after >= 0 && held.lastSeconds >= lastSeconds ? { after: held.after } : { lastSeconds };
    return { name, ...(rate === undefined ? {} : { rate }), ...start };
  }

  #wishFor(name: string): ChannelWish | undefined {
    return this.#wishes.find((wish) => wish.name === name) ?? this.#wishes.find((wish) => wish.name === '*');
  }
}
