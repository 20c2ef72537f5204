import type { ChannelInfo } from './channel-info.ts';
import type { SampleForm } from './sample-sink.ts';
import type { SampleAnchor } from './sample-time.ts';

/**
 * The newest samples of one stream, where they lie until newer ones take
 * their place. Samples have a *position*: they are counted as they come,
 * whatever was missing between them; `runs` say which of the stream they are.
 *
 * Compute writes it, capture reads it on the same thread.
 */
export interface RawRing {
  readonly info: ChannelInfo;
  readonly form: SampleForm;
  readonly sampleBytes: number;
  /** Its size. May change; positions stay. */
  readonly sizeBytes: number;
  /** Position of the oldest sample that is there, and the one after the newest. */
  readonly oldest: number;
  readonly end: number;
  /** At least one, oldest first, at most 256. The first may begin before `oldest`; each ends where the next begins. */
  readonly runs: readonly RawRun[];
  /** What the device said of the samples, the oldest first, at most 4,096; nothing before the first. */
  readonly marks: readonly RawMark[];
  /** Samples from `position` on, at most `samples`, as many as lie side by side. Borrowed: good until the ring is written. */
  read(position: number, samples: number): Uint8Array<ArrayBuffer>;
}

/** Samples without a gap between them, on one line of time. */
export interface RawRun {
  /** Position of the first one. */
  readonly at: number;
  /** Its index in the stream. */
  readonly index: number;
  /** What the times of its samples are reckoned from. */
  readonly anchor: SampleAnchor;
}

/** The flags of the frames that samples came in, from a position on until the next mark. */
export interface RawMark {
  readonly at: number;
  /** Bits of `WindowFlag`. */
  readonly flags: number;
}

/** Is shown what comes into a ring, before anything of it can be overtaken. */
export type RingWatch = (ring: RawRing, fresh: FreshSamples) => void;

/** Samples that follow each other, of which at least one is finite. */
export interface FreshSamples {
  /** Position of the first one; all lie side by side. */
  readonly position: number;
  readonly samples: number;
  /** Raw counts of those that are finite. */
  readonly min: number;
  readonly max: number;
}

/** The rings there are. */
export interface RawRings {
  /** Of the channel's newest stream; undefined while it has no memory. */
  find(channel: string): RawRing | undefined;
}

/** What a channel keeps. */
export interface RingStatus {
  readonly channel: string;
  readonly bytes: number;
  /** How long a full ring lasts at the channel's rate. */
  readonly seconds: number;
}
