import type { Random } from '../../../server/ingest/simulator/random.ts';
import type { GraphBuilder } from '../onnx/graph.ts';
import {
  addExtraTrees,
  type ExtraTreesSpec,
  fitExtraTrees,
  type LearnedExtraTrees,
  scoreExtraTrees,
} from './extra-trees.ts';
import type { LabelledRuns, Runs, Scored, ScoredNames } from './learner.ts';
import { addLogistic, fitLogistic, type LearnedLogistic, type LogisticSpec, scoreLogistic } from './logistic.ts';
import { fitNearest, type LearnedNearest, type NearestSpec, scoreNearest } from './nearest.ts';
import { addNearest } from './nearest-graph.ts';
import { addRocket, fitRocket, type LearnedRocket, type RocketSpec, scoreRocket } from './rocket.ts';
import { fitSvm, type LearnedSvm, type SvmSpec, scoreSvm } from './svm.ts';
import { addSvm } from './svm-graph.ts';

/** What to fit, and how: plain data. */
export type LearnerSpec = LogisticSpec | NearestSpec | ExtraTreesSpec | RocketSpec | SvmSpec;

/** What was fitted: plain data, which goes from thread to thread. */
export type Learned = LearnedLogistic | LearnedNearest | LearnedExtraTrees | LearnedRocket | LearnedSvm;

/** Fits a learner to scaled runs; the same for the same runs and the same state of `random`. */
export async function fitLearner(spec: LearnerSpec, runs: LabelledRuns, random: Random): Promise<Learned> {
  switch (spec.kind) {
    case 'logistic':
      return fitLogistic(spec, runs);
    case 'nearest':
      return fitNearest(spec, runs);
    case 'extra-trees':
      return fitExtraTrees(spec, runs, random);
    case 'rocket':
      return fitRocket(spec, runs, random);
    case 'svm':
      return fitSvm(spec, runs);
  }
}

/** Scores scaled runs of the rows and length that the learner was fitted to. */
export function scoreRuns(learned: Learned, runs: Runs): Scored {
  switch (learned.kind) {
    case 'logistic':
      return scoreLogistic(learned, runs);
    case 'nearest':
      return scoreNearest(learned, runs);
    case 'extra-trees':
      return scoreExtraTrees(learned, runs);
    case 'rocket':
      return scoreRocket(learned, runs);
    case 'svm':
      return scoreSvm(learned, runs);
  }
}

/** Adds a learner to a graph, after scaling: `input` is f32 [batch, rows, length]. */
export function addLearner(graph: GraphBuilder, learned: Learned, input: string): ScoredNames {
  switch (learned.kind) {
    case 'logistic':
      return addLogistic(graph, learned, input);
    case 'nearest':
      return addNearest(graph, learned, input);
    case 'extra-trees':
      return addExtraTrees(graph, learned, input);
    case 'rocket':
      return addRocket(graph, learned, input);
    case 'svm':
      return addSvm(graph, learned, input);
  }
}
