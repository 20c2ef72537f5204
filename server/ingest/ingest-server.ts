import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { listenFailure } from '../base/listen-failure.ts';
import type { Logger } from '../base/log.ts';
import type { ClockStep, LedgerEntry } from '../trend/ledger.ts';
import { Channels, type ChannelsOptions } from './channels.ts';
import type { StreamName } from './durable-streams.ts';
import { PayloadRoom } from './payload-room.ts';
import { TIMEOUTS, type Timeouts } from './protocol.ts';
import { Session, TICK_MS } from './session.ts';

export interface IngestOptions extends ChannelsOptions {
  readonly host: string;
  readonly port: number;
  /** Connections at a time; past it a new one is closed at once. */
  readonly connectionLimit: number;
  /** How many bytes a device may be ahead of what was read. */
  readonly creditBytes: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timeouts?: Timeouts;
  /** Share of the room for windows, 0 .. 1, that wait to be taken. */
  readonly fill: () => number;
  /** A device came or went. */
  readonly onChange: () => void;
}

/** Totals since the start. */
export interface IngestCounts {
  readonly connections: number;
  readonly bytes: number;
  /** Connections that are read no further for now, so that their windows do not crowd out those of others. */
  readonly held: number;
  /** Connections that are read no further until there is room to hold a payload for its checksum, and how often one was. */
  readonly waiting: number;
  readonly waits: number;
  /** Room taken by payloads over 64 KiB that are held. */
  readonly roomBytes: number;
  /** Tokens that were refused unseen, because too many wrong ones came before. */
  readonly guessesRefused: number;
  /** Streams whose windows are kept from the history for now, and windows that were sent again for it. */
  readonly withheld: number;
  readonly sentAgain: number;
  /** Connections refused or ended with an error, by protocol code. */
  readonly errors: Readonly<Record<string, number>>;
}

const LOG_LINES_PER_SECOND = 10;
const RELEASE_MS = 1000;
// Ending a connection takes time of which the devices beside it would feel a thousand at once; the rest waits 50 ms.
const ENDS_PER_TICK = 50;
// A look at the clock that comes later than this says that the machine slept or the process stood still.
const STALL_MS = 1000;
// The system's clock and the monotonic one never part by so much from one look to the next, unless one was set.
const STEP_MS = 500;
// From a quarter of the room for windows on, devices faster than the protocol's
// rate of windows are held, down to a tenth of it.
const CROWDED = 1 / 4;
const RELIEVED = 1 / 10;

/** Listens for devices and gives each connection a session. */
export class IngestServer {
  readonly #options: IngestOptions;
  readonly #timeouts: Timeouts;
  readonly #channels: Channels;
  readonly #server: Server;
  readonly #sockets = new Map<Socket, Session>();
  readonly #held = new Set<Socket>(); // by `#balance`; never one that waits for room
  readonly #waiting = new Set<Socket>();
  readonly #room = new PayloadRoom();
  readonly #errors = new Map<string, number>();
  #bytes = 0;
  #tick: NodeJS.Timeout | undefined;
  #tickedMs = 0;
  #wallMs = 0;
  #releasedMs = 0;
  #logLines = 0;

  constructor(options: IngestOptions) {
    this.#options = options;
    this.#timeouts = options.timeouts ?? TIMEOUTS;
    this.#channels = new Channels({ ...options, onStep: (channel, step) => this.#logStep(channel, step) });
    // Half-open, because a device ends its side and then reads the last acknowledgement.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
  }

