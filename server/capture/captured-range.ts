import type { CaptureReply } from '../wire/captures.ts';

/** A stretch of time by the sample clock, ms since 1970 UTC; `toMs` not included. */
export interface CapturedTime {
  readonly fromMs: number;
  readonly toMs: number;
}

type Held = Pick<CaptureReply, 'segments' | 'rateHz'>;

/** From when to when a recording is. It has a segment. */
export function capturedRange(capture: Held): CapturedTime {
  const times = heldTimes(capture); // not in order where the clock was set back
  return { fromMs: Math.min(...times.map(({ fromMs }) => fromMs)), toMs: Math.max(...times.map(({ toMs }) => toMs)) };
}

/** Of when a recording is: of each of its segments; while it has none, of what was asked for. */
export function capturedTimes(capture: CaptureReply): readonly CapturedTime[] {
  if (capture.segments.length > 0) return heldTimes(capture);
  const { from, to, triggerSample, triggerMs, rateHz } = capture;
  const timeMs = (sample: number) => triggerMs + ((sample - triggerSample) / rateHz) * 1000;
  return [{ fromMs: timeMs(from), toMs: timeMs(to) }];
}

function heldTimes({ segments, rateHz }: Held): CapturedTime[] {
  return segments.map(({ timeMs, samples }) => ({ fromMs: timeMs, toMs: timeMs + (samples / rateHz) * 1000 }));
}
