import { WebSocket } from 'ws';
import type { ChannelRequest, FillRequest } from '../../server/wire/commands.ts';
import {
  ACK_BYTES,
  ACK_DELAY_MS,
  type Channel,
  type Filled,
  type Heartbeat,
  HUB_PATH,
  type HubError,
  type HubEvent,
  type Subscribed,
  type SubscribedChannel,
  type Welcome,
} from '../../server/wire/events.ts';
import { blockBytes, decodeTrendFrame, type TrendBlock } from '../../server/wire/trend-frame.ts';
import { ViewedChannel } from './viewed-channel.ts';

export interface ViewerOptions {
  readonly headers?: Record<string, string>;
  /** Who is trusted with names of servers, in PEM. */
  readonly ca?: string;
  /** Keeps a copy of every block; only counts by default. */
  readonly keepsBlocks?: boolean;
  /** False: never acknowledges anything. */
  readonly acknowledges?: boolean;
}

const PATIENCE_MS = 60_000;

/** A viewer as `server/wire/README.md` describes it, for tests: it keeps the books of every channel. */
export class TestViewer {
  readonly events: HubEvent[] = [];
  readonly viewed = new Map<string, ViewedChannel>();
  /** Last raw sample read at the server to decode here, a block each; both on this machine's clock. */
  readonly latenciesMs: number[] = [];
  /** How the connection ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  channels: readonly Channel[] = [];
  frames = 0;
  bytes = 0;
  acknowledged = 0;
  readonly #socket: WebSocket;
  readonly #options: ViewerOptions;
  readonly #byNumber = new Map<number, ViewedChannel>();
  readonly #waiting = new Set<() => void>();
  #pastBytes = 0;
  #fills = 0; // under way
  #ackTimer: NodeJS.Timeout | undefined;
  #acknowledges: boolean;
  #frameEnds: number[] = []; // of frames that are not acknowledged
  #nextId = 1;

  /** Connects to the server at `url`, such as `http://127.0.0.1:8080`, and waits to be welcomed. */
  static async open(url: string, options: ViewerOptions = {}): Promise<TestViewer> {
    const address = new URL(HUB_PATH, url.replace(/^http/, 'ws'));
    const socket = new WebSocket(address, { perMessageDeflate: false, headers: options.headers ?? {}, ca: options.ca });
    const viewer = new TestViewer(socket, options);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    await viewer.event((event) => event.type === 'welcome');
    return viewer;
  }

