import type { Channels } from '../wire/events.ts';
import type { ChannelTable } from './channel-table.ts';

/** Between two lists at least, however fast devices come, */
const PAUSE_MS = 200;

/** and so long that lists take no more than this of a viewer's line, however many channels there are. */
const BYTES_PER_SECOND = 32 * 1024;

/**
 * The channels as viewers know them, encoded once for all. It goes to
 * everyone, so a device that keeps changing what it says of itself must not
 * decide how often: changes within a pause go out together after it.
 */
export class ChannelList {
  readonly #channels: ChannelTable;
  #text = encode([]);
  #isStale = false;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(channels: ChannelTable) {
    this.#channels = channels;
  }

  /** The newest list that viewers were told. */
  get text(): Buffer {
    return this.#text;
  }

  /** Some channel came or was described anew. */
  markStale(): void {
    this.#isStale = true;
  }

  /** Takes in what has changed, if a list may go out now; whether there is another to tell. */
  refresh(monotonicMs: number): boolean {
    if (!this.#isStale || monotonicMs < this.#dueMs) return false;
    this.#isStale = false;
    this.#dueMs = monotonicMs + PAUSE_MS;
    const text = encode(this.#channels.announce());
    if (text.equals(this.#text)) return false; // the same device again
    this.#text = text;
    this.#dueMs = monotonicMs + Math.max(PAUSE_MS, (text.byteLength / BYTES_PER_SECOND) * 1000);
    return true;
  }
}

function encode(channels: Channels['channels']): Buffer {
  return Buffer.from(JSON.stringify({ type: 'channels', channels } satisfies Channels));
}
