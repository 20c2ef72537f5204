/** Which part of a channel's past is wanted. */
export interface HistoryRequest {
  readonly channel: string;
  /** Sample clock, ns since 1970 UTC; `toNs` is not included. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** The most rows the answer may have. */
  readonly columns: number;
}

/**
 * Rows of a channel's past, in the order of their times: columns of one
 * length, which the receiver owns. Row r of a stream merges the windows
 * r × span … (r + 1) × span − 1.
 */
export interface HistoryRows {
  readonly unit: string;
  /** Windows a row merges: a power of ten times 1, 2 or 5. */
  readonly span: number;
  /** Length of a row of the newest stream in it, ns; 0 where there is none. */
  readonly rowNs: number;
  /** Start of each row by the sample clock, ns since 1970 UTC. */
  readonly timeNs: BigInt64Array;
  readonly lengthNs: Float64Array;
  /** In the channel's unit; `+inf`, `-inf`, 0 and 0 where `count` is 0. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  /** Sum of squared deviations. */
  readonly m2: Float64Array;
  readonly count: Float64Array;
  readonly clipped: Float64Array;
  readonly nonfinite: Float64Array;
  /** Bits of `WindowFlag` of all windows merged. */
  readonly flags: Uint16Array;
  readonly windows: Float64Array;
  /** Not 0 where something is missing between this row and the next. */
  readonly broken: Uint8Array;
}

/** A channel that has history. */
export interface HistoryChannel {
  readonly channel: string;
  readonly unit: string;
  readonly rateHz: number;
  readonly window: number;
  readonly firstNs: bigint;
  readonly lastNs: bigint;
}
