import { HELLO_BYTES, ProtocolError } from './protocol.ts';

/** Puts a hello together from chunks of any size. Holds at most the length it was told. */
export class HelloReader {
  readonly #length = Buffer.alloc(4);
  #lengthBytes = 0;
  #body: Buffer | undefined;
  #bodyBytes = 0;

  /** The JSON of the hello, once it is whole. */
  get body(): Buffer | undefined {
    return this.#body !== undefined && this.#bodyBytes === this.#body.length ? this.#body : undefined;
  }

  /** Bytes of the whole hello, its length included; only once that is known. */
  get length(): number {
    return this.#length.length + (this.#body?.length ?? 0);
  }

  get isEmpty(): boolean {
    return this.#lengthBytes === 0;
  }

  /** Takes what belongs to the hello and returns how many bytes that was. Throws `HELLO_INVALID` on a length out of range. */
  push(chunk: Buffer): number {
    let at = 0;
    if (this.#body === undefined) {
      at = chunk.copy(this.#length, this.#lengthBytes, 0);
      this.#lengthBytes += at;
      if (this.#lengthBytes < 4) return at;
      this.#body = Buffer.allocUnsafe(readLength(this.#length));
    }
    const copied = chunk.copy(this.#body, this.#bodyBytes, at);
    this.#bodyBytes += copied;
    return at + copied;
  }
}

function readLength(bytes: Buffer): number {
  const length = bytes.readUInt32LE();
  if (length >= 1 && length <= HELLO_BYTES) return length;
  throw new ProtocolError('HELLO_INVALID', `hello of ${length} bytes, expected 1 to ${HELLO_BYTES}`);
}
