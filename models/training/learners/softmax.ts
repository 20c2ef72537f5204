import { gram } from '../gram.ts';
import { Cholesky } from './cholesky.ts';
import { minimise, type Objective } from './lbfgs.ts';
import type { LinearScores } from './linear.ts';
import { addTransposedProduct, multiply } from './products.ts';

/** What a softmax regression is fitted to. */
export interface SoftmaxProblem {
  /** runs × width. */
  readonly features: Float32Array;
  readonly width: number;
  /** Of each run, 0 … classes - 1. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Of each class: what the loss of one of its runs weighs. */
  readonly weights: Float64Array;
  /** Inverse strength of the penalty, as scikit-learn's `C`. */
  readonly c: number;
}

const MAX_ITERATIONS = 500;
/** Of the mean loss; see `Stopping`. */
const MAX_SLOPE = 1e-6;
/** Products of every two columns are worth the time of as many iterations. */
const WORTH_ITERATIONS = 100;

/**
 * Fits multinomial logistic regression with an L2 penalty: minimises
 * C Σ wᵢ lossᵢ + ½ ‖W‖², intercepts unpenalised, as scikit-learn's
 * `LogisticRegression(multi_class='multinomial')` does, for two classes too.
 *
 * Inside, columns are taken from their means, which the intercepts make up
 * for, and steps are measured by how columns go together (Böhning 1992), or
 * by their deviations where there are too many; both change the way to the
 * minimum, not the minimum. Time: about 4 · runs · width · classes operations
 * an iteration.
 */
export function fitSoftmax(problem: SoftmaxProblem): LinearScores {
  const { width, classes } = problem;
  const loss = new SoftmaxLoss(problem);
  const solution = minimise(loss, { maxIterations: MAX_ITERATIONS, maxSlope: MAX_SLOPE });
  const weights = Float32Array.from(solution.subarray(0, classes * width));
  const intercepts = new Float32Array(classes);
  for (let k = 0; k < classes; k++) {
    // Of the rounded weights, so that far from 0 their rounding does not add up.
    let shift = 0;
    for (let j = 0; j < width; j++) shift += weights[k * width + j] * loss.means[j];
    intercepts[k] = solution[classes * width + k] - shift;
  }
  return { weights, intercepts };
}

/** The mean loss with its penalty, over the weights (classes × width) and then the intercepts of centred columns. */
class SoftmaxLoss implements Objective {
  readonly size: number;
  /** Of each column. */
  readonly means: Float64Array;
  readonly #problem: SoftmaxProblem;
  readonly #runs: number;
  readonly #total: number;
  readonly #penalty: number;
  readonly #scores: Float64Array;
  /** Multiplies a class's slopes by about the inverse of its second derivatives. */
  readonly #precondition: (slopes: Float64Array) => void;

