import type { CaptureSegment } from '../../server/wire/captures.ts';

/** A run of samples without a gap: where it begins in the file and in the stream. */
export interface Piece {
  readonly start: number;
  readonly index: number;
  readonly samples: number;
}

/** Samples of the stream, `to` not included. */
export interface SampleRange {
  readonly from: number;
  readonly to: number;
}

/** From the first sample there is to the last. */
export function wholeRange(segments: readonly CaptureSegment[]): SampleRange {
  const last = segments.at(-1);
  return last ? { from: segments[0].index, to: last.index + last.samples } : { from: 0, to: 1 };
}

/** What of a range is there, in order. The range may have fractions; a sample counts where its index lies in it. */
export function piecesIn(segments: readonly CaptureSegment[], { from, to }: SampleRange): Piece[] {
  const pieces: Piece[] = [];
  for (let i = firstAfter(segments, from); i < segments.length && segments[i].index < to; i++) {
    const { start, index, samples } = segments[i];
    const first = Math.max(index, Math.ceil(from));
    const end = Math.min(index + samples, Math.ceil(to));
    if (end > first) pieces.push({ start: start + first - index, index: first, samples: end - first });
  }
  return pieces;
}

/** The gaps between the segments, as far as they lie in a range. */
export function gapsIn(segments: readonly CaptureSegment[], { from, to }: SampleRange): SampleRange[] {
  const gaps: SampleRange[] = [];
  for (let i = Math.max(1, firstAfter(segments, from)); i < segments.length; i++) {
    const gap = { from: segments[i - 1].index + segments[i - 1].samples, to: segments[i].index };
    if (gap.from >= to) break;
    if (gap.to > from && gap.to > gap.from) gaps.push(gap);
  }
  return gaps;
}

/** Time of a place in the stream, ms since 1970 UTC: by the segment that holds it, else by the one before. */
export function timeOf(segments: readonly CaptureSegment[], index: number, rateHz: number): number {
  const at = Math.min(firstAfter(segments, index), segments.length - 1);
  const segment = index < segments[at].index ? (segments[at - 1] ?? segments[at]) : segments[at];
  return segment.timeMs + ((index - segment.index) * 1000) / rateHz;
}

/** The first segment that ends after a place. */
function firstAfter(segments: readonly CaptureSegment[], at: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (segments[middle].index + segments[middle].samples <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
