import type { SampleRange } from '../waveform/capture-pieces.ts';
import type { Markers } from '../waveform/wave-events.ts';
import { clampView } from '../waveform/wave-view.ts';

/** What of a recording is looked at. */
export interface WaveLook {
  readonly view: SampleRange;
  readonly markers: Markers;
}

/** Reads it from an address, `?from&to` and `?a&b`, samples of the stream. What has no meaning there is left out. */
export function readWaveLook(query: string, whole: SampleRange): WaveLook {
  const parameters = new URLSearchParams(query);
  const read = (key: string) => sampleOf(parameters.get(key), whole);
  const from = read('from');
  const to = read('to');
  const [a, b] = [read('a'), read('b')];
  const isRange = from !== undefined && to !== undefined && from < to;
  return {
    view: isRange ? clampView({ from, to }, whole) : whole,
    markers: { ...(a !== undefined && { a }), ...(b !== undefined && { b }) },
  };
}

/** The same as parts of a query; undefined where all of it is shown, and for markers that are not set. */
export function writeWaveLook({ view, markers }: WaveLook, whole: SampleRange): Record<string, string | undefined> {
  const isWhole = view.from <= whole.from && view.to >= whole.to;
  return {
    from: isWhole ? undefined : String(Math.floor(view.from)),
    to: isWhole ? undefined : String(Math.ceil(view.to)),
    a: markers.a?.toString(),
    b: markers.b?.toString(),
  };
}

function sampleOf(written: string | null, { from, to }: SampleRange): number | undefined {
  const index = written !== null && /^\d{1,16}$/.test(written) ? Number(written) : undefined;
  return index !== undefined && index >= from && index <= to ? index : undefined;
}
