import { crc32 } from 'node:zlib';
import { CutHeader } from './cut-header.ts';
import { FRAME_HEADER_BYTES, type FrameHeader, readFrameHeader } from './frame-header.ts';
import { HeldPayload } from './held-payload.ts';
import { OWN_BYTES, type PayloadRoom, type RoomGuest } from './payload-room.ts';
import { ProtocolError } from './protocol.ts';

// What a payload that has room must bring while others wait for some: 1 MiB/s.
// Looks are counted, not time: between any two of them there is a chance to read.
const PACE_LOOKS = 10;
const PACE_BYTES = 524_288;

/** What a reader of frames calls, in order: `begin`, `payload` as often as bytes come, `end`. */
export interface FrameReceiver {
  begin(header: FrameHeader): void;
  /** `bytes[from .. to)` are only borrowed. */
  payload(bytes: Buffer, from: number, to: number): void;
  end(): void;
  /** There is no room to hold more of the payload: the caller pushes nothing until `proceed`. */
  wait(): void;
  proceed(): void;
}

/**
 * Finds frames in a stream of bytes cut anywhere.
 *
 * A payload is passed on as it comes, never collected, but for one that has a
 * checksum: it is held back, at most 4 MiB, until the checksum is right.
 */
export class FrameReader implements RoomGuest {
  readonly #sampleBytes: number;
  readonly #receiver: FrameReceiver;
  readonly #cut = new CutHeader();
  readonly #held = new HeldPayload();
  readonly #room: PayloadRoom;
  #roomBytes = 0;
  #isWaiting = false;
  #looks = 0; // since others began to wait, and what had come then
  #pacedBytes = 0;
  #headers = 0;
  #header: FrameHeader | undefined;
  #payloadBytes = 0;
  #at = 0;

  constructor(sampleBytes: number, receiver: FrameReceiver, room: PayloadRoom) {
    this.#sampleBytes = sampleBytes;
    this.#receiver = receiver;
    this.#room = room;
  }

  /** Whether the bytes so far end where a frame ends. */
  get isBetweenFrames(): boolean {
    return this.#header === undefined && this.#cut.bytes === 0;
  }

  /** Bytes of headers so far, of one that is not whole too. */
  get headerBytes(): number {
    return this.#headers * FRAME_HEADER_BYTES + this.#cut.bytes;
  }

  /** Bytes of a payload that is not verified yet. */
  get heldBytes(): number {
    return this.#held.bytes;
  }

  /** How far the newest chunk was read: to its end, unless `push` threw or the receiver was told to wait. */
  get at(): number {
    return this.#at;
  }

  /** Reads `chunk` from `at` on. Throws `FRAME_INVALID` or `CHECKSUM_WRONG`, and whatever the receiver throws. */
  push(chunk: Buffer, at: number): void {
    this.#at = at;
    while (this.#at < chunk.length && !this.#isWaiting) {
      if (this.#header === undefined) this.#readHeader(chunk);
      else this.#readPayload(this.#header, chunk);
    }
  }

  /** Throws away what is held, and returns how many bytes that was. */
  drop(): number {
    const bytes = this.#held.bytes;
    this.#held.release();
    this.#leaveRoom();
    return bytes;
  }

  /**
   * To be asked at every look at the clock, 50 ms apart or more, while the
   * connection is read. False where it has room that others wait for, and its
   * payload came too slowly in the last ten looks.
   */
  keepsPace(): boolean {
    if (this.#roomBytes === 0 || this.#isWaiting || this.#room.waiting === 0) {
      this.#looks = 0;
      return true;
    }
    if (this.#looks === 0) this.#pacedBytes = this.#payloadBytes;
    if (this.#looks++ < PACE_LOOKS) return true;
    this.#looks = 0;
    return this.#payloadBytes - this.#pacedBytes >= PACE_BYTES;
  }

  granted(): void {
    this.#isWaiting = false;
    this.#receiver.proceed();
  }

  // In both, `#at` and the counts move together and before anything can throw:
  // what was read is in one of the counts, what was not is behind `#at`.

  #readHeader(chunk: Buffer): void {
    if (this.#cut.bytes === 0 && chunk.length - this.#at >= FRAME_HEADER_BYTES) {
      const header = readFrameHeader(chunk, this.#at, this.#sampleBytes);
      this.#at += FRAME_HEADER_BYTES;
      this.#begin(header);
      return;
    }
    this.#at += this.#cut.push(chunk, this.#at);
    if (!this.#cut.isWhole) return;
    const header = readFrameHeader(this.#cut.buffer, 0, this.#sampleBytes);
    this.#cut.clear();
    this.#begin(header);
  }

  #begin(header: FrameHeader): void {
    this.#headers++;
    this.#header = header;
    this.#payloadBytes = 0;
    this.#receiver.begin(header);
    if (header.payloadBytes === 0) this.#end(header);
  }

  #takeRoom(bytes: number): void {
    this.#roomBytes = bytes;
    this.#looks = 0;
    this.#isWaiting = !this.#room.take(this, bytes);
    if (this.#isWaiting) this.#receiver.wait();
  }

  #leaveRoom(): void {
    if (this.#roomBytes > 0) this.#room.leave(this, this.#roomBytes);
    this.#roomBytes = 0;
  }

  #readPayload(header: FrameHeader, chunk: Buffer): void {
    const isFree = header.crc32 === 0 || this.#roomBytes > 0;
    const limit = isFree ? header.payloadBytes : Math.min(header.payloadBytes, OWN_BYTES);
    const from = this.#at;
    const to = Math.min(chunk.length, from + limit - this.#payloadBytes);
    this.#at = to;
    this.#payloadBytes += to - from;
    if (header.crc32 === 0) this.#receiver.payload(chunk, from, to);
    else this.#held.push(chunk, from, to, limit);
    if (this.#payloadBytes === header.payloadBytes) this.#end(header);
    else if (this.#payloadBytes === limit) this.#takeRoom(header.payloadBytes);
  }

  #end(header: FrameHeader): void {
    if (header.crc32 !== 0) this.#release(header);
    this.#header = undefined;
    this.#receiver.end();
  }

  #release({ crc32: expected }: FrameHeader): void {
    const payload = this.#held.read();
    const found = crc32(payload);
    if (found !== expected) {
      throw new ProtocolError('CHECKSUM_WRONG', `crc32 ${found} of the payload, the header says ${expected}`);
    }
    if (payload.length > 0) this.#receiver.payload(payload, 0, payload.length);
    this.#held.release();
    this.#leaveRoom();
  }
}
