import type { RawRing, RawRings, RingStatus } from '../trend/raw-ring.ts';

/** Who has a ring. */
export interface RingOwner {
  readonly ring: RawRing | undefined;
  /** Moves the ring to a memory of that size. */
  resize(bytes: number): void;
}

export interface RingPoolOptions {
  /** What one channel keeps, bytes. */
  readonly ringBytes: number;
  /** What all of them keep together. */
  readonly ringsBytes: number;
  /** A ring is about to be given back. */
  readonly onLeave?: (ring: RawRing) => void;
}

/** The least a ring has: one read of a socket. */
export const RING_MIN_BYTES = 65_536;
// Moving a ring holds up all sensors; the rest waits for the next turn.
const TURN_BYTES = 32 << 20;
const TURN_RINGS = 64;

/**
 * Shares memory for raw samples among the channels that have some: each the
 * same, a power of two. Where one more comes, the others shrink turn by turn.
 */
export class RingPool implements RawRings {
  readonly #options: RingPoolOptions;
  readonly #owners = new Map<string, RingOwner>();
  #isUneven = false;

  constructor(options: RingPoolOptions) {
    this.#options = options;
  }

  find(channel: string): RawRing | undefined {
    return this.#owners.get(channel)?.ring;
  }

  /** Takes the owner of a channel in; returns the size of its ring. */
  enter(channel: string, owner: RingOwner): number {
    this.#owners.set(channel, owner);
    this.#isUneven = true;
    return this.#share;
  }

  /** Before the owner gives its ring back. */
  leave(channel: string, owner: RingOwner): void {
    if (this.#owners.get(channel) !== owner) return;
    if (owner.ring !== undefined) this.#options.onLeave?.(owner.ring);
    this.#owners.delete(channel);
    this.#isUneven = true;
  }

  /** To be called every now and then: moves some rings that are not of the size that they should be. */
  balance(): void {
    if (!this.#isUneven) return;
    const share = this.#share;
    let bytes = TURN_BYTES;
    let rings = TURN_RINGS;
    for (const owner of this.#owners.values()) {
      if (owner.ring === undefined || owner.ring.sizeBytes === share) continue;
      if (bytes <= 0 || rings-- === 0) return;
      bytes -= Math.min(owner.ring.sizeBytes, share);
      owner.resize(share);
    }
    this.#isUneven = false;
  }

  status(): RingStatus[] {
    return [...this.#owners].flatMap(([channel, { ring }]) => {
      if (ring === undefined) return [];
      return [{ channel, bytes: ring.sizeBytes, seconds: ring.sizeBytes / ring.sampleBytes / ring.info.rateHz }];
    });
  }

  get #share(): number {
    const { ringBytes, ringsBytes } = this.#options;
    const share = Math.min(ringBytes, ringsBytes / Math.max(1, this.#owners.size));
    return Math.max(RING_MIN_BYTES, 2 ** Math.floor(Math.log2(share)));
  }
}
