import type { GraphBuilder } from '../onnx/graph.ts';
import type { LabelledRuns, Runs, Scored, ScoredNames } from './learner.ts';
import { addLinear, type LinearScores, scoreLinearly } from './linear.ts';
import { fitSoftmax } from './softmax.ts';

/** Multinomial logistic regression on the points themselves. */
export interface LogisticSpec {
  readonly kind: 'logistic';
  /** Inverse strength of the penalty, as scikit-learn's `C`. */
  readonly c: number;
}

export interface LearnedLogistic extends LinearScores {
  readonly kind: 'logistic';
}

/** Fits the weights; always the same for the same runs. */
export function fitLogistic({ c }: LogisticSpec, runs: LabelledRuns): LearnedLogistic {
  const { values, rows, length, labels, classes, weights } = runs;
  return { kind: 'logistic', ...fitSoftmax({ features: values, width: rows * length, labels, classes, weights, c }) };
}

/** Scores are logarithms of odds; features are the points, borrowed. */
export function scoreLogistic(learned: LearnedLogistic, { values, runs, rows, length }: Runs): Scored {
  const featureWidth = rows * length;
  return { scores: scoreLinearly(learned, values, runs), features: values, featureWidth };
}

export function addLogistic(graph: GraphBuilder, learned: LearnedLogistic, input: string): ScoredNames {
  const features = graph.add('Flatten', [input], { attributes: { axis: 1n } });
  return { scores: addLinear(graph, learned, features), features: () => features };
}
