/** What of a recording is on the screen: samples of the stream, with fractions, on so many pixel columns. */
export interface WaveView {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

/** Pixel columns, left to right, in the channel's unit; `min` and `max` are NaN where `count` is 0. */
export interface WaveColumns {
  readonly kind: 'columns';
  readonly length: number;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly count: Float64Array;
  /** Not 0 where a gap begins in the column. */
  readonly broken: Uint8Array;
}

/** Samples themselves, from the one before the view to the one after it. Where indices do not follow each other is a gap. */
export interface WaveSamples {
  readonly kind: 'samples';
  readonly length: number;
  readonly index: Float64Array;
  /** In the channel's unit. */
  readonly value: Float64Array;
}

export type WavePicture = WaveColumns | WaveSamples;

/** What the charts of a recording draw from. */
export interface WaveSource {
  /** Grows with everything that comes in. */
  readonly version: number;
  /** The finest picture of a view that can be made of what is here; valid until the next call. Undefined before anything is. */
  picture(view: WaveView): WavePicture | undefined;
}
