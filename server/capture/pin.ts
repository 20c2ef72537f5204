import type { RawRing, RawRun } from '../trend/raw-ring.ts';
import { timeFrom } from '../trend/sample-time.ts';
import type { Piece } from './capture-link.ts';
import { flaggedIn } from './device-flags.ts';
import { indexAt, positionOf, runAt } from './raw-place.ts';

/** One message holds so much, so that no copy holds up the sensors. */
const PIECE_BYTES = 1 << 20;

export interface PinOptions {
  readonly id: string;
  readonly ring: RawRing;
  /** Samples of the stream, `to` not included. */
  readonly from: number;
  readonly to: number;
}

/**
 * A range of one stream on its way out of the ring: what is there already,
 * the oldest first, and what is still to come.
 */
export class Pin {
  readonly id: string;
  readonly ring: RawRing;
  readonly to: number;
  /** Samples of the range that were there once, and were not any more when it was pinned. */
  readonly overtaken: number;
  #found: number | undefined; // position of the next one, once a sample of the range has come
  #next: number; // index after the last one copied
  #run: RawRun | undefined;

  constructor({ id, ring, from, to }: PinOptions) {
    this.id = id;
    this.ring = ring;
    this.to = to;
    this.#next = from;
    const isWhole = ring.oldest === 0 || ring.oldest === ring.end; // nothing was ever overtaken
    this.overtaken = isWhole ? 0 : Math.max(0, Math.min(to, indexAt(ring, ring.oldest)) - from);
  }

  /** Position of the next sample to be copied; the ring's end while the range has not begun, so that what is before it is never held. */
  get #position(): number {
    const { ring } = this;
    if (this.#found !== undefined) return this.#found;
    const position = positionOf(ring, this.#next);
    if (position < ring.end) this.#found = position;
    return position;
  }

  /** How long until the next sample to be copied is overtaken, s. Negative where it has been. */
  get slackSeconds(): number {
    return (this.#position - this.ring.oldest) / this.ring.info.rateHz;
  }

  /** Whether all of the range that ever came is copied. */
  get isDone(): boolean {
    if (this.#next >= this.to) return true;
    return this.#position < this.ring.end && this.slackSeconds >= 0 && indexAt(this.ring, this.#position) >= this.to;
  }

  /** Samples of the range that were not copied so far, if all of them come. */
  get left(): number {
    return Math.max(0, this.to - this.#next);
  }

  /** Copies the next piece, of at most `limit` bytes. Undefined where there is none for now. */
  copy(limit: number): Piece | undefined {
    const { ring, to } = this;
    const position = this.#position;
    if (position >= ring.end || this.slackSeconds < 0) return undefined;
    const run = runAt(ring, position);
    const index = run.index + position - run.at;
    const runEnd = ring.runs.find(({ at }) => at > position)?.at ?? ring.end;
    const room = Math.floor(Math.min(limit, PIECE_BYTES) / ring.sampleBytes);
    const samples = Math.min(runEnd - position, to - index, room);
    if (samples <= 0) return undefined;

    const bytes = ring.read(position, samples).slice();
    const flagged = flaggedIn(ring, position, bytes.length / ring.sampleBytes);
    this.#found = position + bytes.length / ring.sampleBytes;
    this.#next = index + bytes.length / ring.sampleBytes;
    const isNext = this.#run === run;
    this.#run = run;
    return {
      buffer: bytes.buffer,
      ...(flagged.length > 0 && { flagged }),
      ...(!isNext && {
        start: { index, timeNs: timeFrom(run.anchor, index, ring.info.rateHz), anchor: run.anchor },
      }),
    };
  }
}
