import type { Viewer } from './viewer.ts';

/** Bytes that may be on their way to one viewer: what is urgent never stands behind more of them. */
export const UNDER_WAY_BYTES = 32 * 1024;

/** From so many on it is asked whether they have landed. */
const ASK_BYTES = UNDER_WAY_BYTES / 4;

/**
 * What of text was sent to one viewer and is not known to have landed. What
 * tells is the pong to a WebSocket ping behind it, which browsers answer by
 * themselves.
 */
export class Landing {
  #bytes = 0;
  #pings = 0;
  #asked: { readonly data: string; readonly bytes: number } | undefined;

  /** More than there is room for goes alone. */
  hasRoom(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= UNDER_WAY_BYTES;
  }

  send(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Asks whether what is under way has landed, where it is much and was not asked yet. */
  ask(viewer: Pick<Viewer, 'ping'>): void {
    if (this.#bytes >= ASK_BYTES) this.askNow(viewer);
  }

  /** The same, however little it is. */
  askNow(viewer: Pick<Viewer, 'ping'>): void {
    if (this.#asked !== undefined || this.#bytes === 0) return;
    this.#asked = { data: `landed ${this.#pings++}`, bytes: this.#bytes };
    viewer.ping(Buffer.from(this.#asked.data));
  }

  /** Takes a pong; whether it is the one that was asked for. */
  take(data: Buffer): boolean {
    if (this.#asked === undefined || data.toString() !== this.#asked.data) return false;
    this.#bytes -= this.#asked.bytes;
    this.#asked = undefined;
    return true;
  }
}
