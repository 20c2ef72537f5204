import type { SampleRange } from './capture-pieces.ts';

/** The two places a reader marked, samples of the stream. */
export interface Markers {
  readonly a?: number;
  readonly b?: number;
}

/** Another part of the recording is to be shown. */
export class WaveViewEvent extends Event {
  readonly view: SampleRange;

  constructor(view: SampleRange) {
    super('fen-wave-view', { bubbles: true, composed: true });
    this.view = view;
  }
}

/** The cursor is at a sample of the stream, with fractions, or nowhere. */
export class WaveCursorEvent extends Event {
  readonly index: number | undefined;

  constructor(index: number | undefined) {
    super('fen-wave-cursor', { bubbles: true, composed: true });
    this.index = index;
  }
}

/** The markers were moved. */
export class WaveMarkersEvent extends Event {
  readonly markers: Markers;

  constructor(markers: Markers) {
    super('fen-wave-markers', { bubbles: true, composed: true });
    this.markers = markers;
  }
}

/** From one marker to the other, with the samples under both; undefined where there are not two. */
export function markedRange({ a, b }: Markers): SampleRange | undefined {
  if (a === undefined || b === undefined) return undefined;
  return { from: Math.min(a, b), to: Math.max(a, b) + 1 };
}

declare global {
  interface HTMLElementEventMap {
    'fen-wave-view': WaveViewEvent;
    'fen-wave-cursor': WaveCursorEvent;
    'fen-wave-markers': WaveMarkersEvent;
  }
}
