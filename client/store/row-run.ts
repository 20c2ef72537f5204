import type { TrendBlock } from '../../server/wire/trend-frame.ts';

/** Rows to put in: columns of equal length, row i starting at `timeMs + i * rowMs`. Only read, never kept. */
export interface RowRun {
  readonly timeMs: number;
  readonly rowMs: number;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  /** Sum of squared deviations from the mean. */
  readonly m2: Float64Array;
  /** 0 where a window held no finite sample. */
  readonly count: Uint32Array;
}

export function endOf(run: RowRun): number {
  return run.timeMs + run.min.length * run.rowMs;
}

/** Rows from .. to-1 of a run, on its own columns. */
export function part(run: RowRun, from: number, to: number): RowRun {
  return {
    timeMs: run.timeMs + from * run.rowMs,
    rowMs: run.rowMs,
    min: run.min.subarray(from, to),
    max: run.max.subarray(from, to),
    mean: run.mean.subarray(from, to),
    m2: run.m2.subarray(from, to),
    count: run.count.subarray(from, to),
  };
}

/** When the first row of a block starts, ms since 1970 UTC. */
export function startOf({ timeNs }: TrendBlock): number {
  // Whole ms and the rest apart: ns since 1970 have more digits than a number holds.
  return Number(timeNs / 1_000_000n) + Number(timeNs % 1_000_000n) / 1e6;
}

/** The rows of a block, on its own columns. */
export function blockRun(block: TrendBlock): RowRun {
  const { min, max, mean, m2, count } = block;
  return { timeMs: startOf(block), rowMs: block.rowNs / 1e6, min, max, mean, m2, count };
}
