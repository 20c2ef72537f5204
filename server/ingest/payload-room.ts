import { PAYLOAD_BYTES } from './protocol.ts';

/** Whoever asks for room. */
export interface RoomGuest {
  /** The room that was asked for is theirs now. */
  granted(): void;
}

export const ROOM_BYTES = 16 * PAYLOAD_BYTES;
/** So much of a payload may be held without room. One device has one channel, so channels bound this too. */
export const OWN_BYTES = 65_536;

/**
 * The memory that payloads over 64 KiB may be held in until their checksums
 * are verified, over all connections: 64 MiB.
 *
 * A payload has its whole room before more than 64 KiB of it is held, so whoever
 * has room can end, and gives it back. Where there is none, guests wait in the
 * order they came, a small one behind a large one too.
 */
export class PayloadRoom {
  readonly #line = new Map<RoomGuest, number>(); // to the bytes they ask for
  #takenBytes = 0;
  #waits = 0;

  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** Guests in line. */
  get waiting(): number {
    return this.#line.size;
  }

  /** How often a guest had to wait, since the start. */
  get waits(): number {
    return this.#waits;
  }

  /** Whether `guest` has its room at once. Otherwise it is in line, and is told. */
  take(guest: RoomGuest, bytes: number): boolean {
    if (this.#line.size === 0 && this.#fits(bytes)) {
      this.#takenBytes += bytes;
      return true;
    }
    this.#line.set(guest, bytes);
    this.#waits++;
    return false;
  }

  /** Gives the `bytes` of `guest` back, or its place in line where it waits. */
  leave(guest: RoomGuest, bytes: number): void {
    if (!this.#line.delete(guest)) this.#takenBytes -= bytes;
    for (const [next, asked] of this.#line) {
      if (!this.#fits(asked)) return;
      this.#line.delete(next);
      this.#takenBytes += asked;
      next.granted();
    }
  }

  #fits(bytes: number): boolean {
    return this.#takenBytes + bytes <= ROOM_BYTES;
  }
}
