import type { Clock } from '../base/clock.ts';
import type { ChannelInfo } from '../trend/channel-info.ts';
import type { LedgerEntry } from '../trend/ledger.ts';
import { Channel, type ChannelOptions, type Holder } from './channel.ts';
import type { Hello } from './hello.ts';
import { ProtocolError, WINDOW_RATE } from './protocol.ts';
import type { Stream } from './stream.ts';
import { TokenGuard } from './token-guard.ts';

/** What the settings say of one channel. */
export interface ChannelRules {
  readonly unit?: string | undefined;
  readonly window?: number | undefined;
  readonly token?: string | undefined;
}

export interface ChannelsOptions extends ChannelOptions {
  readonly listed: Readonly<Record<string, ChannelRules>>;
  readonly listedOnly: boolean;
  /** Channels besides the listed ones. */
  readonly channelLimit: number;
  /** Samples a window where nobody asks for another size. */
  readonly window: number;
  readonly clock: Clock;
  /** Makes a name, never the same twice, for a stream whose device gives none. */
  readonly nameStream: () => string;
  /** A device opened a channel or a stream on it, or describes it differently. */
  readonly onOpen: (info: ChannelInfo) => void;
}

/** A channel in the hands of a device. */
export interface OpenChannel {
  readonly channel: Channel;
  readonly stream: Stream;
  readonly info: ChannelInfo;
}

const KEEP_MS = 60_000;

/**
 * Every channel there has been since the start. Channels are never forgotten,
 * since their accounts go on; how many there can be is limited. A channel
 * without a device gives its memory back after a minute.
 */
export class Channels {
  readonly #options: ChannelsOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #announced = new Map<string, string>();
  readonly #guard: TokenGuard;
  #unlisted = 0;

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#guard = new TokenGuard(options.clock);
  }

  /** Tokens that were refused unseen, because too many wrong ones came before. */
  get guessesRefused(): number {
    return this.#guard.refused;
  }

  /** Gives the channel that `hello` names to `holder`, or throws `ProtocolError`. */
  open(holder: Holder, hello: Hello): OpenChannel {
    const rules = this.#rulesOf(hello.channel);
    if (rules?.token !== undefined) this.#guard.check(rules.token, hello.token, hello.channel, holder.address);
    const info = this.#describe(hello, rules);
    const channel = this.#find(hello.channel);
    const stream = channel.open(holder, hello, info);
    this.#announce(info);
    return { channel, stream, info };
  }

  ledger(): LedgerEntry[] {
    return [...this.#channels.values()].map((channel) => channel.entry());
  }

  /** Takes back the memory of channels that have had no device for a minute. */
  release(nowMs: number): void {
    for (const channel of this.#channels.values()) {
      if (!channel.isLive && nowMs - channel.freeSinceMs > KEEP_MS) channel.release();
    }
  }

  #rulesOf(name: string): ChannelRules | undefined {
    return Object.hasOwn(this.#options.listed, name) ? this.#options.listed[name] : undefined;
  }

  #find(name: string): Channel {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;

    const { listedOnly, channelLimit } = this.#options;
    if (this.#rulesOf(name) === undefined) {
      if (listedOnly) throw new ProtocolError('CHANNEL_LIMIT', `channel ${name} is not listed in the settings`);
      if (this.#unlisted >= channelLimit) {
        throw new ProtocolError('CHANNEL_LIMIT', `channel ${name} would be one more than ${channelLimit}`);
      }
      this.#unlisted++;
    }
    const channel = new Channel(name, this.#options);
    this.#channels.set(name, channel);
    return channel;
  }

  #describe(hello: Hello, rules: ChannelRules | undefined): ChannelInfo {
    const { channel, datatype, rateHz, scale, offset, hardware, description, recorder } = hello;
    const asked = rules?.window ?? hello.window ?? this.#options.window;
    return {
      channel,
      stream: hello.stream ?? this.#options.nameStream(),
      datatype,
      rateHz,
      window: Math.max(asked, Math.ceil(rateHz / WINDOW_RATE)),
      unit: rules?.unit ?? hello.unit,
      scale,
      offset,
      hardware,
      description,
      recorder,
    };
  }

  #announce(info: ChannelInfo): void {
    const text = JSON.stringify(info);
    if (this.#announced.get(info.channel) === text) return;
    this.#announced.set(info.channel, text);
    this.#options.onOpen(info);
  }
}
