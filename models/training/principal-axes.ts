import type { Random } from '../../server/ingest/simulator/random.ts';
import { addTransposedProduct, multiply } from './learners/products.ts';

/** Numbers of many runs, centred. */
export interface CentredTable {
  /** runs × width. */
  readonly values: Float32Array;
  readonly width: number;
}

export interface PrincipalAxes {
  /** Orthonormal, count × width; 0 where no direction is left. */
  readonly axes: Float64Array;
  /** Of each axis: the sum of squares along it. */
  readonly squares: Float64Array;
}

const ITERATIONS = 5;

/**
 * Finds the `count` directions in which runs differ most, the largest first,
 * by orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2.4).
 */
export function principalAxes({ values, width }: CentredTable, count: number, random: Random): PrincipalAxes {
  const runs = values.length / width;
  let axes = Float64Array.from({ length: count * width }, () => random.normal());
  const products = new Float64Array(runs * count);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    orthonormalise(axes, width);
    multiply({ features: values, width, runs, weights: axes, outputs: count, products });
    axes = new Float64Array(count * width);
    addTransposedProduct({ features: values, width, runs, factors: products, outputs: count, sums: axes });
  }
  orthonormalise(axes, width);
  multiply({ features: values, width, runs, weights: axes, outputs: count, products });
  const squares = new Float64Array(count);
  products.forEach((product, at) => {
    squares[at % count] += product ** 2;
  });
  return { axes, squares };
}

// Gram and Schmidt, twice, since once loses digits; a direction that the earlier ones hold becomes 0.
function orthonormalise(axes: Float64Array, width: number): void {
  for (let at = 0; at < axes.length; at += width) {
    const own = axes.subarray(at, at + width);
    const before = norm(own);
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < at; other += width) {
        let product = 0;
        for (let j = 0; j < width; j++) product += own[j]! * axes[other + j]!;
        for (let j = 0; j < width; j++) own[j]! -= product * axes[other + j]!;
      }
    }
    const length = norm(own);
    const scale = length > 1e-9 * before ? 1 / length : 0;
    for (let j = 0; j < width; j++) own[j]! *= scale;
  }
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
}