  /** Resolves with the bound address. Rejects with `LISTEN_FAILED`. */
  async listen(): Promise<{ host: string; port: number }> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause) => {
        reject(listenFailure(cause, { host, port, section: 'ingest' }));
      });
      this.#server.listen({ host, port }, resolve);
    });
    this.#server.on('error', (error) => this.#options.log.warn({ error }, 'a connection could not be accepted'));
    this.#tickedMs = this.#options.clock.monotonicMs();
    this.#wallMs = this.#options.clock.nowMs();
    this.#tick = setInterval(() => this.#onTick(), TICK_MS);
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error(`address ${address} of a TCP server`);
    return { host: address.address, port: address.port };
  }

  /** Every channel's account at this instant. */
  ledger(): LedgerEntry[] {
    return this.#channels.ledger();
  }

  counts(): IngestCounts {
    const errors = Object.fromEntries(this.#errors);
    const { takenBytes, waiting, waits } = this.#room;
    return {
      connections: this.#sockets.size,
      bytes: this.#bytes,
      held: this.#held.size,
      waiting,
      waits,
      roomBytes: takenBytes,
      guessesRefused: this.#channels.guessesRefused,
      withheld: 0,
      sentAgain: 0,
      ...this.#options.history?.streams.status,
      errors,
    };
  }

  /** More of what devices sent is on the disk. */
  settle(): void {
    for (const session of this.#sockets.values()) session.settle();
  }

  /** The history has lost windows of a stream: the device that holds it is to send them again. */
  resend(name: StreamName): void {
    for (const session of this.#sockets.values()) session.resend(name);
  }

  /** Tells every device that the server stops, and resolves when the last connection is closed. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.#sockets.values()) session.stop();
    await closed;
    clearInterval(this.#tick);
  }

  #accept(socket: Socket): void {
    if (this.#sockets.size >= this.#options.connectionLimit) {
      this.#count('CONNECTION_LIMIT');
      socket.destroy();
      return;
    }
    const { clock, creditBytes, log } = this.#options;
    const session = new Session({
      channels: this.#channels,
      clock,
      timeouts: this.#timeouts,
      creditBytes,
      address: socket.remoteAddress ?? 'gone',
      room: this.#room,
      link: {
        write: (bytes) => socket.write(bytes),
        finish: () => this.#finish(socket),
        pause: () => {
          this.#waiting.add(socket);
          socket.pause();
        },
        resume: () => {
          this.#waiting.delete(socket);
          socket.resume();
        },
        get backlogBytes() {
          return socket.writableLength;
        },
        // The system's count, less what waits in the socket.
        get readBytes() {
          return socket.bytesRead - socket.readableLength;
        },
      },
      onError: (code, message, channel) => {
        this.#count(code);
        if (this.#mayLog()) log.warn({ code, channel, peer: socket.remoteAddress }, message);
      },
    });
    this.#sockets.set(socket, session);
    socket.on('data', (chunk) => {
      const wasOpen = session.isOpen;
      const taken = session.push(chunk);
      this.#bytes += taken;
      if (taken < chunk.length) socket.unshift(chunk.subarray(taken));
      if (session.isOpen !== wasOpen) this.#options.onChange();
    });
    socket.on('end', () => session.end());
    socket.on('error', (error) => log.debug({ error: error.message, peer: socket.remoteAddress }, 'connection lost'));
    socket.on('close', () => {
      session.lost();
      this.#sockets.delete(socket);
      this.#held.delete(socket);
      this.#waiting.delete(socket);
      this.#options.onChange();
    });
  }

  // A peer that vanished never answers: the timer closes what the peer does not.
  #finish(socket: Socket): void {
    socket.end();
    if (this.#held.delete(socket) || this.#waiting.delete(socket)) socket.resume();
    const timer = setTimeout(() => socket.destroy(), this.#timeouts.lingerMs);
    socket.once('close', () => clearTimeout(timer));
    if (socket.readableEnded) return;
    socket.once('end', () => socket.destroySoon());
  }

  #onTick(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const wallMs = this.#options.clock.nowMs();
    this.#excuse(nowMs - this.#tickedMs - TICK_MS);
    this.#tellStep(wallMs - this.#wallMs - (nowMs - this.#tickedMs));
    this.#tickedMs = nowMs;
    this.#wallMs = wallMs;
    let ends = ENDS_PER_TICK;
    for (const session of this.#sockets.values()) if (!session.isOverdue || ends-- > 0) session.tick();
    this.#balance(this.#options.fill());
    if (nowMs - this.#releasedMs < RELEASE_MS) return;
    this.#releasedMs = nowMs;
    this.#channels.release(nowMs);
    if (this.#logLines > LOG_LINES_PER_SECOND) {
      this.#options.log.warn(
        { suppressed: this.#logLines - LOG_LINES_PER_SECOND },
        'more lines about devices were left out',
      );
    }
    this.#logLines = 0;
  }

  // What devices sent meanwhile waits to be read, and may be read after this.
  #excuse(lateMs: number): void {
    if (lateMs < STALL_MS) return;
    this.#options.log.warn({ lateMs }, 'the ingest stood still');
    for (const session of this.#sockets.values()) session.excuse(lateMs);
  }

  // No sample moves by it: only a stream that begins and gives no time is placed by this clock.
  #tellStep(stepMs: number): void {
    if (Math.abs(stepMs) < STEP_MS) return;
    this.#options.log.warn({ stepMs: Math.round(stepMs) }, "this machine's clock was set, or it slept");
  }

  // A device that is not read is slowed by TCP, and keeps its connection.
  #balance(fill: number): void {
    if (fill > CROWDED) {
      for (const [socket, session] of this.#sockets) {
        if (!session.isOpen || !session.isFast || this.#held.has(socket) || this.#waiting.has(socket)) continue;
        this.#held.add(socket);
        session.hold();
        socket.pause();
      }
    } else if (fill < RELIEVED && this.#held.size > 0) {
      for (const socket of this.#held) {
        this.#sockets.get(socket)?.resume();
        socket.resume();
      }
      this.#held.clear();
    }
  }

  #logStep(channel: string, { stream, from, timeMs, stepMs }: ClockStep): void {
    if (!this.#mayLog()) return;
    const time = new Date(timeMs).toISOString();
    this.#options.log.warn({ channel, stream, sample: from, time, stepMs }, "a device's clock was set");
  }

  #mayLog(): boolean {
    return this.#logLines++ < LOG_LINES_PER_SECOND;
  }

  #count(code: string): void {
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }
}
