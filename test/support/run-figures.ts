import { quantile } from '../../models/training/metrics.ts';

const SHARES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];

/** Figures that somebody would look at first: what one number can say of a row of points. */
export function runFigures(row: ArrayLike<number>): Record<string, number> {
  const points = Float64Array.from(row);
  const steps = points.slice(1).map((point, i) => point - points[i]!);
  const [mean, stepMean] = [meanOf(points), meanOf(steps)];
  const [deviation, stepDeviation] = [Math.sqrt(moment(points, mean, 2)), Math.sqrt(moment(steps, stepMean, 2))];
  const middle = (points.length - 1) / 2;
  const slope =
    covariance(
      points,
      points.map((_, i) => i - middle),
    ) /
    moment(
      points.map((_, i) => i),
      middle,
      2,
    );
  const quantiles = SHARES.map((share) => quantile(points, share));
  const median = quantile(points, 0.5);
  const [min, max] = [Math.min(...points), Math.max(...points)];
  const sizes = steps.map(Math.abs);
  return {
    mean,
    deviation,
    range: max - min,
    skewness: moment(points, mean, 3) / deviation ** 3,
    kurtosis: moment(points, mean, 4) / deviation ** 4,
    slope,
    steepness: Math.abs(slope),
    'half to half': meanOf(points.subarray(points.length / 2)) - meanOf(points.subarray(0, points.length / 2)),
    'lag-1 autocorrelation': covariance(points.subarray(1), points.subarray(0, -1)) / deviation ** 2,
    'deviation of steps': stepDeviation,
    'mean step': meanOf(sizes),
    'largest step': Math.max(...sizes),
    'largest step up': Math.max(...steps),
    'largest step down': Math.min(...steps),
    'kurtosis of steps': moment(steps, stepMean, 4) / stepDeviation ** 4,
    'quartile distance': quantile(points, 0.75) - quantile(points, 0.25),
    'median deviation': quantile(
      points.map((point) => Math.abs(point - median)),
      0.5,
    ),
    'root mean square': Math.sqrt(moment(points, 0, 2)),
    crest: max / Math.sqrt(moment(points, 0, 2)),
    'crossings of the mean': steps.filter((step, i) => points[i]! < mean !== points[i]! + step < mean).length,
    first: points[0]!,
    last: points.at(-1)!,
    ...Object.fromEntries(SHARES.map((share, i) => [`quantile ${share}`, quantiles[i]!])),
  };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function moment(values: Float64Array, around: number, power: number): number {
  return meanOf(values.map((value) => (value - around) ** power));
}

function covariance(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  return meanOf(a.map((value, i) => (value - meanA) * (b[i]! - meanB)));
}
