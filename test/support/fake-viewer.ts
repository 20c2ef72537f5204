import type { Audience } from '../../server/hub/audience.ts';
import type { Viewer, ViewerSocket } from '../../server/hub/viewer.ts';
import type { ChannelRequest } from '../../server/wire/commands.ts';
import type { HubEvent, Subscribed } from '../../server/wire/events.ts';
import { decodeTrendFrame, type TrendBlock } from '../../server/wire/trend-frame.ts';

/** A socket that keeps what it is sent, and the viewer behind it. Takes everything in at once. */
export class FakeViewer implements ViewerSocket {
  readonly events: HubEvent[] = [];
  frames: Buffer[] = [];
  bufferedAmount = 0;
  pings = 0;
  /** What the last ping that wants to know what has landed held; undefined once it was answered. */
  asked: Buffer | undefined;
  pongs = 0;
  closeCode: number | undefined;
  isTerminated = false;
  readonly viewer: Viewer;
  readonly #audience: Audience;

  constructor(audience: Audience) {
    this.#audience = audience;
    this.viewer = audience.admit(this);
  }

  /** Of frames, in this connection. */
  bytes = 0;

  get blocks(): TrendBlock[] {
    return this.frames.flatMap((frame) => decodeTrendFrame(Uint8Array.from(frame).buffer).blocks);
  }

  /** Sequence numbers of one channel as [first, last] of each block. */
  ranges(channel: number): [number, number][] {
    const own = this.blocks.filter((block) => block.channel === channel);
    return own.map(({ lastSeq, windows }) => [lastSeq - windows + 1, lastSeq]);
  }

  send(data: Buffer, { binary }: { binary: boolean }): void {
    if (binary) {
      this.frames.push(data);
      this.bytes += data.byteLength;
    } else this.events.push(JSON.parse(data.toString()));
  }

  ping(data?: Buffer): void {
    this.pings++;
    if (data !== undefined) this.asked = data;
  }

  pong(): void {
    this.pongs++;
  }

  close(code: number): void {
    this.closeCode = code;
  }

  terminate(): void {
    this.isTerminated = true;
  }

  say(message: unknown): void {
    this.#audience.receive(this.viewer, Buffer.from(JSON.stringify(message)), false);
  }

  sayText(text: string): void {
    this.#audience.receive(this.viewer, Buffer.from(text), false);
  }

  sayBinary(bytes: Buffer): void {
    this.#audience.receive(this.viewer, bytes, true);
  }

  subscribe(channels: readonly ChannelRequest[], epoch?: string): Subscribed {
    this.say({ type: 'subscribe', id: 1, ...(epoch && { epoch }), channels });
    return this.events.filter((event) => event.type === 'subscribed').at(-1)!;
  }

  /** Acknowledges all it got, and what comes of that, until nothing more comes. */
  acknowledgeAll(): void {
    for (let acked = -1; acked !== this.frames.length; ) {
      acked = this.frames.length;
      if (this.viewer.flight.bytes > 0) this.say({ type: 'ack', bytes: this.bytes });
    }
  }

  /** Answers that everything has landed, and what comes of that, until nothing more comes. */
  land(): void {
    for (let data = this.asked; data !== undefined; data = this.asked) {
      this.asked = undefined;
      this.bufferedAmount = 0;
      this.#audience.takePong(this.viewer, data);
    }
  }

  /** Forgets what came so far. */
  forget(): void {
    this.frames = [];
    this.events.length = 0;
  }

  lastEvent<T extends HubEvent['type']>(type: T): Extract<HubEvent, { type: T }> | undefined {
    return this.events.findLast((event) => event.type === type) as Extract<HubEvent, { type: T }> | undefined;
  }
}
