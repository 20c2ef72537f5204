import type { ModelExamples } from '../../server/inference/model-examples.ts';
import { type Dataset, widthOf } from './dataset.ts';

const MOST_EXAMPLES = 20;
/** Of the file; fewer runs of a class are kept where they are long. */
const MAX_BYTES = 1_500_000;
/** A number in JSON with its comma, about. */
const NUMBER_BYTES = 6;
/** Points are rounded to a power of ten that goes into the standard deviation of their row as often as this at least. */
const STEPS_A_DEVIATION = 20;
/** Of the runs of a class that were told rightly, those that may be examples: the most probable ones. */
const TYPICAL_SHARE = 0.5;
/** Of those, how many are compared, evenly spread over their probabilities. */
const MOST_CANDIDATES = 300;
/** Of the candidates of the first class, how many may be nearer to an example of another class than to all of theirs. */
const LOST_SHARE = 0.01;

/**
 * Runs that show what each class looks like, of those that fits which had not
 * seen them told rightly: `decided`, by run. Each is the one that most lessens
 * the sum of the distances of the class's runs to their nearest example (greedy
 * k-medians), so the first is the most typical. Distance is Euclidean, of rows
 * divided by their standard deviations, as a run is held against them. An
 * example of a class but the first, the normal one, is none that lies among
 * normal runs: where all do, it is the one that lies there least.
 */
export function pickExamples(data: Dataset, probabilities: Float32Array, decided: Int32Array): ModelExamples {
  const { rows, length, classes, labels, values } = data;
  const width = widthOf(data);
  const most = Math.min(MOST_EXAMPLES, Math.max(1, Math.floor(MAX_BYTES / (classes.length * width * NUMBER_BYTES))));
  const deviations = deviationsOf(data);
  const decimals = deviations.map((one) => Math.min(100, Math.max(0, Math.ceil(-Math.log10(one / STEPS_A_DEVIATION)))));
  const scaled = (run: number) => {
    return values.subarray(run * width, (run + 1) * width).map((x, at) => x / deviations[Math.floor(at / length)]!);
  };
  const rounded = (run: number) => {
    return Array.from(values.subarray(run * width, (run + 1) * width), (x, at) => {
      return Number(x.toFixed(decimals[Math.floor(at / length)]));
    });
  };

  let normal: Covered | undefined;
  const picked = classes.map((label, one) => {
    const right = [...labels.keys()]
      .filter((run) => labels[run] === one && decided[run] === one)
      .sort((a, b) => probabilities[b * classes.length + one]! - probabilities[a * classes.length + one]!);
    const typical = right.slice(0, Math.max(most, Math.ceil(TYPICAL_SHARE * right.length)));
    const candidates = thinned(typical, MOST_CANDIDATES);
    const runs = candidates.map(scaled);
    const chosen = mostCentral(runs, normal === undefined ? runs.map(() => true) : outside(runs, normal), most);
    normal ??= { runs, distances: chosen.distances };
    return { label, runs: chosen.places.map((place) => rounded(candidates[place]!)) };
  });
  return { format: 1, rows, length, classes: picked };
}

/** Runs of a class with the distance of each to its nearest example. */
interface Covered {
  readonly runs: readonly Float32Array[];
  readonly distances: Float64Array;
}

/** Places of the runs that are examples, the most central first, and of all runs the distance to the nearest of these. */
function mostCentral(runs: readonly Float32Array[], isAllowed: readonly boolean[], most: number) {
  const apart = distancesWithin(runs);
  const places: number[] = [];
  const distances = new Float64Array(runs.length).fill(Infinity);
  const sumWith = (place: number) => apart[place]!.reduce((sum, x, run) => sum + Math.min(x, distances[run]!), 0);
  while (places.length < most) {
    const left = [...runs.keys()].filter((place) => isAllowed[place] && !places.includes(place));
    if (left.length === 0) break;
    const sums = left.map(sumWith);
    const next = left[indexOfLeast(sums)]!;
    places.push(next);
    apart[next]!.forEach((x, run) => {
      distances[run] = Math.min(x, distances[run]!);
    });
  }
  return { places, distances };
}

/** Of each run, whether few enough of the normal ones are nearer to it than to all of their examples. */
function outside(runs: readonly Float32Array[], normal: Covered): boolean[] {
  const lost = runs.map((run) => normal.runs.filter((of, i) => distance(run, of) < normal.distances[i]!).length);
  const limit = Math.max(LOST_SHARE * normal.runs.length, Math.min(...lost));
  return lost.map((count) => count <= limit);
}

function distancesWithin(runs: readonly Float32Array[]): Float64Array[] {
  const apart = runs.map(() => new Float64Array(runs.length));
  for (const [i, run] of runs.entries()) {
    for (let other = 0; other < i; other++) {
      apart[i]![other] = distance(run, runs[other]!);
      apart[other]![i] = apart[i]![other]!;
    }
  }
  return apart;
}

function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at]! - b[at]!) ** 2;
  return Math.sqrt(sum);
}

/** Of each row over all runs; 1 where all points are the same. */
function deviationsOf({ values, runs, rows, length }: Dataset): number[] {
  return Array.from({ length: rows }, (_, row) => {
    let [count, mean, m2] = [0, 0, 0];
    for (let run = 0; run < runs; run++) {
      const from = (run * rows + row) * length;
      for (let at = from; at < from + length; at++) {
        const off = values[at]! - mean;
        mean += off / ++count;
        m2 += off * (values[at]! - mean);
      }
    }
    return m2 > 0 ? Math.sqrt(m2 / count) : 1;
  });
}

function thinned<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]!);
}

function indexOfLeast(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value < values[best]! ? i : best), 0);
}
