const MASK_BYTES = 4;

// Head of a frame of a viewer (RFC 6455, 5.2), whose payload follows its mask:
//
//    0            1               2                  2, 4 or 10
//   ├────────────┼───────────────┼──────────────────┼──────┼─────────┤
//   │ fin opcode │ masked length │ length, 0, 2 or 8│ mask │ payload │

const HEAD_LIMIT_BYTES = 10;

/**
 * Follows the frames of one connection and tells since when a message is
 * unfinished. The WebSocket library keeps the parts of one but says nothing of
 * it, and pongs may pass between them: a viewer that seems alive could have
 * them kept for ever. Keeps nothing of a frame but its head.
 */
export class OpenMessage {
  readonly #head = Buffer.alloc(HEAD_LIMIT_BYTES);
  #headBytes = 0;
  #restBytes = 0; // of mask and payload
  #isFragmented = false;
  #sinceMs: number | undefined;

  /** When the first byte of the message came that is not whole; undefined where none is. */
  get sinceMs(): number | undefined {
    return this.#sinceMs;
  }

  /** Takes what the connection brought next, cut anywhere. */
  take(chunk: Uint8Array, listenedMs: number): void {
    for (let at = 0; at < chunk.byteLength; ) {
      this.#sinceMs ??= listenedMs;
      if (this.#restBytes === 0) {
        this.#head[this.#headBytes++] = chunk[at++];
        if (this.#headBytes < this.#headLength()) continue;
        this.#restBytes = MASK_BYTES + this.#payloadBytes();
      }
      const taken = Math.min(this.#restBytes, chunk.byteLength - at);
      at += taken;
      this.#restBytes -= taken;
      if (this.#restBytes === 0) this.#endFrame();
    }
  }

  #headLength(): number {
    if (this.#headBytes < 2) return 2;
    const length = this.#head[1] & 127;
    return length < 126 ? 2 : length === 126 ? 4 : 10;
  }

  #payloadBytes(): number {
    const length = this.#head[1] & 127;
    if (length < 126) return length;
    return length === 126 ? this.#head.readUInt16BE(2) : Number(this.#head.readBigUInt64BE(2));
  }

  #endFrame(): void {
    const [first] = this.#head;
    const isControl = (first & 0x08) !== 0;
    if (!isControl) this.#isFragmented = (first & 0x80) === 0;
    if (!this.#isFragmented) this.#sinceMs = undefined;
    this.#headBytes = 0;
  }
}
