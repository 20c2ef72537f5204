/** One entry a pixel column, left to right; `min`, `max` and `mean` are NaN where `count` is 0. */
export interface SourceColumns {
  readonly length: number;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly count: Float64Array;
  /** Not 0 where data is known to be missing: the trace is not joined across the column. */
  readonly broken: Uint8Array;
}

/** Columns of the widest chart, a 4K screen and some more: no chart asks a source for more. */
export const COLUMN_LIMIT = 4096;

/** What a chart draws from: the trend of one channel, on the time axis of its samples. */
export interface TrendSource {
  /** Grows with all data that comes in, though not where old data makes room. */
  readonly version: number;
  /** Right edge of the axis, sample clock, ms since 1970 UTC; undefined while nothing is known. */
  readonly edgeMs: number | undefined;
  /** How long the newest row lasts, ms; 0 before the first. */
  readonly rowMs: number;
  /** What lies before made room for newer data: not there, and yet not missing. Undefined where nothing did. */
  readonly keptFromMs?: number | undefined;
  /** Whether some of the past is on its way: what is not there yet is not missing. */
  readonly isLoading?: boolean;
  /** Column c of the result holds what lies in [fromMs + c * columnMs, … + columnMs). Valid until the next call. */
  decimate(range: { readonly fromMs: number; readonly columnMs: number; readonly columns: number }): SourceColumns;
}
