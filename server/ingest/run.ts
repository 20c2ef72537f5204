/** A run of consecutive samples whose bytes follow: what a frame's header says of its payload. */
export interface Run {
  readonly first: number;
  readonly samples: number;
  readonly flags: number;
  /** Time of the first sample, ns since 1970 UTC; 0 where it is not given. */
  readonly timeNs: bigint;
}
