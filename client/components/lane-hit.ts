import { type DiagnosisSpan, gravity } from '../store/diagnosis-span.ts';
import type { LanePlane } from './lane-picture.ts';
import type { WantedRun } from './run-open.ts';

// Inside a stretch, not at its edge, where another run may speak.
const INSIDE_MS = 1;

/** Which stretch a hand means at `x`, CSS pixels of the lane: what is narrower than the hand is met beside it too, the gravest first. */
export function spanAt(
  spans: readonly DiagnosisSpan[],
  { fromMs, toMs, left, width }: LanePlane,
  { x, slackPx }: { readonly x: number; readonly slackPx: number },
): DiagnosisSpan | undefined {
  const msOf = (px: number) => (px * (toMs - fromMs)) / width;
  const atMs = fromMs + msOf(x - left);
  const away = (span: DiagnosisSpan) => Math.max(0, span.fromMs - atMs, atMs - span.toMs);
  const reachMs = (span: DiagnosisSpan) => Math.max(0, msOf(slackPx) - (span.toMs - span.fromMs) / 2);
  const met = spans.filter((span) => away(span) <= reachMs(span));
  return met.sort((a, b) => gravity(b) - gravity(a) || away(a) - away(b))[0];
}

/** The run that is meant by a moment in a stretch; of many runs one of the gravest. */
export function runIn({ fromMs, toMs, parts }: DiagnosisSpan, timeMs: number): WantedRun {
  if (parts && parts.length > 1) return { kind: 'gravest', fromMs, toMs };
  const insideMs = Math.min(INSIDE_MS, (toMs - fromMs) / 2);
  return { kind: 'at', timeMs: Math.min(toMs - insideMs, Math.max(fromMs + insideMs, timeMs)) };
}
