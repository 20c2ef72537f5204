import type { Clock } from '../base/clock.ts';
import type { ListenedTime } from '../base/listened-time.ts';
import { copyPosition, type Feed } from './feed.ts';
import type { Flight } from './flight.ts';
import { FRAME_BYTES, type FrameBuilder, type Position, type ReadLimit, readOnward } from './frame-builder.ts';

/** Bytes that may be encoded for single viewers, until it is renewed at the next tick. */
export interface EncodingBudget {
  /** For those that are behind. */
  catchUp: number;
  /** For the past that was asked for. */
  past: number;
}

/** What a delivery works with; one set for all. */
export interface DeliveryTools {
  readonly clock: Clock;
  /** What a viewer's silence is measured in. */
  readonly listened: ListenedTime;
  readonly builder: FrameBuilder;
  readonly budget: EncodingBudget;
}

/** Sequence numbers from .. to-1 of a lane were due and are gone from its ring. */
export interface GoneRange {
  readonly lane: number;
  readonly from: number;
  readonly to: number;
}

export interface DeliverySink {
  /** False where the viewer is gone. */
  sendFrame(bytes: Buffer): boolean;
  reportGone(ranges: readonly GoneRange[]): void;
}

/**
 * Brings one viewer the windows of its subscription in order, each once, with
 * no more in flight than allowed.
 *
 * In step it hands out the frames of the feed. Behind, it reads the rings
 * from its own position until it stands where the feed stands, and falls in.
 * Nothing is queued: how far behind a viewer is, is one number a lane.
 */
export class Delivery {
  readonly feed: Feed;
  readonly #flight: Flight;
  readonly #tools: DeliveryTools;
  readonly #sink: DeliverySink;
  #position: Position;
  /** The number of the feed's frame that comes next; undefined while behind. */
  #nextFrame: number | undefined;
  #isBlocked = false;

  /** Takes `seqs` over: what to start with, one sequence number a lane. */
  constructor(feed: Feed, seqs: Float64Array, flight: Flight, tools: DeliveryTools, sink: DeliverySink) {
    this.feed = feed;
    this.#position = { seqs, turn: 0 };
    this.#flight = flight;
    this.#tools = tools;
    this.#sink = sink;
    this.#fallIn();
  }

  /** Sequence numbers, one a lane, of what comes next. */
  get seqs(): Readonly<Float64Array> {
    return this.#position.seqs;
  }

  get isInStep(): boolean {
    return this.#nextFrame !== undefined;
  }

  /** Whether it has sent all there is of the present. */
  get isCurrent(): boolean {
    return this.isInStep && !this.#isBlocked;
  }

  /** Whether more could be sent at once if the viewer acknowledged. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** How far it is behind its feed, in milliseconds of the samples, of the lane that is furthest behind. */
  get backlogMs(): number {
    let backlogMs = 0;
    this.feed.lanes.forEach(({ channel }, lane) => {
      const windows = this.feed.position.seqs[lane] - this.#position.seqs[lane];
      backlogMs = Math.max(backlogMs, (windows / channel.windowsPerSecond) * 1000);
    });
    return backlogMs;
  }

  /** Sends what there is and what may be sent. */
  pump(): void {
    this.#isBlocked = false;
    if (this.#nextFrame !== undefined) this.#sendFeed(this.#nextFrame);
    if (this.#nextFrame === undefined) this.#catchUp();
  }

  #sendFeed(next: number): void {
    for (let number = next; number < this.feed.next; number++) {
      const frame = this.feed.frame(number);
      if (frame === undefined) {
        this.#position = copyPosition(this.#position); // it was the feed's; from here on it is our own
        this.#nextFrame = undefined;
        return;
      }
      if (!this.#flight.hasRoom(frame.bytes.byteLength)) {
        this.#isBlocked = true;
        return;
      }
      if (!this.#sink.sendFrame(frame.bytes)) return;
      this.#position = frame.after;
      this.#nextFrame = number + 1;
    }
  }

  #catchUp(): void {
    const { builder, budget, clock } = this.#tools;
    const limit: ReadLimit = { ends: this.feed.position.seqs, isClosed: () => true };
    const read = readOnward(this.feed.lanes, this.#position, limit);
    while (!this.#fallIn()) {
      if (!this.#flight.hasRoom(FRAME_BYTES)) {
        this.#isBlocked = true;
        return;
      }
      if (budget.catchUp <= 0) return;
      this.#leaveGone(); // told with the frame after it, however often the ring moves on before there is room for one
      const built = builder.build(this.feed.lanes.length, this.#position, read, clock.nowMs());
      if (built === undefined) return; // ahead of the feed in some lane: it comes by itself
      budget.catchUp -= built.costBytes;
      if (!this.#sink.sendFrame(built.bytes)) return;
    }
  }

  /** Joins the feed where this stands exactly where the feed stands. */
  #fallIn(): boolean {
    const at = this.feed.position;
    if (!this.#position.seqs.every((seq, lane) => seq === at.seqs[lane])) return false;
    this.#position = at;
    this.#nextFrame = this.feed.next;
    return true;
  }

  #leaveGone(): void {
    const { seqs } = this.#position;
    const ranges: GoneRange[] = [];
    this.feed.lanes.forEach(({ channel }, lane) => {
      const { oldest } = channel.ring;
      if (seqs[lane] >= oldest) return;
      ranges.push({ lane, from: seqs[lane], to: oldest });
      seqs[lane] = oldest;
    });
    if (ranges.length > 0) this.#sink.reportGone(ranges);
  }
}
