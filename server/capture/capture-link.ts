import type { ChannelInfo } from '../trend/channel-info.ts';
import type { SampleAnchor } from '../trend/sample-time.ts';
import type { CaptureCause, CaptureReply } from '../wire/captures.ts';
import type { FlaggedSpan } from './device-flags.ts';

// What the ingest thread and the capture thread say to each other, over a
// port of their own: no thread that serves people stands between a sample and
// the disk.

/** Of one recording in this order: `begin`, `samples` as often as some come, `end`. */
export type ToCapture =
  | { readonly kind: 'begin'; readonly capture: CaptureReply; readonly info: ChannelInfo }
  | { readonly kind: 'samples'; readonly id: string; readonly piece: Piece }
  | { readonly kind: 'end'; readonly id: string; readonly overtaken: number; readonly note?: string }
  /** Of one that is held: why it was made, in the end; or that it is not wanted. */
  | { readonly kind: 'confirm'; readonly id: string; readonly cause: CaptureCause }
  | { readonly kind: 'drop'; readonly id: string }
  /** Only to be listed. */
  | { readonly kind: 'refused'; readonly capture: CaptureReply };

/** Samples that follow each other; the receiver owns them. */
export interface Piece {
  readonly buffer: ArrayBuffer;
  /** Where they do not follow the piece before: their place in the stream, the time of the first, ns since 1970 UTC, and what it is reckoned from. */
  readonly start?: { readonly index: number; readonly timeNs: bigint; readonly anchor: SampleAnchor };
  /** What the device said of some of them. */
  readonly flagged?: readonly FlaggedSpan[];
}

export type FromCapture =
  /** What there is at the start, and after one was removed; `recent` is what is not known yet. */
  | { readonly kind: 'stored'; readonly fill: StoreFill; readonly recent: readonly Recent[] }
  /** So many bytes of samples are on the disk, or thrown away. */
  | { readonly kind: 'taken'; readonly bytes: number }
  /** The recording is over, as asked or for a reason of the disk. */
  | { readonly kind: 'over'; readonly id: string; readonly fill: StoreFill };

/** What is on the disk. */
export interface StoreFill {
  readonly bytes: number;
  readonly recordings: number;
  /** Of them, those that no person asked for: the oldest make room for others. */
  readonly spareBytes: number;
  readonly spareRecordings: number;
}

/** A recording of the last hour. */
export interface Recent {
  readonly channel: string;
  readonly cause: CaptureCause['kind'];
  readonly createdMs: number;
  readonly bytes: number;
}
