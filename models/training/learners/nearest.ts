import type { LabelledRuns, Runs, Scored } from './learner.ts';
import { multiply, squareNorms } from './products.ts';
import { fitWholeScale, roundToEven, toWhole, type WholeScale } from './whole.ts';

/** The vote of the nearest training runs, by Euclidean distance, all of which count the same. */
export interface NearestSpec {
  readonly kind: 'nearest';
  /** How many vote: all, where there are fewer. */
  readonly k: number;
}

/** The training runs, in whole numbers: two bytes a point, 13.6 MB for 7,000 runs of 972 points. */
export interface LearnedNearest extends NearestSpec {
  /** runs × width. */
  readonly prototypes: Int16Array;
  readonly scale: WholeScale;
  /** Of each prototype. */
  readonly labels: Int32Array;
  /** Of each class: what a vote weighs at most, up to `VOTE`. */
  readonly classVotes: Float64Array;
}

/** A vote of the heaviest class: votes are rounded to whole numbers, so that their sums are exact. */
export const VOTE = 4096;
/** Added to each class, so that one without votes has a score. */
export const SMOOTHING = VOTE / 2;
const BLOCK_RUNS = 32;

/** Keeps the training runs; always the same for the same runs. */
export function fitNearest({ k }: NearestSpec, { values, runs, labels, weights }: LabelledRuns): LearnedNearest {
  const scale = fitWholeScale(values);
  const heaviest = Math.max(...weights);
  return {
    kind: 'nearest',
    k: Math.min(k, runs),
    prototypes: new Int16Array(toWhole(scale, values)),
    scale,
    labels,
    classVotes: weights.map((weight) => roundToEven((VOTE * weight) / heaviest)),
  };
}

/** Scores are logarithms of shares of the vote, smoothed by half a vote a class; features are the points, borrowed. */
export function scoreNearest(learned: LearnedNearest, { values, runs, rows, length }: Runs): Scored {
  const width = rows * length;
  const classes = learned.classVotes.length;
  const whole = toWhole(learned.scale, values);
  const prototypes = new Float32Array(learned.prototypes);
  const norms = squareNorms(prototypes, width);
  const scores = new Float32Array(runs * classes);
  const products = new Float64Array(BLOCK_RUNS * learned.labels.length);
  const neighbours = new Neighbours(learned.k);
  for (let from = 0; from < runs; from += BLOCK_RUNS) {
    const block = whole.subarray(from * width, Math.min(runs, from + BLOCK_RUNS) * width);
    const outputs = block.length / width;
    const own = squareNorms(block, width);
    multiply({ features: prototypes, width, runs: norms.length, weights: block, outputs, products });
    for (let i = 0; i < outputs; i++) {
      neighbours.clear();
      for (let p = 0; p < norms.length; p++) neighbours.offer(p, own[i] + norms[p] - 2 * products[p * outputs + i]);
      scores.set(countVotes(learned, neighbours), (from + i) * classes);
    }
  }
  return { scores, features: values, featureWidth: width };
}

/** The k least distances of those offered, ascending; of equal ones the first offered. */
class Neighbours {
  readonly indices: Int32Array;
  readonly distances: Float64Array;
  #count = 0;

  constructor(k: number) {
    this.indices = new Int32Array(k);
    this.distances = new Float64Array(k);
  }

  clear(): void {
    this.#count = 0;
  }

  offer(index: number, distance: number): void {
    const { indices, distances } = this;
    const isFull = this.#count === distances.length;
    if (isFull && distance >= distances[this.#count - 1]) return;
    let at = isFull ? this.#count - 1 : this.#count++;
    for (; at > 0 && distances[at - 1] > distance; at--) {
      distances[at] = distances[at - 1];
      indices[at] = indices[at - 1];
    }
    distances[at] = distance;
    indices[at] = index;
  }
}

function countVotes({ labels, classVotes }: LearnedNearest, { indices }: Neighbours): Float64Array {
  const sums = new Float64Array(classVotes.length).fill(SMOOTHING);
  let total = SMOOTHING * classVotes.length;
  for (let i = 0; i < indices.length; i++) {
    const label = labels[indices[i]];
    sums[label] += classVotes[label];
    total += classVotes[label];
  }
  return sums.map((sum) => Math.log(sum / total));
}
