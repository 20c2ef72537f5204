import { type TrendWindow, windowNs } from '../trend/trend-window.ts';

/** Times of one run lie on a line to this much, in nanoseconds. */
const TIME_TOLERANCE_NS = 1000;

/** Bytes one window takes in a ring: the columns below. */
export const WINDOW_BYTES = 8 * 8 + 6 * 4;

/**
 * The newest windows of one channel as columns, numbered from 0 in the order
 * they came. When it is full the oldest is overwritten; whoever still wanted
 * it finds `oldest` past its number.
 *
 * A run is windows of one stream on one line of time: the device's counter
 * did not restart and its clock was not set. Gaps do not end a run.
 *
 * Columns are others once the ring has another size: do not hold on to them.
 */
export class WindowRing {
  capacity: number;
  index: Float64Array;
  timeNs: BigInt64Array;
  windowNs: Float64Array;
  arrivedMs: Float64Array;
  min: Float64Array;
  max: Float64Array;
  mean: Float64Array;
  m2: Float64Array;
  count: Uint32Array;
  clipped: Uint32Array;
  nonfinite: Uint32Array;
  flags: Uint32Array;
  stream: Uint32Array;
  run: Uint32Array;

  #next = 0;
  #oldest = 0;
  #streamName: string | undefined;
  #stream = -1;
  #run = -1;
  // Where the run began: the line its times lie on.
  #runIndex = 0;
  #runTimeNs = 0n;
  #runWindowNs = 0;

  /** Pages of memory are taken as windows come, not here. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.index = new Float64Array(capacity);
    this.timeNs = new BigInt64Array(capacity);
    this.windowNs = new Float64Array(capacity);
    this.arrivedMs = new Float64Array(capacity);
    this.min = new Float64Array(capacity);
    this.max = new Float64Array(capacity);
    this.mean = new Float64Array(capacity);
    this.m2 = new Float64Array(capacity);
    this.count = new Uint32Array(capacity);
    this.clipped = new Uint32Array(capacity);
    this.nonfinite = new Uint32Array(capacity);
    this.flags = new Uint32Array(capacity);
    this.stream = new Uint32Array(capacity);
    this.run = new Uint32Array(capacity);
  }

  /** The sequence number the next window gets. */
  get next(): number {
    return this.#next;
  }

  /** The oldest sequence number still here; `next` where there is none. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Where the columns hold sequence number `seq`. */
  slot(seq: number): number {
    return seq % this.capacity;
  }

  /** Makes room for `capacity` windows and keeps the newest that fit. Those keep their numbers, streams and runs. */
  resize(capacity: number): void {
    this.#oldest = Math.max(this.#oldest, this.#next - capacity);
    const move = <C extends Column<C>>(from: C, to: C): C => this.#copyTo(from, to, capacity);
    this.index = move(this.index, new Float64Array(capacity));
    this.timeNs = move(this.timeNs, new BigInt64Array(capacity));
    this.windowNs = move(this.windowNs, new Float64Array(capacity));
    this.arrivedMs = move(this.arrivedMs, new Float64Array(capacity));
    this.min = move(this.min, new Float64Array(capacity));
    this.max = move(this.max, new Float64Array(capacity));
    this.mean = move(this.mean, new Float64Array(capacity));
    this.m2 = move(this.m2, new Float64Array(capacity));
    this.count = move(this.count, new Uint32Array(capacity));
    this.clipped = move(this.clipped, new Uint32Array(capacity));
    this.nonfinite = move(this.nonfinite, new Uint32Array(capacity));
    this.flags = move(this.flags, new Uint32Array(capacity));
    this.stream = move(this.stream, new Uint32Array(capacity));
    this.run = move(this.run, new Uint32Array(capacity));
    this.capacity = capacity;
  }

  push(window: TrendWindow): void {
    this.#extendRun(window);
    const at = this.slot(this.#next);
    const { summary } = window;
    this.index[at] = window.index;
    this.timeNs[at] = window.timeNs;
    this.windowNs[at] = this.#runWindowNs;
    this.arrivedMs[at] = window.arrivedMs;
    this.min[at] = summary.min;
    this.max[at] = summary.max;
    this.mean[at] = summary.mean;
    this.m2[at] = summary.m2;
    this.count[at] = summary.count;
    this.clipped[at] = summary.clipped;
    this.nonfinite[at] = summary.nonfinite;
    this.flags[at] = window.flags;
    this.stream[at] = this.#stream;
    this.run[at] = this.#run;

    this.#next++;
    if (this.#next - this.#oldest > this.capacity) this.#oldest++;
  }

  #extendRun(window: TrendWindow): void {
    const lasting = windowNs(window);
    if (window.stream === this.#streamName && lasting === this.#runWindowNs) {
      const elapsed = Number(window.timeNs - this.#runTimeNs);
      const expected = (window.index - this.#runIndex) * lasting;
      if (window.index > this.#newestIndex() && Math.abs(elapsed - expected) <= TIME_TOLERANCE_NS) return;
    }
    if (window.stream !== this.#streamName) this.#stream++;
    this.#streamName = window.stream;
    this.#run++;
    this.#runIndex = window.index;
    this.#runTimeNs = window.timeNs;
    this.#runWindowNs = lasting;
  }

  // Piece by piece, as far as neither ring wraps.
  #copyTo<C extends Column<C>>(from: C, to: C, capacity: number): C {
    for (let seq = this.#oldest, length = 0; seq < this.#next; seq += length) {
      const at = this.slot(seq);
      length = Math.min(this.#next - seq, this.capacity - at, capacity - (seq % capacity));
      to.set(from.subarray(at, at + length), seq % capacity);
    }
    return to;
  }

  #newestIndex(): number {
    return this.index[this.slot(this.#next - 1)];
  }
}

interface Column<C> {
  subarray(from: number, end: number): C;
  set(values: C, at: number): void;
}
