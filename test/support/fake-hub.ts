import type { LinkSocket } from '../../client/net/hub-link.ts';
import { Command } from '../../server/wire/commands.ts';
import type { Channel, Filled, HubEvent } from '../../server/wire/events.ts';
import { WIRE_VERSION } from '../../server/wire/frame.ts';
import { encodeTrendFrame, type TrendBlock } from '../../server/wire/trend-frame.ts';

const ROW_MS = 5;
const CHANNEL = 'etch.1';
/** Sample clock of the first window. */
export const FIRST_MS = 1_700_000_000_000;

type Gone = Filled['gone'][number];

/**
 * A hub of one channel with 200 windows a second, for one viewer at a time,
 * that says and does only what it is told to. The value of window s is s.
 */
export class FakeHub {
  /** Every command heard, over all connections. */
  readonly commands: Command[] = [];
  readonly closings: { readonly code: number | undefined }[] = [];
  epoch = 'first';
  /** Version of the protocol that it says it speaks. */
  wire = WIRE_VERSION;
  /** Sequence number of the next window. */
  next = 0;
  /** The oldest window in the buffer. */
  oldest = 0;
  connections = 0;
  /** Says nothing more, though the connection stands. */
  isMute = false;
  /** Whether its one device is there: else it lists no channel. */
  hasDevice = true;
  /** Whether a fill is answered at once, or by `sendPast` block after block. */
  fillsAtOnce = true;
  /** Added to the hub's clock, which otherwise runs with the windows. */
  clockOffsetMs = 0;
  #socket: FakeSocket | undefined;
  #sent = 0;
  /** Sample clock of this life's first window. */
  #bornMs = FIRST_MS;
  #isSubscribed = false;
  /** Fills under way, the newest last. */
  readonly #fills: { readonly id: number; readonly ranges: { from: number; to: number }[]; readonly gone: Gone[] }[] =
    [];
  #isGreeting = false;
  readonly #early: Command[] = [];

