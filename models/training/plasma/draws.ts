import type { Random } from '../../../server/ingest/simulator/random.ts';

/** In [low, high), as often below their geometric mean as above it: most of what happens is small. */
export function logBetween(random: Random, low: number, high: number): number {
  return low * (high / low) ** random.uniform();
}

/** Normal, cut off at three standard deviations. */
export function boundedNormal(random: Random): number {
  return Math.max(-3, Math.min(3, random.normal()));
}
