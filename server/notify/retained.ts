import { urgencyRank } from '../wire/alarm-urgency.ts';
import type { AlarmMessage } from './message.ts';

/** As much as waits for one destination, bytes of payloads and tags. */
const LIMIT_BYTES = 32 << 20;

interface Told {
  readonly payload: string;
  readonly rank: number;
  readonly bytes: number;
}

/**
 * What a broker was last told of every alarm, since it may have forgotten it
 * when it is there again. Where there is no room, the least urgent goes, of these
 * the one that was told longest ago.
 */
export class Retained {
  readonly #limit: number;
  readonly #told = new Map<string, Told>(); // those told last at the end
  #bytes = 0;
  #dropped = 0;

  constructor(limitBytes = LIMIT_BYTES) {
    this.#limit = limitBytes;
  }

  /** How many had no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The payload is empty where the broker is to keep nothing of the alarm. */
  set(message: AlarmMessage, payload: string): void {
    const { tag } = message;
    const rank = payload === '' ? Number.POSITIVE_INFINITY : urgencyRank(message);
    this.#delete(tag);
    const bytes = tag.length + Buffer.byteLength(payload);
    this.#told.set(tag, { payload, rank, bytes });
    this.#bytes += bytes;
    if (this.#bytes > this.#limit) this.#makeRoom();
  }

  /** Tags and payloads, the most urgent first. */
  get all(): [tag: string, payload: string][] {
    return this.#byRank().map(([tag, { payload }]) => [tag, payload]);
  }

  #byRank(): [string, Told][] {
    return [...this.#told].reverse().sort(([, a], [, b]) => a.rank - b.rank || 0);
  }

  // A tenth at a time, so that it is not done for each message.
  #makeRoom(): void {
    for (const [tag] of this.#byRank().reverse()) {
      if (this.#bytes <= 0.9 * this.#limit) return;
      this.#delete(tag);
      this.#dropped++;
    }
  }

  #delete(tag: string): void {
    this.#bytes -= this.#told.get(tag)?.bytes ?? 0;
    this.#told.delete(tag);
  }
}
