import type { SampleRange } from './capture-pieces.ts';

// Fewer samples than this across the screen show nothing more.
const LEAST_SAMPLES = 8;

/** A view as near to the one wished for as the recording allows. */
export function clampView({ from, to }: SampleRange, whole: SampleRange): SampleRange {
  const room = whole.to - whole.from;
  const span = Math.min(Math.max(to - from, Math.min(LEAST_SAMPLES, room)), room);
  const middle = (from + to) / 2;
  const start = Math.min(Math.max(middle - span / 2, whole.from), whole.to - span);
  return { from: start, to: start + span };
}

/** The view with `times` as many samples, of which the one at `at` stays where it is. */
export function zoomView({ from, to }: SampleRange, whole: SampleRange, times: number, at: number): SampleRange {
  const room = whole.to - whole.from;
  const span = Math.min(Math.max((to - from) * times, Math.min(LEAST_SAMPLES, room)), room);
  const start = at - ((at - from) / (to - from)) * span;
  return clampView({ from: start, to: start + span }, whole);
}

/** The view moved by so many samples. */
export function panView({ from, to }: SampleRange, whole: SampleRange, by: number): SampleRange {
  return clampView({ from: from + by, to: to + by }, whole);
}
