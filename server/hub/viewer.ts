import type { ChannelRequest } from '../wire/commands.ts';
import { CLOSE_CODES, type CloseReason, type HubEvent, type Subscribed } from '../wire/events.ts';
import type { Delivery, DeliverySink, DeliveryTools, GoneRange } from './delivery.ts';
import { Flight } from './flight.ts';
import { OpenMessage } from './open-message.ts';
import { Pace } from './pace.ts';
import { Refills } from './refills.ts';
import { TokenBucket } from './token-bucket.ts';

/** The part of a `ws` socket a viewer uses. */
export interface ViewerSocket {
  readonly bufferedAmount: number;
  send(data: Buffer, options: { binary: boolean }): void;
  ping(data?: Buffer): void;
  pong(data: Buffer): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** A queue never passes this; only a single message that is longer may stand in it alone. */
export const QUEUE_BYTES = 1024 * 1024;

/** Past this a heartbeat is left out, since the next one replaces it, and so are diagnoses. */
const SOFT_QUEUE_BYTES = 256 * 1024;

/** What all viewers together have been through. */
export interface ViewerCounters {
  framesSent: number;
  bytesSent: number;
  /** Of everything but frames: lists of channels, heartbeats, answers. */
  textBytesSent: number;
  coarsened: number;
  heartbeatsSkipped: number;
  /** Diagnoses that viewers were not told of, because a newer one of the channel came before there was room. */
  diagnosesReplaced: number;
  /** Changes of alarms that viewers were not told of, because the alarm changed again before there was room. */
  alarmsReplaced: number;
  /** The most that ever waited for one viewer. */
  longestQueueBytes: number;
  /** Viewers that went silent. */
  dead: number;
  /** Viewers whose connection the hub ended, by reason. */
  readonly ended: Record<CloseReason, number>;
}

/** Counters at zero. */
export function createCounters(): ViewerCounters {
  const reasons = Object.keys(CLOSE_CODES) as CloseReason[];
  const ended = Object.fromEntries(reasons.map((reason) => [reason, 0])) as Record<CloseReason, number>;
  const sent = { framesSent: 0, bytesSent: 0, textBytesSent: 0 };
  const replaced = { diagnosesReplaced: 0, alarmsReplaced: 0 };
  return { ...sent, ...replaced, coarsened: 0, heartbeatsSkipped: 0, longestQueueBytes: 0, dead: 0, ended };
}

/** One connection: what it asked for, what it was sent, and how it keeps up. */
export class Viewer implements DeliverySink {
  /** Counts the connections there have been. */
  readonly number: number;
  readonly flight = new Flight();
  /** What it says and has not said to the end. */
  readonly message = new OpenMessage();
  readonly pace = new Pace();
  /** What it asked for of the past. */
  readonly refills = new Refills();
  readonly commands: TokenBucket;
  requests: readonly ChannelRequest[] = [];
  delivery: Delivery | undefined;
  /** When anything was last heard of it, in listened ms. */
  heardMs: number;
  readonly #socket: ViewerSocket;
  readonly #counters: ViewerCounters;
  readonly #tools: DeliveryTools;
  #endedMs: number | undefined;

  constructor(
    socket: ViewerSocket,
    options: { number: number; commandRate: number; counters: ViewerCounters; tools: DeliveryTools },
  ) {
    this.number = options.number;
    this.#socket = socket;
    this.#counters = options.counters;
    this.#tools = options.tools;
    this.heardMs = options.tools.listened.ms;
    this.commands = new TokenBucket(options.commandRate, options.tools.clock.monotonicMs());
  }

  get queuedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** When its connection began to close, in listened ms; undefined while it is open. */
  get endedMs(): number | undefined {
    return this.#endedMs;
  }

  /** Sends what may be sent: of the present, and when that is done, of the past. */
  pump(): void {
    this.delivery?.pump();
    if (this.delivery?.isCurrent) this.refills.pump(this.flight, this.#tools, this);
  }

  /** Sends a frame that many viewers share: nobody writes to it any more. False where this viewer has ended. */
  sendFrame(bytes: Buffer): boolean {
    if (!this.#send(bytes, { binary: true })) return false;
    this.flight.send(bytes.byteLength, this.#tools.listened.ms);
    this.#counters.framesSent++;
    this.#counters.bytesSent += bytes.byteLength;
    return true;
  }

  tell(event: HubEvent): void {
    this.tellText(Buffer.from(JSON.stringify(event)));
  }

  /** As `tell`, with an event that was encoded once for all. False where this viewer has ended. */
  tellText(text: Buffer): boolean {
    if (!this.#send(text, { binary: false })) return false;
    this.#counters.textBytesSent += text.byteLength;
    return true;
  }

  /** Sends a heartbeat, unless so much waits before it that it would be old when it arrives; whether it did. */
  beat(heartbeat: Buffer): boolean {
    const isSent = this.tellFresh(heartbeat);
    if (!isSent) this.#counters.heartbeatsSkipped++;
    return isSent;
  }

  /** Sends what is replaced by what comes next, unless so much waits before it that it would be old; whether it did. */
  tellFresh(text: Buffer): boolean {
    return this.#socket.bufferedAmount <= SOFT_QUEUE_BYTES && this.tellText(text);
  }

  ping(data?: Buffer): void {
    if (this.#endedMs === undefined) this.#socket.ping(data);
  }

  pong(data: Buffer): void {
    if (this.#endedMs === undefined) this.#socket.pong(data);
  }

  reportGone(ranges: readonly GoneRange[]): void {
    this.tellSubscribed(ranges);
  }

  /** Tells the whole subscription as it is, with what is gone of it. */
  tellSubscribed(gone: readonly GoneRange[], id?: number): void {
    const { delivery } = this;
    const channels = (delivery?.feed.lanes ?? []).map(({ channel, span }, lane) => {
      const range = gone.find((one) => one.lane === lane);
      return {
        name: channel.name,
        number: channel.number,
        span,
        from: delivery!.seqs[lane],
        next: channel.ring.next,
        ...(range && { gone: { from: range.from, to: range.to } }),
      };
    });
    const { coarseness } = this.pace;
    this.tell({ type: 'subscribed', ...(id !== undefined && { id }), coarseness, channels } satisfies Subscribed);
  }

  /** Says why and closes. Nothing is sent after it. */
  end(reason: CloseReason, message: string): void {
    if (this.#endedMs !== undefined) return;
    this.tell({ type: 'error', code: reason, message });
    if (this.#endedMs !== undefined) return; // for which there was no room
    this.#counters.ended[reason]++;
    this.markEnded();
    this.#socket.close(CLOSE_CODES[reason], reason);
  }

  /** Notes that the connection is closing for another reason. */
  markEnded(): void {
    this.#endedMs ??= this.#tools.listened.ms;
    this.delivery = undefined;
    this.refills.clear();
  }

  terminate(): void {
    this.markEnded();
    this.#socket.terminate();
  }

  #send(data: Buffer, options: { binary: boolean }): boolean {
    if (this.#endedMs !== undefined) return false;
    const queued = this.#socket.bufferedAmount;
    if (queued > 0 && queued + data.byteLength > QUEUE_BYTES) {
      this.#counters.ended.TOO_SLOW++;
      this.markEnded(); // without the error message, for which there is no room
      this.#socket.close(CLOSE_CODES.TOO_SLOW, 'TOO_SLOW');
      return false;
    }
    this.#socket.send(data, options);
    this.#counters.longestQueueBytes = Math.max(this.#counters.longestQueueBytes, this.#socket.bufferedAmount);
    return true;
  }
}
