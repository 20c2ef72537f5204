import type { Annotation } from '../../sigmf/metadata.ts';
import { WindowFlag } from '../../trend/trend-window.ts';

/** Samples `from` … `to` of a file, of which all or none are in an annotation with flags. */
export interface FlaggedPart {
  readonly from: number;
  readonly to: number;
  /** Bits of the device's own `WindowFlag`s. */
  readonly flags: number;
}

/**
 * Cuts samples `from` … `to` of a file where the device's flags change, as
 * annotations tell. Samples were lost before an annotation's first one alone.
 */
export function flaggedParts(annotations: readonly Annotation[], from: number, to: number): FlaggedPart[] {
  const spans = annotations.map((it) => ({
    from: it['core:sample_start'],
    to: it['core:sample_start'] + (it['core:sample_count'] ?? Infinity),
    flags: it['fenestra:flags'] ?? 0,
  }));
  const near = spans.filter((span) => span.flags !== 0 && span.from < to && span.to > from);
  const ends = near.flatMap((span) => [span.from, span.to]).filter((at) => at > from && at < to);
  const cuts = [...new Set([from, ...ends, to])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((cut, i) => {
    const over = near.filter((span) => span.from <= cut && span.to > cut);
    const bits = over.map((span) => (span.from === cut ? span.flags : span.flags & ~WindowFlag.SampleLoss));
    return { from: cut, to: cuts[i + 1] as number, flags: bits.reduce((all, it) => all | it, 0) };
  });
}
