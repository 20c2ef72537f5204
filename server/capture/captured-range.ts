import type { CaptureReply } from '../wire/captures.ts';

/** From when to when a recording is, ms by the sample clock. It has a segment. */
export function capturedRange({ segments, rateHz }: Pick<CaptureReply, 'segments' | 'rateHz'>): {
  readonly fromMs: number;
  readonly toMs: number;
} {
  const begins = segments.map(({ timeMs }) => timeMs); // not in order where the clock was set back
  const ends = segments.map(({ timeMs, samples }) => timeMs + (samples / rateHz) * 1000);
  return { fromMs: Math.min(...begins), toMs: Math.max(...ends) };
}
