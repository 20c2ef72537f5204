import type { ChannelInfo } from './channel-info.ts';
import type { Parcel } from './window-outbox.ts';

// What the ingest thread and the history thread say to each other, over a
// port of their own: no thread that serves people stands between a sample and
// the disk.

/**
 * What the history is told: channels before their windows, windows in order.
 *
 * A device that sends again sends in order too, and `sendsFrom` of an `opened`
 * says that it does so from there: what was given up after it and the windows
 * that follow pass over is not to be had any more, and marks pass it too. An
 * `opened` without it changes nothing of what is to come again. Windows that
 * the history has already may come again; it drops them.
 */
export type ToHistory =
  | Parcel
  /** After `ask`: what there was has been handed out, as far as the history keeps up. */
  | { readonly kind: 'asked' };

/** What it answers. */
export type FromHistory =
  /** It is about to write: windows come when it asks, and not each for itself. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'taken'; readonly rows: number }
  /** After a commit, of every stream of which windows came, were they only ones that the history had. */
  | { readonly kind: 'durable'; readonly marks: readonly DurableMark[] }
  /** Windows from there on were given up because the disk was full for too long: who has the samples sends them again. */
  | { readonly kind: 'resend'; readonly marks: readonly Omit<DurableMark, 'partSamples'>[] };

/** Every window of the stream that ends at or before `nextSample` is on the disk. */
export interface DurableMark {
  readonly channel: string;
  readonly stream: string;
  /** A multiple of the window size. Stands before a newest window that is flagged partial: it may still come whole. */
  readonly nextSample: number;
  /** Samples of that partial window, which is on the disk too; 0 where there is none. */
  readonly partSamples: number;
}

/** What the history knows of a stream when the server starts, so that its device resumes where it was. */
export interface StreamMark {
  readonly info: ChannelInfo;
  /** As in `DurableMark`. */
  readonly nextSample: number;
  /** A sample of the newest window and its time, ns since 1970 UTC: the line of time goes on. */
  readonly anchor: { readonly sample: number; readonly timeNs: bigint };
}
