/**
 * What one window of one channel came to.
 *
 * `count` is the finite samples that the figures are made of; NaN and
 * infinities arrived too, but only `nonfinite` counts them. An empty summary
 * has count 0, min +inf, max -inf, mean 0 and m2 0. Of any other the figures
 * are finite, but for m2, which is infinite where it is beyond f64: the squares
 * of samples past 1e154 are.
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
  const weight = b.count / count;
  const delta = b.mean - a.mean;
  return {
    count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    mean: mergeMeans(a.mean, b.mean, weight),
    m2: a.m2 + b.m2 + delta * delta * (a.count * weight),
    clipped,
    nonfinite,
  };
}

/** The mean of two means, of which the second has `weight`, 0 .. 1, however far they are apart. */
export function mergeMeans(a: number, b: number, weight: number): number {
  const delta = b - a;
  if (Number.isFinite(delta)) return a + delta * weight;
  const half = (b / 2 - a / 2) * weight; // two numbers of opposite sign can be further apart than f64 reaches
  return a + half + half;
}

/** Population standard deviation of the samples, in their unit; 0 for an empty summary, infinite where m2 is. */
export function deviation(summary: Pick<Summary, 'm2' | 'count'>): number {
  return summary.count === 0 ? 0 : Math.sqrt(summary.m2 / summary.count);
}

/**
 * The same samples as `value = raw * scale + offset`. A negative scale swaps
 * the extremes. A value beyond the range of f64 becomes the end of that range.
 */
export function scaleSummary(raw: Summary, scale: number, offset: number): Summary {
  if (raw.count === 0) return raw;
  const a = saturate(raw.min * scale + offset);
  const b = saturate(raw.max * scale + offset);
  return {
    ...raw,
    min: scale < 0 ? b : a,
    max: scale < 0 ? a : b,
    mean: saturate(raw.mean * scale + offset),
    m2: raw.m2 * scale * scale,
  };
}

function saturate(value: number): number {
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}
