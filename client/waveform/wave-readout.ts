import type { SampleRange } from './capture-pieces.ts';
import type { WavePicture } from './wave-source.ts';

/** What a picture shows at a place: a sample, or the extremes of those in a pixel column. */
export interface WaveReadout {
  readonly index: number;
  readonly low: number;
  readonly high: number;
}

/** Reads a picture at a place of the stream. Undefined where there is no sample. */
export function readWave(picture: WavePicture, view: SampleRange, at: number): WaveReadout | undefined {
  if (picture.kind === 'columns') {
    const column = Math.floor(((at - view.from) / (view.to - view.from)) * picture.length);
    if (!(column >= 0 && column < picture.length && picture.count[column] > 0)) return undefined;
    return { index: Math.round(at), low: picture.min[column], high: picture.max[column] };
  }
  for (let i = 0; i < picture.length; i++) {
    if (Math.abs(picture.index[i] - at) > 0.5) continue;
    return { index: picture.index[i], low: picture.value[i], high: picture.value[i] };
  }
  return undefined;
}
