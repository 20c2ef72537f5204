import { AppError } from '../base/errors.ts';
import type { RawRing } from '../trend/raw-ring.ts';
import { type CaptureCause, CAPTURE_SIDE_LIMIT_SECONDS as SIDE_SECONDS } from '../wire/captures.ts';
import { indexAt, indexOfTime, positionOf } from './raw-place.ts';

/** What somebody wants of a channel. */
export interface CaptureOrder {
  readonly channel: string;
  readonly cause: CaptureCause;
  readonly span: CaptureSpan;
}

export type CaptureSpan =
  /** Seconds around a sample, of the newest where `index` is left out. */
  | { readonly kind: 'around'; readonly index?: number; readonly beforeSeconds: number; readonly afterSeconds: number }
  /** Of the sample clock, ns since 1970 UTC. */
  | { readonly kind: 'between'; readonly fromNs: bigint; readonly toNs: bigint };

/** Samples of a stream, `to` not included; none where the range ended before the stream began. */
export interface CapturePlan {
  readonly trigger: number;
  readonly from: number;
  readonly to: number;
}

/** Which samples of the ring's stream are meant. Throws `REQUEST_INVALID` for a range that is too long or too far ahead. */
export function planCapture(ring: RawRing, span: CaptureSpan): CapturePlan {
  const { rateHz } = ring.info;
  const newest = Math.max(0, indexAt(ring, ring.end) - 1);
  if (span.kind === 'around') {
    const trigger = span.index ?? newest;
    const from = Math.max(0, trigger - Math.round(span.beforeSeconds * rateHz));
    return { trigger, from, to: Math.max(from + 1, trigger + Math.round(span.afterSeconds * rateHz)) };
  }
  const begin = indexOfTime(ring, span.fromNs);
  const from = Math.max(0, begin);
  const least = begin < 0 ? 0 : 1; // what ended before the stream began has no sample in it
  const to = Math.max(from + least, indexOfTime(ring, span.toNs));
  if (to - from > 2 * SIDE_SECONDS * rateHz) {
    throw new AppError(
      'REQUEST_INVALID',
      `a range of ${Math.round((to - from) / rateHz)} s, expected at most ${2 * SIDE_SECONDS}`,
    );
  }
  if (to - newest > SIDE_SECONDS * rateHz) {
    throw new AppError(
      'REQUEST_INVALID',
      `a range that ends in ${Math.round((to - newest) / rateHz)} s, expected at most ${SIDE_SECONDS}`,
    );
  }
  return { trigger: from, from, to };
}

/** Why nothing of the range can be had, in words; undefined where something can. */
export function lackOf(ring: RawRing, { from, to }: CapturePlan): string | undefined {
  const position = positionOf(ring, from);
  if (position === ring.end || indexAt(ring, position) < to) return undefined;
  const seconds = (ring.end - ring.oldest) / ring.info.rateHz;
  return `no sample of that range is there any more: the last ${seconds.toFixed(1)} s are kept`;
}
