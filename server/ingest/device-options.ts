import type { DeviceHello } from './device-hello.ts';

export interface DeviceOptions {
  readonly host: string;
  readonly port: number;
  readonly hello: DeviceHello;
  /** Bytes of a sample of the hello's datatype. */
  readonly sampleBytes: number;
  /** Samples a frame holds at most; lowered where they would not fit into a payload of the protocol. */
  readonly frameSamples: number;
  /** Bound on what is kept until it is acknowledged; raised to two windows, since only whole windows are. */
  readonly bufferBytes: number;
  /**
   * When that is full: `wait` makes `room` wait, for a source that can. `drop`
   * gives up the oldest samples, as a device must that cannot stop time.
   */
  readonly whenFull: 'wait' | 'drop';
  /** Also retry while the first connection fails; otherwise `open` rejects. */
  readonly retryFirst: boolean;
  /** Give up after so long without a connection; default: never. */
  readonly giveUpMs?: number;
  /** First and longest pause between attempts; default 250 and 5000. */
  readonly retryMs?: readonly [first: number, longest: number];
  readonly onEvent?: (event: DeviceEvent) => void;
}

export type DeviceEvent =
  | { readonly kind: 'connected'; readonly stream: string; readonly window: number; readonly nextSample: number }
  | { readonly kind: 'lost'; readonly reason: string; readonly retryMs: number };

export interface DeviceCounts {
  /** Those that were sent again count again. */
  readonly sentSamples: number;
  readonly sentBytes: number;
  /** Samples given up because the server did not take them in time, and those that the device never took. */
  readonly lostSamples: number;
  readonly connections: number;
}

/** Where the next frame's samples belong, and what is known about them. */
export interface FramePlace {
  readonly firstSample: number;
  readonly samples: number;
  /** Time of the first of them, ns since 1970 UTC. */
  readonly timeNs?: bigint;
  /** Bits of `WindowFlag`. */
  readonly flags?: number;
  /** Samples that the device lost itself, right before these. */
  readonly lostBefore?: number;
}
