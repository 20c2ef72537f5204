import type { Random } from '../../../server/ingest/simulator/random.ts';

/** In [low, high), as often below their geometric mean as above it: most of what happens is small. */
export function logBetween(random: Random, low: number, high: number): number {
  return low * (high / low) ** random.uniform();
}

/** Normal, cut off at three standard deviations. */
export function boundedNormal(random: Random): number {
  return Math.max(-3, Math.min(3, random.normal()));
}

/** A stretch of time in which something may happen, ms. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Stays at another level, within `lit` or beyond one end of it, with so many edges. */
export function drawStays(random: Random, { fromMs, toMs }: Stretch, count: number): Stretch[] {
  const margin = 0.05 * (toMs - fromMs);
  const edges = Array.from({ length: Math.round(count) }, () => random.between(fromMs + margin, toMs - margin));
  const sorted = edges.sort((a, b) => a - b);
  const all =
    edges.length % 2 === 0
      ? sorted
      : random.uniform() < 0.5
        ? [...sorted, toMs + 10_000]
        : [fromMs - 10_000, ...sorted];
  return Array.from({ length: all.length / 2 }, (_, i) => ({
    fromMs: all[2 * i] as number,
    toMs: all[2 * i + 1] as number,
  }));
}
