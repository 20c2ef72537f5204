import type { Clock } from '../base/clock.ts';
import { type FrameBuilder, type Position, type ReadLimit, readOnward } from './frame-builder.ts';
import { rowStart } from './row-reader.ts';
import type { Lane } from './subscription.ts';

/** A frame that every viewer of a feed gets as it is. */
export interface FeedFrame {
  readonly bytes: Buffer;
  /** Where a viewer stands that has got it. */
  readonly after: Readonly<Position>;
  readonly builtMs: number; // monotonic
}

/** Frames are kept for viewers a moment behind, so long and so many bytes; one that is further behind reads for itself. */
const KEEP_MS = 500;
const KEEP_BYTES = 256 * 1024;

/**
 * What all viewers with the same lanes get, encoded once: a short log of
 * frames, numbered from 0. A viewer that is in step holds the number of the
 * frame it gets next.
 */
export class Feed {
  readonly lanes: readonly Lane[];
  readonly #builder: FrameBuilder;
  readonly #clock: Clock;
  readonly #position: Position;
  #snapshot: Readonly<Position>;
  readonly #ends: Float64Array;
  #frames: FeedFrame[] = [];
  #first = 0;
  #bytes = 0;

  /** Starts at the row that is open. */
  constructor(lanes: readonly Lane[], builder: FrameBuilder, clock: Clock) {
    this.lanes = lanes;
    this.#builder = builder;
    this.#clock = clock;
    const seqs = Float64Array.from(lanes, ({ channel, span }) => rowStart(channel.ring, channel.ring.next, span));
    this.#position = { seqs, turn: 0 };
    this.#snapshot = copyPosition(this.#position);
    this.#ends = new Float64Array(lanes.length);
  }

  /** Where a viewer stands that has got every frame. */
  get position(): Readonly<Position> {
    return this.#snapshot;
  }

  /** The number of the oldest frame that is kept. */
  get first(): number {
    return this.#first;
  }

  /** The number the next frame gets. */
  get next(): number {
    return this.#first + this.#frames.length;
  }

  /** The frame of that number; undefined before it is built and after it is forgotten. */
  frame(number: number): FeedFrame | undefined {
    return this.#frames[number - this.#first];
  }

  /** Encodes what has come since the last tick. */
  tick(): void {
    const monotonicMs = this.#clock.monotonicMs();
    const limit: ReadLimit = { ends: this.#ends, isClosed: ({ channel }) => channel.isSilent(monotonicMs) };
    this.#enterRings();

    const read = readOnward(this.lanes, this.#position, limit);
    for (;;) {
      const built = this.#builder.build(this.lanes.length, this.#position, read, this.#clock.nowMs());
      if (built === undefined) break;
      const { bytes } = built;
      this.#snapshot = copyPosition(this.#position);
      this.#frames.push({ bytes, after: this.#snapshot, builtMs: monotonicMs });
      this.#bytes += bytes.byteLength;
    }
    this.#trim(monotonicMs - KEEP_MS);
  }

  #trim(oldestMs: number): void {
    let forgotten = 0;
    for (const frame of this.#frames) {
      if (frame.builtMs >= oldestMs && this.#bytes <= KEEP_BYTES) break;
      this.#bytes -= frame.bytes.byteLength;
      forgotten++;
    }
    if (forgotten === 0) return;
    this.#frames = this.#frames.slice(forgotten);
    this.#first += forgotten;
  }

  // A stall of the process can let a ring run past this feed. The log then
  // starts anew, so that every viewer reads for itself and learns what is gone.
  #enterRings(): void {
    const seqs = this.#position.seqs;
    let isInside = true;
    this.lanes.forEach(({ channel: { ring } }, lane) => {
      this.#ends[lane] = ring.next;
      isInside &&= seqs[lane] >= ring.oldest;
    });
    if (isInside) return;

    this.lanes.forEach(({ channel: { ring } }, lane) => {
      seqs[lane] = Math.max(seqs[lane], ring.oldest);
    });
    this.#snapshot = copyPosition(this.#position);
    this.#first = this.next + 1;
    this.#frames = [];
    this.#bytes = 0;
  }
}

/** A copy that stays where it is. */
export function copyPosition({ seqs, turn }: Readonly<Position>): Position {
  return { seqs: seqs.slice(), turn };
}
