import type { Clock } from '../base/clock.ts';
import { Acknowledger } from './acknowledger.ts';
import type { Channels, OpenChannel } from './channels.ts';
import { ConnectionIntake } from './connection-intake.ts';
import type { StreamName } from './durable-streams.ts';
import type { FrameHeader } from './frame-header.ts';
import { FrameReader, type FrameReceiver } from './frame-reader.ts';
import { encodeHelloRefusal, encodeHelloReply, parseHello } from './hello.ts';
import { HelloReader } from './hello-reader.ts';
import type { Link } from './link.ts';
import { encodeError } from './messages.ts';
import type { PayloadRoom } from './payload-room.ts';
import { type ProtocolCode, ProtocolError, type Timeouts } from './protocol.ts';
import { WindowPace } from './window-pace.ts';

export interface SessionOptions {
  readonly channels: Channels;
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  readonly creditBytes: number;
  readonly link: Link;
  /** Where the device connects from. */
  readonly address: string;
  readonly room: PayloadRoom;
  /** The device was refused or its connection ended with an error. */
  readonly onError: (code: ProtocolCode, message: string, channel: string | undefined) => void;
}

/** Acknowledgements go out at least this often while data flow; the caller ticks as often. */
export const TICK_MS = 50;

/**
 * One connection's side of the protocol, without the socket: bytes in by
 * `push`, answers out by the link. Whatever ends it, it ends once.
 */
