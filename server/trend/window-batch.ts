import type { Summary } from './summary.ts';
import type { TrendWindow } from './trend-window.ts';

// Windows cross from the ingest thread to the others as rows of one buffer,
// which is transferred, not copied. Both ends are this program, so fields are
// in the machine's byte order. A row is 96 bytes:
//
//    0       8         16          24    32    40     48   56      64        72
//   ├───────┼─────────┼───────────┼─────┼─────┼──────┼────┼───────┼─────────┼──
//   │ index │ time ns │ arrivedMs │ min │ max │ mean │ m2 │ count │ clipped │
//   │ f64   │ i64     │ f64       │ f64 │ f64 │ f64  │ f64│ f64   │ f64     │
//
//    72          80      88
//   ┼───────────┼───────┼─────────┤
//   │ nonfinite │ flags │ channel │
//   │ f64       │ f64   │ f64     │
//
// `channel` is a number that the two ends have agreed on.

const FIELDS = 12;
export const WINDOW_ROW_BYTES = FIELDS * 8;

/** What is the same in all windows of a stream. */
export type StreamKey = Pick<TrendWindow, 'channel' | 'stream' | 'size' | 'rateHz'>;

/** Collects windows into one buffer of a fixed number of rows. */
export class WindowBatch {
  readonly #rows: number;
  #length = 0;
  readonly #buffer: ArrayBuffer;
  readonly #numbers: Float64Array;
  readonly #times: BigInt64Array;

  constructor(rows: number) {
    this.#rows = rows;
    this.#buffer = new ArrayBuffer(rows * WINDOW_ROW_BYTES);
    this.#numbers = new Float64Array(this.#buffer);
    this.#times = new BigInt64Array(this.#buffer);
  }

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length === this.#rows;
  }

  /** Adds a window of the channel that both ends know as `channel`. Only while the batch is not full. */
  add(channel: number, window: TrendWindow): void {
    if (this.isFull) throw new RangeError(`a batch of ${this.#rows} windows is full`);
    const { summary } = window;
    const numbers = this.#numbers;
    const at = this.#length++ * FIELDS;
    numbers[at] = window.index;
    this.#times[at + 1] = window.timeNs;
    numbers[at + 2] = window.arrivedMs;
    numbers[at + 3] = summary.min;
    numbers[at + 4] = summary.max;
    numbers[at + 5] = summary.mean;
    numbers[at + 6] = summary.m2;
    numbers[at + 7] = summary.count;
    numbers[at + 8] = summary.clipped;
    numbers[at + 9] = summary.nonfinite;
    numbers[at + 10] = window.flags;
    numbers[at + 11] = channel;
  }

  /** Hands out the rows, whose buffer the caller now owns, and starts an empty batch. */
  take(): ArrayBuffer {
    const taken = this.#buffer.slice(0, this.#length * WINDOW_ROW_BYTES);
    this.#length = 0;
    return taken;
  }
}

/** One row of a buffer after the other, in place: for who takes many and keeps none. */
export class WindowRow implements Summary {
  readonly #numbers: Float64Array;
  readonly #times: BigInt64Array;
  #at = -FIELDS;

  constructor(buffer: ArrayBuffer) {
    this.#numbers = new Float64Array(buffer);
    this.#times = new BigInt64Array(buffer);
  }

  /** Goes on to the next row; false where there is none. */
  next(): boolean {
    this.#at += FIELDS;
    return this.#at < this.#numbers.length;
  }

  get channel(): number {
    return this.#numbers[this.#at + 11];
  }

  get index(): number {
    return this.#numbers[this.#at];
  }

  get timeNs(): bigint {
    return this.#times[this.#at + 1];
  }

  get arrivedMs(): number {
    return this.#numbers[this.#at + 2];
  }

  get min(): number {
    return this.#numbers[this.#at + 3];
  }

  get max(): number {
    return this.#numbers[this.#at + 4];
  }

  get mean(): number {
    return this.#numbers[this.#at + 5];
  }

  get m2(): number {
    return this.#numbers[this.#at + 6];
  }

  get count(): number {
    return this.#numbers[this.#at + 7];
  }

  get clipped(): number {
    return this.#numbers[this.#at + 8];
  }

  get nonfinite(): number {
    return this.#numbers[this.#at + 9];
  }

  get flags(): number {
    return this.#numbers[this.#at + 10];
  }
}

/** Calls `receive` with every window of `buffer`, in order. `keyOf` tells the stream that a channel number stands for. */
export function readWindowBatch(
  buffer: ArrayBuffer,
  keyOf: (channel: number) => StreamKey,
  receive: (window: TrendWindow) => void,
): void {
  const row = new WindowRow(buffer);
  while (row.next()) {
    const { channel, stream, size, rateHz } = keyOf(row.channel);
    const { index, timeNs, arrivedMs, min, max, mean, m2, count, clipped, nonfinite, flags } = row;
    const summary = { min, max, mean, m2, count, clipped, nonfinite };
    receive({ channel, stream, index, size, rateHz, timeNs, arrivedMs, summary, flags });
  }
}
