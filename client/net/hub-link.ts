import type { Command } from '../../server/wire/commands.ts';
import { ACK_BYTES, ACK_DELAY_MS, type HubEvent, type Welcome } from '../../server/wire/events.ts';
import { WIRE_VERSION, WireError } from '../../server/wire/frame.ts';
import { decodeTrendFrame, type TrendBlock, type TrendFrame } from '../../server/wire/trend-frame.ts';
import { backOffMs } from './back-off.ts';
import { type ChannelWish, type HeldWindows, Past } from './past.ts';

/** The part of a browser's `WebSocket` the link uses; `never` lets its own event types stand. */
export interface LinkSocket {
  binaryType: string;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** Time and chance, so that tests can hold them still. */
export interface LinkTimers {
  monotonicMs(): number;
  /** Calls `run` after `delayMs`, unless the returned function is called first. */
  after(delayMs: number, run: () => void): () => void;
  /** 0 ≤ x < 1. */
  random(): number;
}

/** Whom the link tells what it hears, in the order it hears it. */
export interface LinkReceiver {
  /** The hub spoke, and was understood. */
  hear(): void;
  /** `isOtherLife`: sequence and stream numbers start over. */
  receive(event: HubEvent, isOtherLife: boolean): void;
  /** One block of a frame. Its columns are views on the frame: copy what you keep. */
  receiveBlock(name: string, block: TrendBlock, sentMs: number): void;
  receiveFrame(): void;
  /** What it has of a channel: what it got by `receiveBlock` in this life of the hub. */
  heldOf(name: string): HeldWindows | undefined;
  /** Channels of which a part of the past is on its way. */
  setLoading(names: ReadonlySet<string>): void;
  /** A ping came back: `serverMs` was said between now - roundTripMs and now. */
  measure(serverMs: number, roundTripMs: number): void;
  /** A connection was lost, or could not be made. */
  lose(): void;
  /** A frame broke the protocol, or is of another version of it (`OtherVersionError`); the connection is ended. */
  refuse(error: unknown): void;
}

/** The hub speaks another version of the protocol than this page. */
export class OtherVersionError extends Error {
  constructor(wire: unknown) {
    super(`wire version ${wire}, expected ${WIRE_VERSION}`);
    this.name = 'OtherVersionError';
  }
}

type Heard =
  | { readonly kind: 'frame'; readonly frame: TrendFrame; readonly bytes: number }
  | { readonly kind: 'event'; readonly event: HubEvent };

const PING_MS = 2000;
// The hub speaks every second. This long without a word and the connection is
// taken for dead, whatever TCP believes; the screen is stale long before.
const DEAD_MS = 5000;
const CHECK_MS = 500;
// Of the codes a browser may send, the first free ones.
const [MALFORMED, SILENT] = [4000, 4001];

/**
 * Keeps one connection to the hub: connects, has the present of every channel
 * at once unless no trends are shown, asks for what is wished and missed of
 * the past, and answers for what came in.
 *
 * A frame that breaks the protocol ends the connection and is counted by the
 * receiver; the next one starts over from what was held. So does a hub of
 * another version of it, which is asked again as often as one that is away.
 */
export class HubLink {
  readonly #open: () => LinkSocket;
  readonly #timers: LinkTimers;
  readonly #receiver: LinkReceiver;
  readonly #hasTrends: boolean;
  readonly #past: Past;
  #epoch: string | undefined;
  #socket: LinkSocket | undefined;
  #names = new Map<number, string>();
  #isWelcome = false;
  #isClosed = false;
  /** A frame was malformed: greetings before another are no sign of life, a heartbeat is. */
  #isBroken = false;
  #attempt = 0;
  #commands = 0;
  #takenBytes = 0;
  #acknowledgedBytes = 0;
  #heardMs = 0;
  #ping: { readonly id: number; readonly sentMs: number } | undefined;
  #cancelAck: (() => void) | undefined;
  #cancelCheck: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(options: { open: () => LinkSocket; timers: LinkTimers; receiver: LinkReceiver; hasTrends: boolean }) {
    this.#open = options.open;
    this.#hasTrends = options.hasTrends;
    this.#timers = options.timers;
    this.#receiver = options.receiver;
    this.#past = new Past((name) => options.receiver.heldOf(name));
  }

  start(): void {
    this.#connect();
  }

  /** Closes for good. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
    this.#drop(1000, 'page closed');
  }

  /** Declares what is wanted of the past, whole, whether connected or not. */
  wish(wishes: readonly ChannelWish[]): void {
    this.#past.wish(wishes);
    if (this.#isWelcome) this.#fill();
  }

  #connect(): void {
    const socket = this.#open();
    this.#socket = socket;
    this.#heardMs = this.#timers.monotonicMs();
    this.#takenBytes = this.#acknowledgedBytes = 0;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }: { readonly data: unknown }) => this.#receive(data);
    socket.onclose = () => this.#lose(); // follows every error too
    this.#watch();
  }

  #receive(data: unknown): void {
    const heard = this.#parse(data);
    if (heard === undefined) return;
    this.#heardMs = this.#timers.monotonicMs();
    if (heard.kind === 'event' && heard.event.type === 'heartbeat') this.#isBroken = false;
    if (!this.#isBroken) this.#receiver.hear();
    if (heard.kind === 'frame') this.#receiveFrame(heard.frame, heard.bytes);
    else this.#receiveEvent(heard.event);
  }

