import { FRAME_HEADER_BYTES } from './frame-header.ts';

/** Puts a frame's header together that came in pieces. */
export class CutHeader {
  readonly buffer = Buffer.alloc(FRAME_HEADER_BYTES);
  #bytes = 0;

  /** Bytes kept; 0 between frames. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Copies what is missing from `chunk[at ..]`, and returns how much that was. */
  push(chunk: Buffer, at: number): number {
    const copied = chunk.copy(this.buffer, this.#bytes, at);
    this.#bytes += copied;
    return copied;
  }

  get isWhole(): boolean {
    return this.#bytes === FRAME_HEADER_BYTES;
  }

  clear(): void {
    this.#bytes = 0;
  }
}
