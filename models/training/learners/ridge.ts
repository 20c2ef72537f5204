import { gram } from '../gram.ts';
import { Tridiagonal } from '../tridiagonal.ts';

/** Strengths of the penalty that are tried: 10^-3 … 10^3. */
const ALPHAS = Array.from({ length: 10 }, (_, i) => 10 ** (-3 + (i * 6) / 9));

/** What ridge regression is fitted to. */
export interface RidgeProblem {
  /** runs × width. */
  readonly features: Float64Array;
  readonly width: number;
  /** Of each run, 0 … classes - 1. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Of each class: what an error of one of its runs weighs. */
  readonly weights: Float64Array;
}

export interface RidgeFit {
  readonly alpha: number;
  /** classes × width. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
}

/** Least squares of centred, weighted runs, solved for any alpha. */
interface Solver {
  /** The sum over runs and targets of squared errors, each run predicted by a fit to all others. */
  errorLeftOut(alpha: number): number;
  /** Of each target `width` coefficients. */
  solve(alpha: number): Float64Array[];
}

/**
 * Fits, for every class, 1 to its runs and -1 to all others by least squares with an L2 penalty, as scikit-learn's
 * RidgeClassifierCV does: of `ALPHAS` the one whose errors are least when each run is left out in turn, which takes one fit
 * (Golub, Heath, Wahba 1979). Takes the memory of `features`. Time: runs · width · the smaller of both, about 1 ns each.
 */
export function fitRidge({ features, width, labels, classes, weights }: RidgeProblem): RidgeFit {
  const roots = Float64Array.from(labels, (label) => Math.sqrt(weights[label]));
  const means = centre(features, width, roots);
  const targets = Array.from({ length: classes }, (_, c) => Float64Array.from(labels, (k) => (k === c ? 1 : -1)));
  const targetMeans = targets.map((target) => centre(target, 1, roots)[0]);
  const problem = { features, width, targets, roots };
  const solver = labels.length <= width ? solveByRuns(problem) : solveByColumns(problem);

  const errors = ALPHAS.map((alpha) => solver.errorLeftOut(alpha));
  const alpha = ALPHAS[errors.indexOf(Math.min(...errors))];
  const solutions = solver.solve(alpha);
  const coefficients = new Float64Array(classes * width);
  solutions.forEach((own, c) => {
    coefficients.set(own, c * width);
  });
  return {
    alpha,
    coefficients,
    intercepts: Float64Array.from(solutions, (own, c) => targetMeans[c] - dot(own, means)),
  };
}

/** Centred runs, each multiplied by the root of its weight. */
interface Centred {
  readonly features: Float64Array;
  readonly width: number;
  readonly targets: readonly Float64Array[];
  readonly roots: Float64Array;
}

// With K = X X': errors left out are ((K + a)^-1 y) / diag((K + a)^-1), less the intercept's share in the diagonal.
function solveByRuns({ features, width, targets, roots }: Centred): Solver {
  const runs = roots.length;
  const total = dot(roots, roots);
  const tridiagonal = new Tridiagonal(gram(features, runs, width), runs);
  const turned = new Float64Array(runs * runs);
  for (let run = 0; run < runs; run++) turned[run * (runs + 1)] = 1;
  tridiagonal.turn(turned);
  const turnedTargets = targets.map((target) => turnedBy(tridiagonal, target));
  const duals = (alpha: number) => {
    const shifted = tridiagonal.shifted(alpha);
    return turnedTargets.map((target) => turnedBackBy(tridiagonal, shifted.solve(target)));
  };
  return {
    errorLeftOut(alpha) {
      const shifted = tridiagonal.shifted(alpha);
      const scales = roots.map((root, run) => {
        const own = shifted.form(turned.subarray(run * runs, (run + 1) * runs));
        return own - (root * root) / (total * alpha);
      });
      return sumOfSquares(duals(alpha), scales);
    },
    solve: (alpha) => duals(alpha).map((dual) => combine(features, width, dual)),
  };
}

// With A = X'X: errors left out are (y - X w) / (1 - diag(X (A + a)^-1 X')), less the intercept's share.
function solveByColumns({ features, width, targets, roots }: Centred): Solver {
  const runs = roots.length;
  const total = dot(roots, roots);
  const tridiagonal = new Tridiagonal(gram(transpose(features, width), width, runs), width);
  const products = targets.map((target) => turnedBy(tridiagonal, combine(features, width, target)));
  tridiagonal.turn(features);
  const turnedSolutions = (alpha: number) => products.map((product) => tridiagonal.shifted(alpha).solve(product));
  return {
    errorLeftOut(alpha) {
      const shifted = tridiagonal.shifted(alpha);
      const row = (run: number) => features.subarray(run * width, (run + 1) * width);
      const scales = roots.map((root, run) => 1 - shifted.form(row(run)) - (root * root) / total);
      const solutions = turnedSolutions(alpha);
      const residuals = targets.map((target, t) => target.map((y, run) => y - dot(row(run), solutions[t])));
      return sumOfSquares(residuals, scales);
    },
    solve: (alpha) => turnedSolutions(alpha).map((solution) => turnedBackBy(tridiagonal, solution)),
  };
}

// Takes the weighted mean of each column away, multiplies rows by their roots, and returns the means.
function centre(values: Float64Array, width: number, roots: Float64Array): Float64Array {
  const total = dot(roots, roots);
  const means = combine(
    values,
    width,
    Float64Array.from(roots, (root) => (root * root) / total),
  );
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - means[i % width]) * roots[Math.floor(i / width)];
  return means;
}

/** X' f */
function combine(features: Float64Array, width: number, factors: Float64Array): Float64Array {
  const sums = new Float64Array(width);
  for (let run = 0, at = 0; run < factors.length; run++) {
    const factor = factors[run];
    for (let i = 0; i < width; i++, at++) sums[i] += factor * features[at];
  }
  return sums;
}

function sumOfSquares(errors: readonly Float64Array[], scales: Float64Array): number {
  return errors.reduce((sum, own) => own.reduce((part, error, run) => part + (error / scales[run]) ** 2, sum), 0);
}

function turnedBy(tridiagonal: Tridiagonal, vector: Float64Array): Float64Array {
  const turned = vector.slice();
  tridiagonal.turn(turned);
  return turned;
}

function turnedBackBy(tridiagonal: Tridiagonal, vector: Float64Array): Float64Array {
  tridiagonal.turnBack(vector);
  return vector;
}

function transpose(values: Float64Array, width: number): Float64Array {
  const rows = values.length / width;
  const turned = new Float64Array(values.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let i = 0; i < width; i++, at++) turned[i * rows + row] = values[at];
  }
  return turned;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
