import type { Random } from '../../../server/ingest/simulator/random.ts';
import type { GraphBuilder } from '../onnx/graph.ts';
import { fitProjection, interceptsOf, type Moments, momentsOf } from '../projection.ts';
import type { LabelledRuns, Runs, Scored, ScoredNames } from './learner.ts';
import { addLinear, type LinearScores, scoreLinearly } from './linear.ts';
import { fitRidge } from './ridge.ts';
import { addFeatures } from './rocket-graph.ts';
import type { RocketPooling } from './rocket-kernels.ts';
import { fitTransform, makeFeatures, type RocketTransform } from './rocket-transform.ts';
import { fitSoftmax } from './softmax.ts';

/** MiniRocket features, standardised, with a linear classifier. */
export interface RocketSpec {
  readonly kind: 'rocket';
  /** About as many; at least 84, or 168 with maxima. The paper's is 10,000. */
  readonly features: number;
  readonly pooling: RocketPooling;
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
  /** Of the features, as `projection`. */
  readonly head: LinearScores;
  /** On the principal components of the standardised features. */
  readonly projection: LinearScores;
}

// Wide enough that runs unlike any in training stand out, narrow enough for distances to mean something: on sets of the UCR
// archive with a class left out, 64 tell it from the others better than 32, and than all features.
const COMPONENTS = 64;

/** Fits features and head. Throws `AppError` for runs of fewer than 9 points. */
export function fitRocket({ head, ...of }: RocketSpec, runs: LabelledRuns, random: Random): LearnedRocket {
  const transform = fitTransform(runs, of, random);
  const values = makeFeatures(transform, runs);
  const table = { values, width: transform.width };
  const moments = momentsOf(table);
  const projection = fitProjection(table, moments, COMPONENTS, random);
  return { kind: 'rocket', transform, head: fitHead(head, values, moments, runs), projection };
}

/** Scores are those of the head; features are principal components of all, which are the details. */
export function scoreRocket({ transform, head, projection }: LearnedRocket, runs: Runs): Scored {
  const all = makeFeatures(transform, runs);
  return {
    scores: scoreLinearly(head, all, runs.runs),
    features: scoreLinearly(projection, all, runs.runs),
    featureWidth: projection.intercepts.length,
    details: { values: all, width: transform.width },
  };
}

export function addRocket(graph: GraphBuilder, learned: LearnedRocket, input: string): ScoredNames {
  const all = addFeatures(graph, learned.transform, input);
  return {
    scores: addLinear(graph, learned.head, all),
    features: () => addLinear(graph, learned.projection, all),
    details: all,
  };
}

function fitHead(
  head: RocketHead,
  features: Float32Array,
  { means, deviations }: Moments,
  { labels, classes, weights }: LabelledRuns,
): LinearScores {
  const width = means.length;
  const problem = { width, labels, classes, weights };
  switch (head.kind) {
    case 'ridge': {
      const standardised = Float64Array.from(features, (one, i) => (one - means[i % width]) / deviations[i % width]);
      const { coefficients, intercepts } = fitRidge({ ...problem, features: standardised });
      return ofFeatures(coefficients, intercepts, { means, deviations });
    }
    case 'logistic': {
      const standardised = features.map((one, i) => (one - means[i % width]) / deviations[i % width]);
      const { weights: coefficients, intercepts } = fitSoftmax({ ...problem, features: standardised, c: head.c });
      return ofFeatures(coefficients, intercepts, { means, deviations });
    }
  }
}

// The same scores, of features instead of standardised ones.
function ofFeatures(
  coefficients: Float64Array | Float32Array,
  intercepts: Float64Array | Float32Array,
  { means, deviations }: Moments,
): LinearScores {
  const weights = Float32Array.from(coefficients, (factor, i) => factor / deviations[i % means.length]);
  return { weights, intercepts: interceptsOf(weights, means).map((intercept, c) => intercept + intercepts[c]) };
}
