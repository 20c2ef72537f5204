import type { FrameReader } from './frame-reader.ts';
import type { Intake } from './stream.ts';

interface ByteCount {
  /** Bytes that came out of the connection so far, by the connection's own count. */
  readonly readBytes: number;
}

/**
 * The ledger's first source: what one connection brought, told from its own
 * count of bytes, whatever became of them after.
 *
 * Nothing of it is counted where samples are handed on, so a chunk that gets
 * lost on its way stays in this count alone.
 */
export class ConnectionIntake implements Intake {
  readonly #link: ByteCount;
  readonly #helloBytes: number;
  readonly #reader: FrameReader | undefined;
  #unreadBytes = 0;
  #discardedBytes = 0;

  /** `reader` is that of the frames; undefined where samples come bare. */
  constructor(link: ByteCount, helloBytes: number, reader: FrameReader | undefined) {
    this.#link = link;
    this.#helloBytes = helloBytes;
    this.#reader = reader;
  }

  get payloadBytes(): number {
    const { headerBytes = 0, heldBytes = 0 } = this.#reader ?? {};
    const framing = this.#helloBytes + headerBytes;
    return this.#link.readBytes - framing - heldBytes - this.#discardedBytes - this.#unreadBytes;
  }

  get discardedBytes(): number {
    return this.#discardedBytes;
  }

  /** The last `bytes` of the newest chunk are not read any more, because of an error before them. */
  leaveUnread(bytes: number): void {
    this.#unreadBytes += bytes;
  }

  /** The connection is over: a payload that is held back is never verified. */
  close(): void {
    this.#discardedBytes += this.#reader?.drop() ?? 0;
  }
}
