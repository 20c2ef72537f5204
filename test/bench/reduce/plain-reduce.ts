import type { RawSummary } from '../../../server/kernels/reduce-kernel.ts';

export type PlainReduce = (xs: ArrayLike<number>, low: number, high: number) => RawSummary;

/**
 * The reduction as one writes it by hand for speed, without WASM. A copy of
 * its own for each caller, so that the engine compiles it for one array type.
 */
export function plainReduce(label: string, integers: boolean): PlainReduce {
  const source = (integers ? reduceIntegers : reduceReals).toString();
  // The engine shares compiled code among equal texts; the comment makes each its own.
  return new Function(`return ${source} // ${label}`)() as PlainReduce;
}

function reduceIntegers(xs: ArrayLike<number>, low: number, high: number): RawSummary {
  const count = xs.length;
  const center = xs[0];
  let min = center;
  let max = center;
  let sum = 0;
  let squares = 0;
  let clipped = 0;
  for (let i = 0; i < count; i++) {
    const x = xs[i];
    if (x < min) min = x;
    if (x > max) max = x;
    if (x <= low || x >= high) clipped++;
    const d = x - center;
    sum += d;
    squares += d * d;
  }
  const m2 = squares - (sum * sum) / count;
  return { count, min, max, mean: center + sum / count, m2, clipped, nonfinite: 0 };
}

// One pass around the first finite sample, so that a large offset costs no digits.
function reduceReals(xs: ArrayLike<number>, low: number, high: number): RawSummary {
  let center = 0;
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(xs[i])) continue;
    center = xs[i];
    break;
  }

  let count = 0;
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let squares = 0;
  let clipped = 0;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i];
    if (x - x !== 0) continue;
    count++;
    if (x < min) min = x;
    if (x > max) max = x;
    if (x <= low || x >= high) clipped++;
    const d = x - center;
    sum += d;
    squares += d * d;
  }
  const mean = center + sum / count;
  return { count, min, max, mean, m2: squares - (sum * sum) / count, clipped, nonfinite: xs.length - count };
}
