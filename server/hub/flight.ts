import { IN_FLIGHT_BYTES } from '../wire/events.ts';

/** What one viewer was sent of binary frames and has not acknowledged. */
export class Flight {
  #sent = 0;
  #acked = 0;
  #unansweredFrames = 0;
  #progressMs = 0;

  /** Bytes acknowledged since the connection began. */
  get acked(): number {
    return this.#acked;
  }

  /** Bytes sent since the connection began. */
  get sent(): number {
    return this.#sent;
  }

  get bytes(): number {
    return this.#sent - this.#acked;
  }

  hasRoom(bytes: number): boolean {
    return this.bytes + bytes <= IN_FLIGHT_BYTES;
  }

  /** Milliseconds since anything in flight was last acknowledged; 0 where nothing is in flight. */
  stalledMs(listenedMs: number): number {
    return this.bytes === 0 ? 0 : listenedMs - this.#progressMs;
  }

  send(bytes: number, listenedMs: number): void {
    if (this.bytes === 0) this.#progressMs = listenedMs;
    this.#sent += bytes;
    this.#unansweredFrames++;
  }

  /** False where `bytes` cannot be true, or acknowledgements outnumber frames. */
  acknowledge(bytes: number, listenedMs: number): boolean {
    if (bytes <= this.#acked || bytes > this.#sent || this.#unansweredFrames === 0) return false;
    this.#acked = bytes;
    this.#unansweredFrames--;
    this.#progressMs = listenedMs;
    return true;
  }
}
