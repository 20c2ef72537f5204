import { crc32 } from 'node:zlib';
import { FRAME_HEADER_BYTES, type FrameHeader, readFrameHeader } from './frame-header.ts';
import { ProtocolError } from './protocol.ts';

// What is kept for the next frame; more is given back, since a connection may send one such frame and then idle for days.
const KEPT_BYTES = 262_144;
const EMPTY = Buffer.alloc(0);

/** What a reader of frames calls, in order: `begin`, `payload` as often as bytes come, `end`. */
export interface FrameReceiver {
  begin(header: FrameHeader): void;
  /** `bytes[from .. to)` are only borrowed. */
  payload(bytes: Buffer, from: number, to: number): void;
  end(): void;
}

/**
 * Finds frames in a stream of bytes cut anywhere.
 *
 * A payload is passed on as it comes, never collected, but for one that has a
 * checksum: it is held back, at most 4 MiB, until the checksum is right.
 */
export class FrameReader {
  readonly #sampleBytes: number;
  readonly #receiver: FrameReceiver;
  readonly #cutHeader = Buffer.alloc(FRAME_HEADER_BYTES);
  #cutHeaderBytes = 0;
  #header: FrameHeader | undefined;
  #payloadBytes = 0;
  #held: Buffer = EMPTY;

  constructor(sampleBytes: number, receiver: FrameReceiver) {
    this.#sampleBytes = sampleBytes;
    this.#receiver = receiver;
  }

  /** Whether the bytes so far end where a frame ends. */
  get isBetweenFrames(): boolean {
    return this.#header === undefined && this.#cutHeaderBytes === 0;
  }

  /** Memory held for a payload with a checksum. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /** Reads `chunk` from `at` on. Throws `FRAME_INVALID` or `CHECKSUM_WRONG`, and whatever the receiver throws. */
  push(chunk: Buffer, at: number): void {
    let next = at;
    while (next < chunk.length) {
      next = this.#header === undefined ? this.#readHeader(chunk, next) : this.#readPayload(this.#header, chunk, next);
    }
  }

  #readHeader(chunk: Buffer, at: number): number {
    if (this.#cutHeaderBytes === 0 && chunk.length - at >= FRAME_HEADER_BYTES) {
      this.#begin(readFrameHeader(chunk, at, this.#sampleBytes));
      return at + FRAME_HEADER_BYTES;
    }
    const copied = chunk.copy(this.#cutHeader, this.#cutHeaderBytes, at);
    this.#cutHeaderBytes += copied;
    if (this.#cutHeaderBytes === FRAME_HEADER_BYTES) {
      this.#cutHeaderBytes = 0;
      this.#begin(readFrameHeader(this.#cutHeader, 0, this.#sampleBytes));
    }
    return at + copied;
  }

  #begin(header: FrameHeader): void {
    this.#header = header;
    this.#payloadBytes = 0;
    this.#receiver.begin(header);
    if (header.payloadBytes === 0) this.#end(header);
  }

  #readPayload(header: FrameHeader, chunk: Buffer, at: number): number {
    const to = Math.min(chunk.length, at + header.payloadBytes - this.#payloadBytes);
    if (header.crc32 === 0) this.#receiver.payload(chunk, at, to);
    else this.#hold(header, chunk, at, to);
    this.#payloadBytes += to - at;
    if (this.#payloadBytes === header.payloadBytes) this.#end(header);
    return to;
  }

  // Grows with the bytes that come, not with the length that was promised.
  #hold(header: FrameHeader, chunk: Buffer, at: number, to: number): void {
    const needed = this.#payloadBytes + to - at;
    if (needed > this.#held.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(header.payloadBytes, Math.max(2 * needed, 65_536)));
      this.#held.copy(grown, 0, 0, this.#payloadBytes);
      this.#held = grown;
    }
    chunk.copy(this.#held, this.#payloadBytes, at, to);
  }

  #end(header: FrameHeader): void {
    if (header.crc32 !== 0) this.#release(header);
    this.#header = undefined;
    this.#receiver.end();
  }

  #release(header: FrameHeader): void {
    const found = crc32(this.#held.subarray(0, header.payloadBytes));
    if (found !== header.crc32) {
      throw new ProtocolError('CHECKSUM_WRONG', `crc32 ${found} of the payload, the header says ${header.crc32}`);
    }
    if (header.payloadBytes > 0) this.#receiver.payload(this.#held, 0, header.payloadBytes);
    if (this.#held.length > KEPT_BYTES) this.#held = EMPTY;
  }
}
