import { quantile } from '../../models/training/metrics.ts';
import { POINTS_PER_SECOND } from '../../models/training/plasma/input.ts';
import { powerDensity } from './spectrum.ts';

const SPECTRUM_SIZE = 1024; // of which a run fills 972
const LAGS = [1, 2, 5, 10, 50, 200];
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
  const usualStep = quantile(sizes, 0.5);
  return {
    mean,
    deviation,
    range: max - min,
    skewness: moment(points, mean, 3) / deviation ** 3,
    kurtosis: moment(points, mean, 4) / deviation ** 4,
    slope,
    steepness: Math.abs(slope),
    'half to half': meanOf(points.subarray(points.length / 2)) - meanOf(points.subarray(0, points.length / 2)),
    ...Object.fromEntries(LAGS.map((lag) => [`lag-${lag} autocorrelation`, autocorrelation(points, lag)])),
    'lag-1 autocorrelation of steps': autocorrelation(steps, 1),
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
    'steps beyond four usual ones': sizes.filter((size) => size > 4 * usualStep).length,
    'crossings of the mean': changes(points.map((point) => point - mean)),
    'crossings of the median': changes(points.map((point) => point - median)),
    'sign changes of steps': changes(steps),
    'longest above the mean': longest(points.map((point) => point - mean)),
    'longest rise': longest(steps),
    'longest fall': longest(steps.map((step) => -step)),
    'points below 0.3 V': points.filter((point) => point < 0.3).length,
    'points below 0.8 of the median': points.filter((point) => point < 0.8 * median).length,
    'points above 1.1 of the median': points.filter((point) => point > 1.1 * median).length,
    first: points[0]!,
    last: points.at(-1)!,
    ...Object.fromEntries(SHARES.map((share, i) => [`quantile ${share}`, quantiles[i]!])),
    ...spectrumFigures(points, mean),
  };
}

/** Lines are told from what lies around them, and from the slow course of the run, which is below 10 Hz. */
function spectrumFigures(points: Float64Array, mean: number): Record<string, number> {
  const padded = new Float64Array(SPECTRUM_SIZE);
  padded.set(points.map((point) => point - mean));
  const density = powerDensity(padded, SPECTRUM_SIZE).subarray(1);
  const frequency = density.map((_, k) => ((k + 1) * POINTS_PER_SECOND) / SPECTRUM_SIZE);
  const fast = density.subarray(frequency.findIndex((hz) => hz >= 10));
  const [power, fastPower] = [density, fast].map((all) => all!.reduce((sum, one) => sum + one, 0)) as [number, number];
  const line = Math.max(...fast);
  return {
    'strongest frequency': frequency[density.indexOf(Math.max(...density))]!,
    'strongest fast frequency': frequency[density.indexOf(line)]!,
    'middle of the spectrum': density.reduce((sum, one, k) => sum + one * frequency[k]!, 0) / power,
    'entropy of the spectrum': -density.reduce((sum, one) => sum + (one / power) * Math.log(one / power), 0),
    'fast share of power': fastPower / power,
    'strongest line': Math.sqrt(line),
    'share of the strongest line': Math.max(...density) / power,
    'share of the strongest fast line': line / power,
    'strongest line among fast ones': line / fastPower,
    'prominence of the strongest fast line': Math.log(line / quantile(fast, 0.5)),
  };
}

function autocorrelation(values: Float64Array, lag: number): number {
  return covariance(values.subarray(lag), values.subarray(0, -lag)) / moment(values, meanOf(values), 2);
}

function changes(values: Float64Array): number {
  return values.filter((value, i) => i > 0 && value < 0 !== values[i - 1]! < 0).length;
}

/** Most values above 0 that follow one another. */
function longest(values: Float64Array): number {
  let now = 0;
  return values.reduce((most, value) => {
    now = value > 0 ? now + 1 : 0;
    return Math.max(most, now);
  }, 0);
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