  private constructor(socket: WebSocket, options: ViewerOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#acknowledges = options.acknowledges ?? true;
    socket.binaryType = 'arraybuffer';
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#takeFrame(data as ArrayBuffer);
      else this.#takeEvent(JSON.parse(String(data)));
    });
    socket.on('error', () => {}); // `closed` tells
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        clearTimeout(this.#ackTimer);
        resolve({ code, reason: String(reason) });
      });
    });
  }

  get welcome(): Welcome {
    return this.events[0] as Welcome; // `open` has waited for it
  }

  /** Sequence numbers the subscription began with, of all channels together. */
  get from(): number {
    const first = this.events.find((event) => event.type === 'subscribed') as Subscribed;
    return first.channels.reduce((total, { from }) => total + from, 0);
  }

  get missing(): number {
    return sum(this.viewed, ({ missing }) => missing);
  }

  get doubled(): number {
    return sum(this.viewed, ({ doubled }) => doubled);
  }

  get windows(): number {
    return sum(this.viewed, ({ windows }) => windows);
  }

  /** The books of a channel, or throws. */
  view(name: string): ViewedChannel {
    const viewed = this.viewed.get(name);
    if (!viewed) throw new Error(`channel ${name} is not subscribed to`);
    return viewed;
  }

  /** Replaces the subscription and waits for the answer. */
  async subscribe(channels: readonly ChannelRequest[], epoch?: string): Promise<Subscribed> {
    const id = this.#nextId++;
    this.send({ type: 'subscribe', id, ...(epoch !== undefined && { epoch }), channels });
    return (await this.event((event) => event.type === 'subscribed' && event.id === id)) as Subscribed;
  }

  /** Asks for windows of the past and waits until they have come. */
  async fill(channels: readonly FillRequest[]): Promise<Filled> {
    const id = this.#nextId++;
    this.#fills++;
    this.send({ type: 'fill', id, channels });
    return (await this.event((event) => event.type === 'filled' && event.id === id)) as Filled;
  }

  /** Resumes every channel where another viewer of the same hub left off. */
  resume(from: TestViewer): Promise<Subscribed> {
    const requests = Array.from(from.viewed.values(), ({ name, next }) => ({ name, after: next - 1 }));
    return this.subscribe(requests, from.welcome.epoch);
  }

  /** Sends anything as JSON, or text as it is. */
  send(message: unknown): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  sendBinary(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  /** The first event there is, or comes, that `matches`. */
  async event(matches: (event: HubEvent) => boolean): Promise<HubEvent> {
    await this.until(() => this.events.some(matches));
    return this.events.find(matches)!;
  }

  heartbeats(): readonly Heartbeat[] {
    return this.events.filter((event) => event.type === 'heartbeat');
  }

  errors(): readonly HubError[] {
    return this.events.filter((event) => event.type === 'error');
  }

  /** Waits until `isTrue`, which is asked after every message. Throws after a minute. */
  until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!isTrue()) return;
        this.#waiting.delete(check);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`still not so after ${PATIENCE_MS / 1000} s: ${isTrue}`));
      }, PATIENCE_MS);
      this.#waiting.add(check);
      check();
    });
  }

  /** Stops reading from the socket, so that TCP pushes back. */
  pause(): void {
    this.#socket.pause();
  }

  unpause(): void {
    this.#socket.resume();
  }

  /** Takes in so many bytes a second, as over a thin line, and acknowledges the frames that are whole; until the undo. */
  acknowledgeAtMost(bytesPerSecond: number): () => void {
    this.#acknowledges = false;
    let takenIn = this.acknowledged;
    const timer = setInterval(() => {
      takenIn = Math.min(this.bytes, takenIn + bytesPerSecond / 4);
      const whole = this.#frameEnds.findLast((end) => end <= takenIn) ?? this.acknowledged;
      this.#sendAck(whole);
    }, 250);
    return () => {
      clearInterval(timer);
      this.#acknowledges = true;
    };
  }

  async close(): Promise<void> {
    this.#socket.close(1000);
    await this.closed;
  }

  /** Drops the connection without a word. */
  async reset(): Promise<void> {
    this.#socket.terminate();
    await this.closed;
  }

  #takeEvent(event: HubEvent): void {
    this.events.push(event);
    if (event.type === 'filled') this.#fills--;
    if (event.type === 'channels') this.channels = event.channels;
    if (event.type === 'subscribed') {
      this.#byNumber.clear();
      for (const channel of event.channels) this.#takeSubscribed(channel, event.id !== undefined);
    }
    this.#tell();
  }

  #takeSubscribed(channel: SubscribedChannel, isAnswer: boolean): void {
    const viewed = this.viewed.get(channel.name) ?? new ViewedChannel(channel);
    this.viewed.set(channel.name, viewed);
    this.#byNumber.set(channel.number, viewed);
    viewed.begin(channel, isAnswer);
  }

  #takeFrame(data: ArrayBuffer): void {
    const nowMs = Date.now();
    const frame = decodeTrendFrame(data);
    for (const block of frame.blocks) {
      this.#takeBlock(block);
      this.latenciesMs.push(nowMs - block.arrivedMs);
    }
    this.frames++;
    this.bytes += data.byteLength;
    this.#frameEnds.push(this.bytes);
    this.#acknowledge();
    this.#tell();
  }

  #takeBlock(block: TrendBlock): void {
    const viewed = this.#byNumber.get(block.channel);
    if (!viewed) throw new Error(`block of channel number ${block.channel}, which was not subscribed to`);
    if (this.#options.keepsBlocks) viewed.blocks.push(structuredClone(block));
    if (viewed.isPast(block)) this.#pastBytes += blockBytes(block.min.length);
    viewed.take(block, this.#pastBytes);
  }

  #acknowledge(): void {
    if (!this.#acknowledges) return;
    if (this.#fills > 0 || this.bytes - this.acknowledged >= ACK_BYTES) this.#sendAck(this.bytes);
    else this.#ackTimer ??= setTimeout(() => this.#sendAck(this.bytes), ACK_DELAY_MS);
  }

  #sendAck(bytes: number): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    if (bytes === this.acknowledged) return;
    this.acknowledged = bytes;
    this.#frameEnds = this.#frameEnds.filter((end) => end > bytes);
    if (this.#socket.readyState === WebSocket.OPEN) this.send({ type: 'ack', bytes });
  }

  #tell(): void {
    for (const check of [...this.#waiting]) check();
  }
}

function sum(viewed: ReadonlyMap<string, ViewedChannel>, figure: (one: ViewedChannel) => number): number {
  return Array.from(viewed.values(), figure).reduce((total, value) => total + value, 0);
}
