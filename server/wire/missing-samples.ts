import type { CaptureReply } from './captures.ts';

/** Samples that were asked for and are not there. */
export interface MissingSamples {
  /** Before the first one that is there, besides those that had been overtaken. */
  readonly start: number;
  readonly inside: number;
  readonly end: number;
}

/** What a recording lacks of what was asked for; it has a segment. */
export function missingSamples({ from, to, overtaken, samples, segments }: CaptureReply): MissingSamples {
  const first = segments[0]!.index;
  const last = segments[segments.length - 1]!;
  const after = last.index + last.samples;
  return { start: Math.max(0, first - from - overtaken), inside: after - first - samples, end: to - after };
}
