import { FRAME_HEADER_BYTES } from './frame-header.ts';

/** Room for one data frame: a header and the samples behind it, sent as one piece. */
export interface OutgoingFrame {
  readonly bytes: Buffer;
  /** Where the caller writes samples, little-endian; a view on `bytes`. */
  readonly payload: Uint8Array<ArrayBuffer>;
  payloadBytes: number;
  firstSample: number;
  samples: number;
  timeNs: bigint;
  flags: number;
}

/**
 * What a device has sampled and the server has not yet acknowledged: the
 * frames to send, and the frames to send again after a lost connection.
 *
 * Holds at most `limit` frames; `isFull` then, and the owner waits or calls
 * `dropOldest`. Frames that were acknowledged are used again.
 */
export class SendBuffer {
  readonly #frameBytes: number;
  readonly #queue: OutgoingFrame[] = [];
  readonly #free: OutgoingFrame[] = [];
  #limit: number;
  #unsent = 0; // position in the queue of the next frame to send

  constructor(options: { payloadBytes: number; limit: number }) {
    this.#frameBytes = FRAME_HEADER_BYTES + options.payloadBytes;
    this.#limit = options.limit;
  }

  get isFull(): boolean {
    return this.#queue.length >= this.#limit;
  }

  /** The frame to send next. */
  get next(): OutgoingFrame | undefined {
    return this.#queue[this.#unsent];
  }

  /** Raises the limit, so that at least `frames` fit. */
  ensure(frames: number): void {
    this.#limit = Math.max(this.#limit, frames);
  }

  /** Room for a frame; it belongs to the caller until `push`. */
  take(): OutgoingFrame {
    return this.#free.pop() ?? createFrame(this.#frameBytes);
  }

  push(frame: OutgoingFrame): void {
    this.#queue.push(frame);
  }

  markSent(): void {
    this.#unsent++;
  }

  /** Everything that is still held is to be sent again. */
  rewind(): void {
    this.#unsent = 0;
  }

  /** Lets go of the frames that end at or before `nextSample`. */
  release(nextSample: number): void {
    let acknowledged = 0;
    for (const { firstSample, samples } of this.#queue) {
      if (firstSample + samples > nextSample) break;
      acknowledged++;
    }
    this.#free.push(...this.#queue.splice(0, acknowledged));
    this.#unsent = Math.max(0, this.#unsent - acknowledged);
  }

  /** Lets go of the frame sent longest ago, which a socket may still be reading. */
  releaseSent(): void {
    this.#queue.shift();
    this.#unsent = Math.max(0, this.#unsent - 1);
  }

  /** Gives up every frame that was not sent yet. */
  dropUnsent(): void {
    this.#free.push(...this.#queue.splice(this.#unsent));
  }

  /** Gives the oldest frame up and returns how many samples were lost by that: 0 where it had been sent. */
  dropOldest(): number {
    const wasSent = this.#unsent > 0;
    const frame = this.#queue.shift();
    if (frame === undefined) return 0;
    if (wasSent) {
      this.#unsent--; // its bytes may be in a socket: left to the garbage collector
      return 0;
    }
    this.#free.push(frame);
    return frame.samples;
  }
}

function createFrame(bytes: number): OutgoingFrame {
  // Not from Node's shared pool, so that samples of any type lie aligned behind the header of 64 bytes.
  const whole = new ArrayBuffer(bytes);
  return {
    bytes: Buffer.from(whole),
    payload: new Uint8Array(whole, FRAME_HEADER_BYTES),
    payloadBytes: 0,
    firstSample: 0,
    samples: 0,
    timeNs: 0n,
    flags: 0,
  };
}
