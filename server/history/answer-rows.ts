import { FIGURES, summaryAt } from '../kernels/merge-kernel.ts';
import type { HistoryRows } from '../trend/history-rows.ts';
import type { Summary } from '../trend/summary.ts';
import { toleranceNs } from './lines-of-time.ts';
import { NsWords } from './ns-words.ts';

/** Where a row of an answer is: windows `start` … `end` - 1 of the stream, whatever of them is there. */
export interface RowPlace {
  readonly stream: number;
  readonly start: number;
  readonly end: number;
}

/** What a row of an answer says. */
export interface RowContent {
  readonly timeNs: bigint;
  readonly lengthNs: number;
  readonly summary: Summary;
  readonly flags: number;
  readonly windows: number;
}

/** Rows of an answer, in any order: columns with room for `capacity` rows. */
export class AnswerRows {
  length = 0;
  readonly stream: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly timeNs: BigInt64Array;
  readonly lengthNs: Float64Array;
  readonly flags: Uint16Array;
  readonly windows: Float64Array;
  /** Row by row, in the order of `FIGURES`. */
  readonly figures: Float64Array;

  constructor(capacity: number) {
    this.stream = new Int32Array(capacity);
    this.start = new Float64Array(capacity);
    this.end = new Float64Array(capacity);
    this.timeNs = new BigInt64Array(capacity);
    this.lengthNs = new Float64Array(capacity);
    this.flags = new Uint16Array(capacity);
    this.windows = new Float64Array(capacity);
    this.figures = new Float64Array(capacity * FIGURES.length);
  }

  add({ stream, start, end }: RowPlace, { timeNs, lengthNs, summary, flags, windows }: RowContent): void {
    const at = this.length++;
    this.stream[at] = stream;
    this.start[at] = start;
    this.end[at] = end;
    this.timeNs[at] = timeNs;
    this.lengthNs[at] = lengthNs;
    for (let i = 0; i < FIGURES.length; i++) this.figures[at * FIGURES.length + i] = summary[FIGURES[i]];
    this.flags[at] = flags;
    this.windows[at] = windows;
  }

  row(at: number): RowContent {
    return {
      timeNs: this.timeNs[at],
      lengthNs: this.lengthNs[at],
      summary: summaryAt(this.figures, at),
      flags: this.flags[at],
      windows: this.windows[at],
    };
  }

  /** Windows of all rows. */
  sumWindows(): number {
    let sum = 0;
    for (let at = 0; at < this.length; at++) sum += this.windows[at];
    return sum;
  }

  /** The answer, in the order of times. */
  toHistoryRows({ unit, span, rowNs }: Pick<HistoryRows, 'unit' | 'span' | 'rowNs'>): HistoryRows {
    const order = this.#inOrder();
    const column = (figure: number) => {
      const values = new Float64Array(order.length);
      for (let i = 0; i < order.length; i++) values[i] = this.figures[order[i] * FIGURES.length + figure];
      return values;
    };
    const [min, max, mean, m2, count, clipped, nonfinite] = FIGURES.map((_, figure) => column(figure));
    const timeNs = new BigInt64Array(order.length);
    const lengthNs = new Float64Array(order.length);
    const flags = new Uint16Array(order.length);
    const windows = new Float64Array(order.length);
    const broken = new Uint8Array(order.length);
    const words = new NsWords(this.timeNs);
    for (let i = 0; i < order.length; i++) {
      const at = order[i];
      timeNs[i] = this.timeNs[at];
      lengthNs[i] = this.lengthNs[at];
      flags[i] = this.flags[at];
      windows[i] = this.windows[at];
      broken[i] = i + 1 < order.length && this.#isBroken(at, order[i + 1], words) ? 1 : 0;
    }
    return {
      ...{ unit, span, rowNs, timeNs, lengthNs, min, max, mean, m2, count, clipped, nonfinite },
      ...{ flags, windows, broken },
    };
  }

  // Places by time, then stream. Rows of one stream are nearly so.
  #inOrder(): Uint32Array {
    const order = new Uint32Array(this.length);
    for (let at = 0; at < order.length; at++) order[at] = at;
    const { timeNs, stream } = this;
    const compare = (a: number, b: number) =>
      timeNs[a] < timeNs[b] ? -1 : timeNs[a] > timeNs[b] ? 1 : stream[a] - stream[b] || a - b;
    for (let at = 1; at < order.length; at++) if (compare(at - 1, at) > 0) return order.sort(compare);
    return order;
  }

  // Whether `next` does not go on where `at` ends: by place, and by the line of time.
  #isBroken(at: number, next: number, words: NsWords): boolean {
    if (this.stream[at] !== this.stream[next] || this.end[at] !== this.start[next]) return true;
    const lengthNs = this.lengthNs[at];
    const windowNs = lengthNs / (this.end[at] - this.start[at]);
    return Math.abs(words.between(at, next) - lengthNs) >= toleranceNs(lengthNs, windowNs);
  }
}
