const EMPTY = Buffer.alloc(0);
const LEAST_BYTES = 65_536;

/** Keeps a frame's payload back until its checksum is verified. Has no memory between frames. */
export class HeldPayload {
  #buffer: Buffer = EMPTY;
  #bytes = 0;

  /** Bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Copies `chunk[from .. to)`. Grows with the bytes that come, to at most `limitBytes`, which must take them. */
  push(chunk: Buffer, from: number, to: number, limitBytes: number): void {
    const needed = this.#bytes + to - from;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(limitBytes, Math.max(2 * needed, LEAST_BYTES)));
      this.#buffer.copy(grown, 0, 0, this.#bytes);
      this.#buffer = grown;
    }
    this.#bytes += chunk.copy(this.#buffer, this.#bytes, from, to);
  }

  /** What is held; only borrowed. */
  read(): Buffer {
    return this.#buffer.subarray(0, this.#bytes);
  }

  /** Gives the memory back. */
  release(): void {
    this.#buffer = EMPTY;
    this.#bytes = 0;
  }
}