  /** What the link opens. */
  readonly open = (): LinkSocket => {
    this.connections++;
    this.#fills.length = 0;
    this.#isSubscribed = false;
    this.#socket = new FakeSocket({
      send: (text) => this.#hear(Command.parse(JSON.parse(text))),
      close: (code) => {
        this.closings.push({ code });
        this.#socket = undefined;
      },
    });
    return this.#socket;
  };

  get serverMs(): number {
    return this.#bornMs + this.next * ROW_MS + this.clockOffsetMs;
  }

  /** Takes the viewer in, as the first thing on a connection. */
  welcome(): void {
    this.#isGreeting = true; // what it says now it said before any answer could come
    const site = { name: 'Test', timeZone: 'UTC' };
    const { wire, epoch, serverMs } = this;
    this.say({ type: 'welcome', wire, epoch, serverMs, version: '0', site, inFlightBytes: 65_536 });
    this.#list();
    for (let command = this.#early.shift(); command; command = this.#early.shift()) this.#answer(command);
    this.#isGreeting = false;
  }

  /** Windows are made; a viewer that subscribed gets them. */
  produce(windows: number): void {
    this.next += windows;
    this.#flush();
  }

  /** The device of a hub that was without comes back; a viewer of all channels gets it. */
  connectDevice(): void {
    this.hasDevice = true;
    this.#list();
    const subscribed = { name: CHANNEL, number: 3, span: 1, from: this.next, next: this.next };
    this.say({ type: 'subscribed', coarseness: 1, channels: [subscribed] });
    this.#sent = this.next;
    this.#isSubscribed = true;
  }

  /** The next block of the past that was asked for, the newest first; false where nothing is left to send. */
  sendPast(): boolean {
    const fill = this.#fills.at(-1);
    if (!fill) return false;
    const range = fill.ranges.at(-1);
    if (!range) {
      this.#fills.pop();
      this.say({ type: 'filled', id: fill.id, gone: fill.gone });
    } else if (range.to <= this.oldest) {
      fill.gone.push({ name: CHANNEL, ...range });
      fill.ranges.pop();
    } else {
      const from = Math.max(range.from, this.oldest, range.to - 100);
      this.#sendWindows(from, range.to);
      range.to = from;
      if (range.to === range.from) fill.ranges.pop();
    }
    return true;
  }

  heartbeat(): void {
    const { next, serverMs } = this;
    const pulse = { name: CHANNEL, next, arrivedMs: serverMs, live: true, received: next * 10, missing: 7, gaps: 2 };
    this.say({ type: 'heartbeat', serverMs, channels: this.hasDevice ? [pulse] : [], viewers: 1, live: 1 });
  }

  say(event: HubEvent): void {
    if (!this.isMute) this.#socket?.receive(JSON.stringify(event));
  }

  sayRaw(data: unknown): void {
    this.#socket?.receive(data);
  }

  /** The connection is lost, and the windows sent from `lostFrom` on with it. */
  drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.lose();
  }

  /** A new life, before any device has found back to it: numbers start over. */
  restart(epoch: string): void {
    this.hasDevice = false;
    this.epoch = epoch;
    this.#bornMs += this.next * ROW_MS;
    this.next = this.oldest = 0;
    this.drop();
  }

  #list(): void {
    this.say({ type: 'channels', channels: this.hasDevice ? [channel()] : [] });
  }

  #hear(command: Command): void {
    this.commands.push(command);
    if (this.#isGreeting) this.#early.push(command);
    else this.#answer(command);
  }

  #answer(command: Command): void {
    if (command.type === 'ping') this.say({ type: 'pong', id: command.id, serverMs: this.serverMs });
    if (command.type === 'fill') {
      const [{ ranges }] = command.channels;
      this.#fills.push({ id: command.id, ranges: ranges.map(({ from, to }) => ({ from, to })), gone: [] });
      while (this.fillsAtOnce && this.sendPast());
    }
    if (command.type !== 'subscribe') return;

    if (!this.hasDevice) {
      this.say({ type: 'subscribed', id: command.id, coarseness: 1, channels: [] });
      return;
    }
    const star = command.channels.find(({ name }) => name === '*');
    const request = command.channels.find(({ name }) => name === CHANNEL) ?? star;
    if (!request) return;
    const isResumed = request.after !== undefined && command.epoch === this.epoch;
    const wanted = isResumed ? request.after! + 1 : this.next - ((request.lastSeconds ?? 0) * 1000) / ROW_MS;
    const from = Math.max(this.oldest, Math.min(wanted, this.next));
    const gone = isResumed && wanted < from ? { gone: { from: wanted, to: from } } : {};
    const subscribed = { name: CHANNEL, number: 3, span: 1, from, next: this.next, ...gone };
    this.say({ type: 'subscribed', id: command.id, coarseness: 1, channels: [subscribed] });
    this.#sent = from;
    this.#isSubscribed = true;
    this.#flush();
  }

  #flush(): void {
    while (this.#isSubscribed && this.#socket && this.#sent < this.next) {
      const rows = Math.min(100, this.next - this.#sent);
      this.#sent += rows;
      this.#sendWindows(this.#sent - rows, this.#sent);
    }
  }

  #sendWindows(from: number, to: number): void {
    const endMs = this.#bornMs + to * ROW_MS;
    const block = { ...blockOf(from, to - from), timeNs: BigInt(this.#bornMs + from * ROW_MS) * 1_000_000n };
    const arrivedMs = endMs + this.clockOffsetMs;
    this.sayRaw(encodeTrendFrame({ sentMs: this.serverMs, blocks: [{ ...block, arrivedMs }] }));
  }
}

/** Rows of windows from .. from+rows-1: window s has the value s. */
export function blockOf(from: number, rows: number, stream = 0): TrendBlock {
  const values = Float64Array.from({ length: rows }, (_, i) => from + i);
  const zeros = new Uint32Array(rows);
  return {
    channel: 3,
    span: 1,
    windows: rows,
    stream,
    lastSeq: from + rows - 1,
    firstRow: from,
    timeNs: BigInt(FIRST_MS + from * ROW_MS) * 1_000_000n,
    rowNs: ROW_MS * 1e6,
    arrivedMs: FIRST_MS + (from + rows) * ROW_MS,
    min: values.map((value) => value - 1),
    max: values.map((value) => value + 1),
    mean: values,
    m2: new Float64Array(rows).fill(10),
    count: new Uint32Array(rows).fill(10),
    clipped: zeros,
    nonfinite: zeros,
    flags: zeros,
  };
}

export function channel(name = CHANNEL): Channel {
  return {
    name,
    label: name,
    unit: 'V',
    rateHz: 2000,
    window: 10,
    datatype: 'ri16_le',
    description: '',
    hardware: '',
  };
}

class FakeSocket implements LinkSocket {
  binaryType = 'blob';
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  readonly send: (text: string) => void;
  readonly close: (code?: number) => void;

  constructor({ send, close }: { send: (text: string) => void; close: (code?: number) => void }) {
    this.send = send;
    this.close = close;
  }

  receive(data: unknown): void {
    this.onmessage?.({ data } as never);
  }

  lose(): void {
    this.onclose?.(undefined as never);
  }
}
