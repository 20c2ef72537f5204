import type { ChannelInfo } from './channel-info.ts';
import type { SampleTimes } from './sample-time.ts';

/**
 * Where the samples of one stream go: ingest calls it, compute is it.
 *
 * Samples come in order and none twice; `seek` says where they are, so a jump
 * is a gap. The sink outlives connections. It owns memory only from the first
 * `write` until `release`.
 */
export interface SampleSink {
  /** How the device describes the stream now. Datatype, rate and window never change within a stream. */
  describe(form: SampleForm): void;
  /** The next bytes begin with sample `index`, which is never less than before; a half-written sample is forgotten. */
  seek(index: number, flags: number): void;
  /** Reduces `bytes[from .. to)`, which are only borrowed. A sample may be cut by the end of the call. */
  write(bytes: Uint8Array, from: number, to: number, arrivedMs: number): void;
  /** The device has ended its stream: an open window is handed out as it is, flagged partial. */
  end(): void;
  /** Gives the memory back. The open window is kept as its summary and goes on with the next `write`. */
  release(): void;
  /** End of the last whole window that was handed out or skipped: where a device may resume. */
  readonly safe: number;
  /** What was reduced so far, by the sink's own counts. */
  readonly tally: SinkTally;
}

/** Makes the sink of a new stream. */
export type OpenSink = (info: ChannelInfo, times: SampleTimes) => SampleSink;

export interface SampleForm {
  readonly scale: number;
  readonly offset: number;
  /** Raw counts at or beyond which a sample counts as clipped; the datatype's own ends where it is left out. */
  readonly fullScale: readonly [low: number, high: number] | undefined;
}

/** The words are those of the ledger. */
export interface SinkTally {
  readonly reduced: number;
  readonly pending: number;
  readonly clipped: number;
  readonly nonfinite: number;
  readonly windows: number;
}
