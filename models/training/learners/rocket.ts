import type { Random } from '../../../server/ingest/simulator/random.ts';
import type { GraphBuilder } from '../onnx/graph.ts';
import { fitProjection, interceptsOf, type Moments, momentsOf } from '../projection.ts';
import type { LabelledRuns, Runs, Scored, ScoredNames } from './learner.ts';
import { addLinear, type LinearScores, scoreLinearly } from './linear.ts';
import { fitRidge } from './ridge.ts';
import { addCounts } from './rocket-graph.ts';
import { countFeatures, fitTransform, type RocketTransform } from './rocket-transform.ts';
import { fitSoftmax } from './softmax.ts';

/** MiniRocket features, standardised, with a linear classifier. */
export interface RocketSpec {
  readonly kind: 'rocket';
  /** About as many; at least 84. The paper's is 10,000. */
  readonly features: number;
  readonly head: RocketHead;
}

export type RocketHead =
  /** Least squares, its penalty chosen by errors of runs left out: as in the paper. */
  | { readonly kind: 'ridge' }
  /** Multinomial logistic regression; `c` is the inverse strength of the penalty. */
  | { readonly kind: 'logistic'; readonly c: number };

export interface LearnedRocket {
  readonly kind: 'rocket';
  readonly transform: RocketTransform;
  /** Of the counts, as `projection`. */
  readonly head: LinearScores;
  /** On the principal components of the standardised counts. */
  readonly projection: LinearScores;
}

// Wide enough that runs unlike any in training stand out, narrow enough for distances to mean something: on sets of the UCR
// archive with a class left out, 64 tell it from the others better than 32, and than all counts.
const COMPONENTS = 64;

/** Fits features and head. Throws `AppError` for runs of fewer than 9 points. */
export function fitRocket({ features, head }: RocketSpec, runs: LabelledRuns, random: Random): LearnedRocket {
  const transform = fitTransform(runs, features, random);
  const values = countFeatures(transform, runs);
  const table = { values, width: transform.thresholds.length };
  const moments = momentsOf(table);
  const projection = fitProjection(table, moments, COMPONENTS, random);
  return { kind: 'rocket', transform, head: fitHead(head, values, moments, runs), projection };
}

/** Scores are those of the head; features are principal components of the counts, which are the details. */
export function scoreRocket({ transform, head, projection }: LearnedRocket, runs: Runs): Scored {
  const counts = countFeatures(transform, runs);
  return {
    scores: scoreLinearly(head, counts, runs.runs),
    features: scoreLinearly(projection, counts, runs.runs),
    featureWidth: projection.intercepts.length,
    details: { values: counts, width: transform.thresholds.length },
  };
}

export function addRocket(graph: GraphBuilder, learned: LearnedRocket, input: string): ScoredNames {
  const counts = addCounts(graph, learned.transform, input);
  return {
    scores: addLinear(graph, learned.head, counts),
    features: () => addLinear(graph, learned.projection, counts),
    details: counts,
  };
}

function fitHead(
  head: RocketHead,
  counts: Float32Array,
  { means, deviations }: Moments,
  { labels, classes, weights }: LabelledRuns,
): LinearScores {
  const width = means.length;
  const problem = { width, labels, classes, weights };
  switch (head.kind) {
    case 'ridge': {
      const features = Float64Array.from(counts, (count, i) => (count - means[i % width]) / deviations[i % width]);
      const { coefficients, intercepts } = fitRidge({ ...problem, features });
      return ofCounts(coefficients, intercepts, { means, deviations });
    }
    case 'logistic': {
      const features = counts.map((count, i) => (count - means[i % width]) / deviations[i % width]);
      const { weights: coefficients, intercepts } = fitSoftmax({ ...problem, features, c: head.c });
      return ofCounts(coefficients, intercepts, { means, deviations });
    }
  }
}

// The same scores, of counts instead of standardised counts.
function ofCounts(
  coefficients: Float64Array | Float32Array,
  intercepts: Float64Array | Float32Array,
  { means, deviations }: Moments,
): LinearScores {
  const weights = Float32Array.from(coefficients, (factor, i) => factor / deviations[i % means.length]);
  return { weights, intercepts: interceptsOf(weights, means).map((intercept, c) => intercept + intercepts[c]) };
}