export class Session {
  readonly #options: SessionOptions;
  #openedMs: number;
  readonly #hello = new HelloReader();
  /** `ending`: takes no more samples, and waits for the disk before its last word. */
  #phase: 'hello' | 'frames' | 'bare' | 'ending' | 'over' = 'hello';
  #open: OpenChannel | undefined;
  #reader: FrameReader | undefined;
  #intake: ConnectionIntake | undefined;
  #acknowledger: Acknowledger | undefined;
  #pace: WindowPace | undefined;
  #lifeMs: number;
  #arrivedMs = 0;
  #bytes = 0;
  #nextSequence = 0;
  #bareSamples = 0;
  #isHeld = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#openedMs = options.clock.monotonicMs();
    this.#lifeMs = this.#openedMs;
  }

  get address(): string {
    return this.#options.address;
  }

  /** Whether a device holds a channel by this connection. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Whether the next `tick` ends it: by its own silence, so not while it is held. */
  get isOverdue(): boolean {
    const { clock, timeouts } = this.#options;
    if (this.#phase === 'hello') return clock.monotonicMs() - this.#openedMs >= timeouts.helloMs;
    return !this.#isDeaf && !this.#isHeld && clock.monotonicMs() - this.#lifeMs >= timeouts.silentMs;
  }

  /** Whether it makes windows faster than the protocol's rate. */
  get isFast(): boolean {
    return this.#pace?.isFast ?? false;
  }

  /** The caller reads nothing from this device for a while, which is not the device's silence. */
  hold(): void {
    this.#isHeld = true;
  }

  /** The caller reads again. */
  resume(): void {
    this.#isHeld = false;
    this.#lifeMs = this.#options.clock.monotonicMs();
  }

  /** Takes the next bytes from the device, which are only borrowed, and returns how many: all, unless it paused the link. */
  push(chunk: Buffer): number {
    if (this.#isDeaf) return chunk.length;
    this.#arrivedMs = this.#options.clock.nowMs();
    try {
      this.#read(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (this.#reader !== undefined) this.#intake?.leaveUnread(chunk.length - this.#reader.at);
      this.#fail(error.code, error.message);
    }
    if (!this.#isDeaf) this.#acknowledger?.credit(this.#bytes, TICK_MS);
    return this.#reader?.at ?? chunk.length;
  }

  /** The device has ended its sending side. */
  end(): void {
    if (this.#isDeaf) return;
    if (this.#phase === 'hello' && !this.#hello.isEmpty) {
      this.#fail('HELLO_INVALID', 'the connection ended inside the hello');
      return;
    }
    // Inside a frame nobody ends a stream on purpose: that is a lost connection.
    if (this.#reader === undefined || this.#reader.isBetweenFrames) this.#open?.stream.sink.end();
    this.#part();
  }

  /** The connection is gone. */
  lost(): void {
    this.#leave('over');
  }

  /** The server stops. */
  stop(): void {
    if (this.#isDeaf) return;
    const [code, message] = ['SERVER_STOPPING', 'the server is stopping'] as const;
    if (this.#phase === 'hello') {
      this.#fail(code, message);
      return;
    }
    this.#options.onError(code, message, this.#open?.info.channel);
    this.#part(encodeError(code, message));
  }

  /** More may be on the disk. */
  settle(): void {
    if (this.#phase === 'ending') this.#finish();
    else if (this.#phase !== 'over') this.#acknowledger?.settle(this.#bytes);
  }

  /** The history has lost windows of a stream: who holds it is to connect again and to send them once more. */
  resend({ channel, stream }: StreamName): void {
    const open = this.#open;
    if (open === undefined || open.info.channel !== channel || open.info.stream !== stream) return;
    if (this.#phase === 'bare') open.channel.waive(open.stream);
    else this.#fail('STORAGE_RESUME', `the storage failed for too long: send again from ${open.stream.safe}`);
  }

  /** The caller itself stood still for `stalledMs`, and has read nothing since: that is nobody's silence. */
  excuse(stalledMs: number): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#openedMs = Math.min(nowMs, this.#openedMs + stalledMs);
    this.#lifeMs = Math.min(nowMs, this.#lifeMs + stalledMs);
  }

  /** Looks at the clock: what is due is done. Called every `TICK_MS`. */
  tick(): void {
    if (this.#phase === 'over') return;
    const { clock, timeouts } = this.#options;
    if (this.#phase === 'ending') {
      this.#finish();
    } else if (this.#phase !== 'hello') {
      this.#pace?.count(this.#open?.stream.sink.tally.windows ?? 0, clock.monotonicMs());
      const sign = this.#phase === 'bare' ? 'sample' : 'whole frame';
      if (this.isOverdue) this.#fail('SILENT', `no ${sign} for ${timeouts.silentMs} ms`);
      else if (!this.#keepsPace()) this.#fail('SILENT', 'a payload came too slowly to keep room that others wait for');
      else this.#acknowledger?.credit(this.#bytes, 0);
    } else if (this.isOverdue) {
      this.#fail('HELLO_TIMEOUT', `no hello in ${timeouts.helloMs} ms`);
    }
  }

  #read(chunk: Buffer): void {
    const at = this.#phase === 'hello' ? this.#readHello(chunk) : 0;
    if (this.#reader !== undefined) {
      this.#reader.push(chunk, at);
      this.#bytes += this.#reader.at - at;
    } else if (this.#phase === 'bare' && at < chunk.length) {
      this.#bytes += chunk.length - at;
      this.#readBare(chunk, at);
    }
  }

  #readHello(chunk: Buffer): number {
    const at = this.#hello.push(chunk);
    const body = this.#hello.body;
    if (body === undefined) return at;

    const hello = parseHello(body);
    const { channels, clock, creditBytes, link, room } = this.#options;
    const open = channels.open(this, hello);
    this.#open = open;
    this.#lifeMs = clock.monotonicMs();
    this.#pace = new WindowPace(open.stream.sink.tally.windows, this.#lifeMs);
    const isBare = hello.framing === 'none'; // and hears no acknowledgement, so that it keeps nothing
    const nextSample = isBare ? open.stream.reduced : open.stream.safe;
    link.write(encodeHelloReply({ ...open.info, nextSample, creditBytes }));

    if (isBare) {
      open.stream.begin({ first: nextSample, samples: Infinity, flags: 0, timeNs: 0n });
      this.#phase = 'bare';
    } else {
      const receiver: FrameReceiver = {
        begin: (header) => this.#beginFrame(header),
        payload: (bytes, from, to) => open.stream.write(bytes, from, to, this.#arrivedMs),
        end: () => this.#endFrame(),
        wait: () => this.#wait(),
        proceed: () => this.#proceed(),
      };
      this.#reader = new FrameReader(hello.sample.bytes, receiver, room);
      this.#phase = 'frames';
    }
    const { stream } = open;
    this.#acknowledger = new Acknowledger({ stream, link, clock, creditBytes, isFramed: this.#phase === 'frames' });
    this.#intake = new ConnectionIntake(link, this.#hello.length, this.#reader);
    open.stream.attach(this.#intake);
    return at;
  }

  // A sample is what a frame is elsewhere: the sign of life.
  #readBare(chunk: Buffer, at: number): void {
    const { stream } = this.#open as OpenChannel;
    stream.write(chunk, at, chunk.length, this.#arrivedMs);
    const samples = Math.floor(this.#bytes / stream.sampleBytes);
    if (samples !== this.#bareSamples) this.#lifeMs = this.#options.clock.monotonicMs();
    this.#bareSamples = samples;
  }

  #beginFrame(header: FrameHeader): void {
    const { channel, stream } = this.#open as OpenChannel;
    if (header.sequence !== this.#nextSequence) channel.countSequenceJump();
    this.#nextSequence = header.sequence + 1;
    channel.setDeviceLost(header.deviceLost);
    if (header.payloadBytes === 0) return; // a keep-alive claims no place

    stream.checkJump(header.firstSample);
    const { firstSample: first, flags, timeNs } = header;
    stream.begin({ first, samples: header.payloadBytes / stream.sampleBytes, flags, timeNs });
  }

  // Only a whole frame is a sign of life: single bytes can trickle in for hours.
  #endFrame(): void {
    this.#open?.stream.end();
    this.#lifeMs = this.#options.clock.monotonicMs();
  }

  #keepsPace(): boolean {
    return this.#isHeld || this.#reader === undefined || this.#reader.keepsPace();
  }

  #wait(): void {
    this.hold();
    this.#options.link.pause();
  }

  #proceed(): void {
    this.resume();
    this.#options.link.resume();
  }

  get #isDeaf(): boolean {
    return this.#phase === 'ending' || this.#phase === 'over';
  }

  // In good order: the channel is free at once, but the last acknowledgement waits for the disk.
  #part(error?: Buffer): void {
    this.#leave('ending');
    this.#acknowledger?.end(this.#bytes, error);
    if (this.#acknowledger !== undefined) this.#finish();
    else this.#options.link.finish(); // there was no hello
  }

  #finish(): void {
    if (this.#acknowledger?.finish()) this.#phase = 'over';
  }

  #fail(code: ProtocolCode, message: string): void {
    if (this.#phase === 'over') return;
    const { link, onError } = this.#options;
    onError(code, message, this.#open?.info.channel);
    link.write(this.#phase === 'hello' ? encodeHelloRefusal(code, message) : encodeError(code, message));
    this.#leave('over');
    link.finish();
  }

  #leave(phase: 'ending' | 'over'): void {
    this.#phase = phase;
    this.#intake?.close();
    this.#open?.stream.detach();
    this.#open?.channel.close(this, this.#options.clock.monotonicMs());
    this.#open = undefined;
    this.#reader = undefined;
    this.#intake = undefined;
  }
}
