import { mergeSummaries, type Summary } from '../trend/summary.ts';
import { AnswerRows, type RowContent } from './answer-rows.ts';
import type { TimeRange } from './coverage.ts';

interface Bucket {
  fromNs: bigint;
  toNs: bigint;
  summary: Summary;
  flags: number;
  windows: number;
}

/**
 * What no grid can hold: more streams in a range than an answer may have rows.
 * Merges rows that are neighbours in time, whatever their streams, into equal
 * slices of the range; memory is that of the slices, however many rows come.
 */
export class TimeBuckets {
  readonly #range: TimeRange;
  readonly #sliceNs: number;
  readonly #buckets: (Bucket | undefined)[];

  constructor(range: TimeRange, columns: number) {
    this.#range = range;
    this.#sliceNs = Number(range.toNs - range.fromNs) / columns;
    this.#buckets = new Array<Bucket | undefined>(columns);
  }

  add({ timeNs, lengthNs, summary, flags, windows }: RowContent): void {
    const slice = Math.floor(Number(timeNs - this.#range.fromNs) / this.#sliceNs);
    const at = Math.min(Math.max(slice, 0), this.#buckets.length - 1);
    const toNs = timeNs + BigInt(Math.round(lengthNs));
    const bucket = this.#buckets[at];
    if (bucket === undefined) {
      this.#buckets[at] = { fromNs: timeNs, toNs, summary, flags, windows };
      return;
    }
    if (timeNs < bucket.fromNs) bucket.fromNs = timeNs;
    if (toNs > bucket.toNs) bucket.toNs = toNs;
    bucket.summary = mergeSummaries(bucket.summary, summary);
    bucket.flags |= flags;
    bucket.windows += windows;
  }

  /** In the order of their times; as rows of no stream, none of which follows another without a break. */
  rows(): AnswerRows {
    const filled = this.#buckets.filter((bucket) => bucket !== undefined);
    const rows = new AnswerRows(filled.length);
    for (const [i, { fromNs, toNs, ...content }] of filled.entries()) {
      rows.add({ stream: -1 - i, start: 0, end: 0 }, { timeNs: fromNs, lengthNs: Number(toNs - fromNs), ...content });
    }
    return rows;
  }
}
