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

/** Scaled where a sum could overflow. The second round takes back what rounding lost in the first. */
function meanOf(xs: readonly number[]): number {
  const scale = xs.some((x) => Math.abs(x) > 1e290) ? 2 ** -64 : 1;
  const near = xs.reduce((sum, x) => sum + x * scale, 0) / xs.length;
  const rest = xs.reduce((sum, x) => sum + (x * scale - near), 0) / xs.length;
  const most = Number.MAX_VALUE;
  return Math.max(-most, Math.min(most, (near + rest) / scale));
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

/** How far a mean or an m2 may be from the reference: means have 53 bits, and on a large offset m2 shares their loss. */
export function tolerances({ count, min, max, m2 }: RawSummary): { mean: number; m2: number } {
  if (count === 0) return { mean: 0, m2: 0 };
  const scale = Math.max(Math.abs(min), Math.abs(max));
  const digit = 1e-15 * scale + 4 * Number.MIN_VALUE;
  return {
    mean: 1e-12 * scale + 2 * Number.MIN_VALUE,
    m2: 1e-9 * m2 + count * digit * (Math.sqrt(m2 / count) + digit),
  };
}
