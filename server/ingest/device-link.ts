import { connect, type Socket } from 'node:net';
import { FRAME_HEADER_BYTES, type FrameHeader, writeFrameHeader } from './frame-header.ts';
import type { Acknowledgement } from './messages.ts';
import type { OutgoingFrame } from './send-buffer.ts';
import { type Acceptance, type HelloAnswer, type Refusal, ServerReader } from './server-reader.ts';

/** How a connection ended: `ended` is the server's answer to the end of the sending side. */
export type LinkEnd =
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'lost'; readonly reason: string };

export interface DeviceLinkOptions {
  readonly host: string;
  readonly port: number;
  /** As `encodeHello` makes it. */
  readonly hello: Buffer;
  readonly isFramed: boolean;
  readonly accepted: (answer: Acceptance) => void;
  readonly acknowledged: (acknowledgement: Acknowledgement) => void;
  /** The system has taken what was written. */
  readonly drained: () => void;
  /** Called once, last. */
  readonly closed: (end: LinkEnd) => void;
}

const SOCKET_BYTES = 4 << 20; // handed to the socket ahead of what the system took
const KEEP_ALIVE_MS = 2000; // the protocol asks for a frame every 5 s
const ANSWER_MS = 10_000;

/** One connection of a device: says hello, sends within the server's credit, and keeps alive. */
export class DeviceLink {
  readonly #options: DeviceLinkOptions;
  readonly #socket: Socket;
  #isAccepted = false;
  #creditBytes = 0;
  #sentBytes = 0;
  #sequence = 0;
  #position = 0; // sample after the last one sent
  #lostSamples = 0;
  #refusal: Refusal | undefined;
  #isEnded = false;
  #problem = 'the server closed the connection';
  #keepAliveTimer: NodeJS.Timeout | undefined;

  constructor(options: DeviceLinkOptions) {
    const { host, port, hello } = options;
    const reader = new ServerReader({
      answered: (answer) => this.#answered(answer),
      acknowledged: (acknowledgement) => {
        this.#creditBytes = acknowledgement.creditBytes;
        options.acknowledged(acknowledgement);
      },
      failed: (refusal) => {
        this.#refusal = refusal;
      },
    });
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });

    this.#options = options;
    this.#socket = socket;
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer to the hello in ${ANSWER_MS} ms`)));
    socket.on('connect', () => socket.write(hello));
    socket.on('data', (chunk) => {
      try {
        reader.push(chunk);
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.on('drain', options.drained);
    socket.on('end', () => this.#serverEnded());
    socket.on('error', (error) => {
      this.#problem = error.message;
    });
    socket.on('close', () => this.#closed());
  }

  /** Whether `payloadBytes` may be sent now, by the server's credit and by what the socket holds. */
  canSend(payloadBytes: number): boolean {
    const bytes = payloadBytes + (this.#options.isFramed ? FRAME_HEADER_BYTES : 0);
    return (
      this.#isAccepted &&
      !this.#socket.writableEnded &&
      this.#sentBytes + bytes <= this.#creditBytes &&
      this.#socket.writableLength <= SOCKET_BYTES
    );
  }

  /**
   * Sends a frame with `flags` besides its own and returns the bytes of it. The
   * frame's bytes stay with the socket until the server has acknowledged them.
   */
  send(frame: OutgoingFrame, { flags, lostSamples }: { flags: number; lostSamples: number }): number {
    const end = FRAME_HEADER_BYTES + frame.payloadBytes;
    this.#position = frame.firstSample + frame.samples;
    this.#lostSamples = lostSamples;
    if (!this.#options.isFramed) return this.#write(frame.bytes.subarray(FRAME_HEADER_BYTES, end));
    this.#writeHeader(frame.bytes, { ...frame, flags: frame.flags | flags });
    return this.#write(frame.bytes.subarray(0, end));
  }

  /** Ends the sending side; the server answers by ending its own once it has read everything. */
  end(): void {
    if (this.#isAccepted && !this.#socket.writableEnded) this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #answered(answer: HelloAnswer): void {
    if (!answer.ok) {
      this.#refusal = answer;
      this.#socket.destroy();
      return;
    }
    const { isFramed, accepted } = this.#options;
    this.#socket.setTimeout(0);
    this.#isAccepted = true;
    this.#creditBytes = isFramed ? answer.creditBytes : Infinity; // nothing would ever raise it
    this.#position = answer.nextSample;
    if (isFramed) this.#keepAliveTimer = setInterval(() => this.#keepAlive(), KEEP_ALIVE_MS);
    accepted(answer);
  }

  #write(bytes: Buffer): number {
    this.#sentBytes += bytes.length;
    this.#socket.write(bytes);
    return bytes.length;
  }

  #writeHeader(bytes: Buffer, place: Pick<FrameHeader, 'payloadBytes' | 'firstSample' | 'timeNs' | 'flags'>): void {
    const { payloadBytes, firstSample, timeNs, flags } = place;
    const sequence = this.#sequence++;
    const deviceLost = this.#lostSamples;
    writeFrameHeader(bytes, 0, { payloadBytes, flags, sequence, firstSample, timeNs, deviceLost, crc32: 0 });
  }

  #keepAlive(): void {
    if (!this.canSend(0) || this.#socket.writableLength > 0) return;
    const bytes = Buffer.alloc(FRAME_HEADER_BYTES);
    this.#writeHeader(bytes, { payloadBytes: 0, firstSample: this.#position, timeNs: 0n, flags: 0 });
    this.#write(bytes);
  }

  // The server ends its side after everything was read, or after an error.
  #serverEnded(): void {
    this.#isEnded = this.#refusal === undefined && this.#socket.writableEnded;
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #closed(): void {
    clearInterval(this.#keepAliveTimer);
    this.#isAccepted = false;
    const { closed } = this.#options;
    if (this.#refusal !== undefined) closed({ kind: 'refused', refusal: this.#refusal });
    else if (this.#isEnded) closed({ kind: 'ended' });
    else closed({ kind: 'lost', reason: this.#problem });
  }
}
