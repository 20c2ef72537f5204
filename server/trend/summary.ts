/**
 * What one window of one channel came to.
 *
 * `count` is the finite samples that the figures are made of; NaN and
 * infinities arrived too, but only `nonfinite` counts them. An empty summary
 * has count 0, min +inf, max -inf, mean 0 and m2 0.
 */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean; variance is `m2 / count`. */
  readonly m2: number;
  /** Samples at or beyond full scale. */
  readonly clipped: number;
  /** Samples that are NaN or infinite. */
  readonly nonfinite: number;
}

export const EMPTY_SUMMARY: Summary = {
  count: 0,
  min: Infinity,
  max: -Infinity,
  mean: 0,
  m2: 0,
  clipped: 0,
  nonfinite: 0,
};

/**
 * The summary of both windows' samples together (Chan, Golub and LeVeque,
 * 1979). Extremes and counts are exact; mean and m2 associate up to rounding.
 */
export function mergeSummaries(a: Summary, b: Summary): Summary {
  const clipped = a.clipped + b.clipped;
  const nonfinite = a.nonfinite + b.nonfinite;
  if (b.count === 0) return { ...a, clipped, nonfinite };
  if (a.count === 0) return { ...b, clipped, nonfinite };

  const count = a.count + b.count;
  const delta = b.mean - a.mean;
  return {
    count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    mean: a.mean + (delta * b.count) / count,
    m2: a.m2 + b.m2 + (delta * delta * a.count * b.count) / count,
    clipped,
    nonfinite,
  };
}

/** Population standard deviation of the samples, in their unit; 0 for an empty summary. */
export function deviation(summary: Pick<Summary, 'm2' | 'count'>): number {
  return summary.count === 0 ? 0 : Math.sqrt(summary.m2 / summary.count);
}

/** The same samples as `value = raw * scale + offset`. A negative scale swaps the extremes. */
export function scaleSummary(raw: Summary, scale: number, offset: number): Summary {
  if (raw.count === 0) return raw;
  const a = raw.min * scale + offset;
  const b = raw.max * scale + offset;
  return {
    ...raw,
    min: scale < 0 ? b : a,
    max: scale < 0 ? a : b,
    mean: raw.mean * scale + offset,
    m2: raw.m2 * scale * scale,
  };
}