  constructor(problem: SoftmaxProblem) {
    const { width, classes, labels, weights, c } = problem;
    this.#problem = problem;
    this.#runs = labels.length;
    this.#total = labels.reduce((sum, label) => sum + weights[label], 0);
    this.#penalty = 1 / (c * this.#total);
    this.#scores = new Float64Array(this.#runs * classes);
    this.size = classes * (width + 1);
    const { means, variances } = columnMoments(problem);
    this.means = means;
    const spread = spreadOf(classes);
    if (isWorthProducts(problem)) {
      const factor = new Cholesky(covariance(problem, means), width, { scale: spread, shift: this.#penalty });
      this.#precondition = (slopes) => factor.solve(slopes);
    } else {
      const curvature = variances.map((variance) => spread * variance + this.#penalty);
      this.#precondition = (slopes) => {
        for (let j = 0; j < width; j++) slopes[j] /= curvature[j];
      };
    }
  }

  precondition(gradient: Float64Array): void {
    const { width, classes } = this.#problem;
    for (let k = 0; k < classes; k++) this.#precondition(gradient.subarray(k * width, (k + 1) * width));
    for (let k = 0; k < classes; k++) gradient[classes * width + k] /= spreadOf(classes);
  }

  /** Returns the loss at `point` and writes its gradient. */
  evaluate(point: Float64Array, gradient: Float64Array): number {
    const { features, width, classes } = this.#problem;
    const split = classes * width;
    let squares = 0;
    for (let p = 0; p < split; p++) {
      squares += point[p] * point[p];
      gradient[p] = this.#penalty * point[p];
    }
    multiply({ features, width, runs: this.#runs, weights: point, outputs: classes, products: this.#scores });
    const loss = this.#toResiduals(this.#offsets(point));
    addTransposedProduct({
      features,
      width,
      runs: this.#runs,
      factors: this.#scores,
      outputs: classes,
      sums: gradient,
    });
    for (let k = 0; k < classes; k++) {
      let sum = 0;
      for (let at = k; at < this.#scores.length; at += classes) sum += this.#scores[at];
      for (let j = 0; j < width; j++) gradient[k * width + j] -= this.means[j] * sum;
      gradient[split + k] = sum;
    }
    return loss + 0.5 * this.#penalty * squares;
  }

  /** What is added to scores of columns that are not centred. */
  #offsets(point: Float64Array): Float64Array {
    const { width, classes } = this.#problem;
    const offsets = point.slice(classes * width);
    for (let k = 0; k < classes; k++) {
      for (let j = 0; j < width; j++) offsets[k] -= point[k * width + j] * this.means[j];
    }
    return offsets;
  }

  /** Turns the scores into the loss's derivatives by them, and returns the loss. */
  #toResiduals(offsets: Float64Array): number {
    const { classes, labels, weights } = this.#problem;
    const scores = this.#scores;
    let loss = 0;
    for (let run = 0, from = 0; run < this.#runs; run++, from += classes) {
      let largest = -Infinity;
      for (let k = 0; k < classes; k++) {
        scores[from + k] += offsets[k];
        if (scores[from + k] > largest) largest = scores[from + k];
      }
      const own = scores[from + labels[run]];
      let sum = 0;
      for (let k = 0; k < classes; k++) {
        const power = Math.exp(scores[from + k] - largest);
        scores[from + k] = power;
        sum += power;
      }
      const weight = weights[labels[run]] / this.#total;
      loss += weight * (Math.log(sum) + largest - own);
      for (let k = 0; k < classes; k++) scores[from + k] *= weight / sum;
      scores[from + labels[run]] -= weight;
    }
    return loss;
  }
}

// Variance of a class's indicator where all are as likely: the loss's second derivative by its score.
function spreadOf(classes: number): number {
  return (1 / classes) * (1 - 1 / classes);
}

// The products and their factor, against the iterations' scores and slopes, in operations.
function isWorthProducts({ width, classes, labels }: SoftmaxProblem): boolean {
  const products = labels.length * width ** 2 + width ** 3 / 3;
  return products <= WORTH_ITERATIONS * 4 * labels.length * width * classes;
}

/** Of the weighted columns; the lower half. */
function covariance({ features, width, labels, weights }: SoftmaxProblem, means: Float64Array): Float64Array {
  const runs = labels.length;
  const total = labels.reduce((sum, label) => sum + weights[label], 0);
  const columns = new Float64Array(width * runs);
  for (let run = 0, at = 0; run < runs; run++) {
    const root = Math.sqrt(weights[labels[run]] / total);
    for (let j = 0; j < width; j++, at++) columns[j * runs + run] = root * (features[at] - means[j]);
  }
  return gram(columns, width, runs);
}

function columnMoments({ features, width, labels, weights }: SoftmaxProblem): {
  means: Float64Array;
  variances: Float64Array;
} {
  const means = new Float64Array(width);
  const variances = new Float64Array(width);
  let total = 0;
  for (let run = 0, at = 0; run < labels.length; run++) {
    const weight = weights[labels[run]];
    total += weight;
    // West's update of mean and squares, which keeps its digits far from 0.
    const share = weight / total;
    for (let j = 0; j < width; j++, at++) {
      const deviation = features[at] - means[j];
      means[j] += deviation * share;
      variances[j] += weight * deviation * (features[at] - means[j]);
    }
  }
  for (let j = 0; j < width; j++) variances[j] /= total;
  return { means, variances };
}
