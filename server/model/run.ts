/** Where a run is: `length` windows of one stream, one after the other. */
interface RunPlace {
  readonly channel: string;
  readonly stream: string;
  /** Index of its first window in the stream. */
  readonly first: number;
  /** Beginning of its first window by the sample clock, ns since 1970 UTC, reckoned where that one is missing. */
  readonly timeNs: bigint;
  /** End of its last window; of a run whose stream ended inside it, of the last one that came. */
  readonly endNs: bigint;
  /** When the newest window that was known when it was cut was read from the socket, server clock, ms since 1970 UTC. */
  readonly arrivedMs: number;
}

/** A run that a model can look at. */
export interface CompleteRun extends RunPlace {
  readonly kind: 'complete';
  /** rows × length, row after row in the order of the model's rows, in the channel's unit. The receiver owns it. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** A run that is never guessed. Several of the reasons may hold at once; one does at least. */
export interface IncompleteRun extends RunPlace {
  readonly kind: 'incomplete';
  /** Windows that never came. */
  readonly missing: number;
  /** Windows with a flag that spoils the light. */
  readonly flagged: number;
  /** Those flags of all of them, bits of `WindowFlag`. */
  readonly flags: number;
  /** Windows without a figure that f32 holds: none of their samples was finite. */
  readonly empty: number;
  /** The stream ended, or another one took its place, inside the run. */
  readonly isEnded: boolean;
}

export type Run = CompleteRun | IncompleteRun;
