import type { RawSummary } from '../../server/kernels/reduce-kernel.ts';

/** The reduce kernels' meaning, written for reading: the oracle of their tests. */
export function scalarReduce(window: ArrayLike<number>, fullScale: readonly [number, number]): RawSummary {
  const all = Array.from(window);
  const live = all.filter((x) => Number.isFinite(x));
  const nonfinite = all.length - live.length;
  if (live.length === 0) return { count: 0, min: Infinity, max: -Infinity, mean: 0, m2: 0, clipped: 0, nonfinite };

  const [low, high] = fullScale;
  const mean = meanOf(live);
  return {
    count: live.length,
    min: live.reduce((least, x) => Math.min(least, x), Infinity),
    max: live.reduce((most, x) => Math.max(most, x), -Infinity),
    mean,
    m2: live.reduce((sum, x) => sum + (x - mean) ** 2, 0),
    clipped: live.filter((x) => x <= low || x >= high).length,
    nonfinite,
  };
}

/** Divides first, since a sum of the greatest f64 overflows; the second round takes back what rounding lost. */
function meanOf(xs: readonly number[]): number {
  const near = xs.reduce((sum, x) => sum + x / xs.length, 0);
  return near + xs.reduce((sum, x) => sum + (x / xs.length - near / xs.length), 0);
}

/** Mean and m2 of integers, exact until the last division. */
export function exactMoments(window: ArrayLike<number>): { mean: number; m2: number } {
  const xs = Array.from(window, BigInt);
  const n = BigInt(xs.length);
  const sum = xs.reduce((total, x) => total + x, 0n);
  const squares = xs.reduce((total, x) => total + x * x, 0n);
  return { mean: ratio(sum, n), m2: ratio(n * squares - sum * sum, n) };
}

function ratio(a: bigint, b: bigint): number {
  const whole = a / b;
  return Number(whole) + Number(a - whole * b) / Number(b);
}