  #parse(data: unknown): Heard | undefined {
    try {
      if (data instanceof ArrayBuffer) return { kind: 'frame', frame: decodeTrendFrame(data), bytes: data.byteLength };
      return { kind: 'event', event: parseEvent(String(data)) };
    } catch (error) {
      this.#isBroken = true;
      this.#receiver.refuse(error);
      this.#drop(MALFORMED, 'malformed');
      this.#lose();
      return undefined;
    }
  }

  #receiveFrame({ blocks, sentMs }: TrendFrame, bytes: number): void {
    this.#receiver.receiveFrame();
    for (const block of blocks) {
      const name = this.#names.get(block.channel);
      if (name === undefined) continue; // sent before a subscription that no longer has it
      this.#receiver.receiveBlock(name, block, sentMs);
    }
    this.#takenBytes += bytes;
    // While the past fills what may be in flight, it comes the faster the sooner that is known to have landed.
    const isDue = this.#past.isLoading || this.#takenBytes - this.#acknowledgedBytes >= ACK_BYTES;
    if (isDue) this.#acknowledge();
    else this.#cancelAck ??= this.#timers.after(ACK_DELAY_MS, () => this.#acknowledge());
  }

  #receiveEvent(event: HubEvent): void {
    switch (event.type) {
      case 'welcome':
        this.#enter(event);
        return;
      case 'subscribed':
        this.#names = new Map(event.channels.map(({ number, name }) => [number, name]));
        for (const channel of event.channels) this.#past.begin(channel);
        this.#receiver.receive(event, false);
        this.#fill();
        return;
      case 'filled':
        this.#past.finish(event.id);
        this.#fill();
        break;
      case 'pong':
        this.#measure(event.id, event.serverMs);
        break;
      case 'heartbeat':
        this.#attempt = 0; // not at the welcome: a hub whose frames are refused is not asked more and more often
        break;
      case 'channels':
        this.#past.setChannels(event.channels);
        break;
      case 'error':
      case 'models':
      case 'diagnoses':
      case 'alarm-definitions':
      case 'alarms':
      case 'alarm-flood':
        break;
      default:
        return; // a newer hub says more than this page understands
    }
    this.#receiver.receive(event, false);
  }

  #enter(welcome: Welcome): void {
    const isOtherLife = this.#epoch !== undefined && this.#epoch !== welcome.epoch;
    this.#epoch = welcome.epoch;
    this.#isWelcome = true;
    this.#past.restart();
    this.#receiver.receive(welcome, isOtherLife);
    if (this.#hasTrends) this.#send({ type: 'subscribe', id: this.#commands++, channels: [{ name: '*' }] });
    this.#sendPing();
  }

  #measure(id: number, serverMs: number): void {
    if (this.#ping?.id !== id) return;
    this.#receiver.measure(serverMs, this.#timers.monotonicMs() - this.#ping.sentMs);
    this.#ping = undefined;
  }

  #fill(): void {
    for (let fill = this.#past.ask(this.#commands); fill; fill = this.#past.ask(this.#commands)) {
      this.#commands++;
      this.#send(fill);
    }
    this.#receiver.setLoading(this.#past.loading);
  }

  #sendPing(): void {
    this.#ping = { id: this.#commands++, sentMs: this.#timers.monotonicMs() };
    this.#send({ type: 'ping', id: this.#ping.id });
  }

  #acknowledge(): void {
    this.#cancelAck?.();
    this.#cancelAck = undefined;
    if (this.#takenBytes === this.#acknowledgedBytes) return;
    this.#acknowledgedBytes = this.#takenBytes;
    this.#send({ type: 'ack', bytes: this.#takenBytes });
  }

  #send(command: Command): void {
    this.#socket?.send(JSON.stringify(command));
  }

  #watch(): void {
    let pingedMs = this.#timers.monotonicMs();
    const check = () => {
      const nowMs = this.#timers.monotonicMs();
      if (nowMs - this.#heardMs > DEAD_MS) {
        this.#drop(SILENT, 'silent');
        this.#lose();
        return;
      }
      if (this.#isWelcome && nowMs - pingedMs >= PING_MS) {
        pingedMs = nowMs;
        this.#sendPing();
      }
      this.#cancelCheck = this.#timers.after(CHECK_MS, check);
    };
    this.#cancelCheck = this.#timers.after(CHECK_MS, check);
  }

  /** Lets go of the socket; nothing of it is heard any more. */
  #drop(code: number, reason: string): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#isWelcome = false;
    this.#ping = undefined;
    this.#names.clear();
    this.#cancelAck?.();
    this.#cancelAck = undefined;
    this.#cancelCheck?.();
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close(code, reason);
  }

  #lose(): void {
    this.#drop(1000, 'lost');
    if (this.#isClosed) return;
    this.#past.restart(); // nothing is on its way any more
    this.#receiver.setLoading(this.#past.loading);
    this.#receiver.lose();
    this.#cancelRetry = this.#timers.after(backOffMs(this.#attempt++, this.#timers.random()), () => this.#connect());
  }
}

// The fields of an event are its own server's and trusted; that it is one is not.
function parseEvent(text: string): HubEvent {
  const event: unknown = JSON.parse(text);
  if (typeof event !== 'object' || event === null || !('type' in event)) throw new WireError('text without a type', 0);
  const heard = event as HubEvent;
  if (heard.type === 'welcome' && heard.wire !== WIRE_VERSION) throw new OtherVersionError(heard.wire);
  return heard;
}
