import { mergeMeans } from '../trend/summary.ts';
import type { TrendBlock } from '../wire/trend-frame.ts';
import type { WindowRing } from './window-ring.ts';

/** Which windows of a ring to read as rows. */
export interface RowRange {
  /** Windows merged into a row. */
  readonly span: number;
  /** Sequence numbers from .. end-1; `from` is in the ring. */
  readonly from: number;
  readonly end: number;
  /** Whether a row that `end` cuts off is handed out as it is, or left for later. */
  readonly isClosed: boolean;
  /** Rows at most. */
  readonly rows: number;
}

/** Columns that rows are gathered in before they are encoded. */
export type RowColumns = Pick<TrendBlock, 'min' | 'max' | 'mean' | 'm2' | 'count' | 'clipped' | 'nonfinite' | 'flags'>;

/** Makes columns for `rows` rows. */
export function rowColumns(rows: number): RowColumns {
  return {
    min: new Float64Array(rows),
    max: new Float64Array(rows),
    mean: new Float64Array(rows),
    m2: new Float64Array(rows),
    count: new Uint32Array(rows),
    clipped: new Uint32Array(rows),
    nonfinite: new Uint32Array(rows),
    flags: new Uint32Array(rows),
  };
}

/**
 * Reads the next block of `range`: rows with consecutive numbers, of one run.
 *
 * Writes the rows to `into` from row `at` on; the block's columns are views
 * on them, good until they are overwritten. Undefined where no row is whole.
 */
export function readRows(
  ring: WindowRing,
  channel: number,
  range: RowRange,
  into: RowColumns,
  at: number,
): TrendBlock | undefined {
  const { span, from, end, isClosed } = range;
  if (from >= end) return undefined;
  const { index, run } = ring;
  const first = ring.slot(from);
  const firstRow = Math.floor(index[first] / span);

  let rows = 0;
  let seq = from;
  while (rows < range.rows && seq < end) {
    const stop = rowEnd(ring, seq, end, span);
    const isWhole = stop < end || isClosed || (index[ring.slot(stop - 1)] + 1) % span === 0;
    if (!isWhole) break;
    mergeWindows(ring, seq, stop, into, at + rows);
    rows++;
    seq = stop;

    const next = ring.slot(seq);
    if (seq < end && (run[next] !== run[first] || Math.floor(index[next] / span) !== firstRow + rows)) break;
  }
  if (rows === 0) return undefined;

  const view = <C extends Float64Array | Uint32Array>(column: C) => column.subarray(at, at + rows) as C;
  const windowNs = ring.windowNs[first];
  return {
    channel,
    span,
    windows: seq - from,
    stream: ring.stream[first],
    lastSeq: seq - 1,
    firstRow,
    timeNs: clampTime(ring.timeNs[first] - BigInt(Math.round((index[first] - firstRow * span) * windowNs))),
    rowNs: span * windowNs,
    arrivedMs: ring.arrivedMs[ring.slot(seq - 1)],
    min: view(into.min),
    max: view(into.max),
    mean: view(into.mean),
    m2: view(into.m2),
    count: view(into.count),
    clipped: view(into.clipped),
    nonfinite: view(into.nonfinite),
    flags: view(into.flags),
  };
}

/**
 * Where the last block of a range begins, for a reader that goes back: up to
 * `rows` rows that end at `end`, with consecutive numbers, of one run.
 */
export function lastBlockStart(ring: WindowRing, { span, from, end, rows }: Omit<RowRange, 'isClosed'>): number {
  const { index, run } = ring;
  let start = end;
  for (let row = 0; row < rows && start > from; row++) {
    const earlier = rowStart(ring, start - 1, span, from);
    const at = ring.slot(earlier);
    const next = ring.slot(start);
    const isAdjacent = run[at] === run[next] && Math.floor(index[at] / span) + 1 === Math.floor(index[next] / span);
    if (row > 0 && !isAdjacent) break;
    start = earlier;
  }
  return start;
}

// A row can begin before its first window; near the end of time that is not in 64 bits any more.
function clampTime(timeNs: bigint): bigint {
  return timeNs < FIRST_NS ? FIRST_NS : timeNs;
}

const FIRST_NS = -(2n ** 63n);

/**
 * Where the row begins that the window `seq` lies in, or will lie in: a
 * sequence number of the ring at or before `seq`, and not before `oldest`.
 */
export function rowStart(ring: WindowRing, seq: number, span: number, oldest = ring.oldest): number {
  const known = Math.min(seq, ring.next - 1);
  if (span === 1 || known < oldest) return seq;
  const at = ring.slot(known);
  if (known < seq && (ring.index[at] + 1) % span === 0) return seq; // the next window opens a row

  const row = Math.floor(ring.index[at] / span);
  let start = known;
  while (start > oldest && isInRow(ring, start - 1, row, ring.run[at], span)) start--;
  return start;
}

/** The sequence number after the last window, before `end`, of the row that `seq` lies in. */
function rowEnd(ring: WindowRing, seq: number, end: number, span: number): number {
  const at = ring.slot(seq);
  const row = Math.floor(ring.index[at] / span);
  const run = ring.run[at];
  let stop = seq + 1;
  while (stop < end && isInRow(ring, stop, row, run, span)) stop++;
  return stop;
}

function isInRow(ring: WindowRing, seq: number, row: number, run: number, span: number): boolean {
  const at = ring.slot(seq);
  return ring.run[at] === run && Math.floor(ring.index[at] / span) === row;
}

// mergeSummaries of server/trend without an object a window; a test compares the two.
function mergeWindows(ring: WindowRing, from: number, end: number, into: RowColumns, row: number): void {
  let min = Infinity;
  let max = -Infinity;
  let mean = 0;
  let m2 = 0;
  let count = 0;
  let clipped = 0;
  let nonfinite = 0;
  let flags = 0;
  for (let seq = from; seq < end; seq++) {
    const at = ring.slot(seq);
    clipped += ring.clipped[at];
    nonfinite += ring.nonfinite[at];
    flags |= ring.flags[at];
    const more = ring.count[at];
    if (more === 0) continue;

    const total = count + more;
    const weight = more / total;
    const delta = ring.mean[at] - mean;
    if (ring.min[at] < min) min = ring.min[at];
    if (ring.max[at] > max) max = ring.max[at];
    m2 = count === 0 ? ring.m2[at] : m2 + ring.m2[at] + delta * delta * (count * weight);
    mean = count === 0 ? ring.mean[at] : mergeMeans(mean, ring.mean[at], weight);
    count = total;
  }
  into.min[row] = min;
  into.max[row] = max;
  into.mean[row] = mean;
  into.m2[row] = m2;
  into.count[row] = count;
  into.clipped[row] = clipped;
  into.nonfinite[row] = nonfinite;
  into.flags[row] = flags;
}
