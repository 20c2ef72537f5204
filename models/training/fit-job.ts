import { Random } from '../../server/ingest/simulator/random.ts';
import { type Dataset, selectRuns } from './dataset.ts';
import type { LabelledRuns, Runs } from './learners/learner.ts';
import { fitLearner, type Learned, type LearnerSpec, scoreRuns } from './learners/learners.ts';
import type { Fitted } from './model.ts';
import { applyScaling, fitScaling, type ScalingKind } from './scaling.ts';
import { scoreBlocks } from './score-blocks.ts';
import { balancedWeights } from './splits.ts';
import { fitDistance, scoreDistance } from './unknown/distance.ts';
import { fitResidual, scoreResidual } from './unknown/residual.ts';
import type { FittedScores } from './unknown/scores.ts';

/** A learner with its parameters, and the scaling before it. */
export interface Candidate {
  readonly scaling: ScalingKind;
  readonly learner: LearnerSpec;
}

/** One fit: plain data, whose values all threads share. */
export interface FitJob {
  readonly candidate: Candidate;
  /** Runs that are fitted have a class of it. */
  readonly data: Pick<Dataset, 'values' | 'runs' | 'rows' | 'length' | 'labels' | 'classes'>;
  readonly train: Int32Array;
  /** Runs to be scored, of any class. */
  readonly test: Int32Array;
  readonly seed: string;
  /** `scores` of the test runs alone, how `strange` they are too, or the `model` as well. */
  readonly wants: 'scores' | 'strange' | 'model';
}

export interface FitResult {
  /** test runs × classes. */
  readonly scores: Float32Array;
  /** Of each test run by each score that is fitted, unless only scores of classes were wanted. */
  readonly strange?: Readonly<Record<keyof FittedScores, Float32Array>>;
  /** Where it was wanted. */
  readonly fitted?: Fitted & FittedScores;
  readonly seconds: number;
}

/** Fits a candidate to the training runs, with all classes weighing the same, and scores the test runs. */
export async function runFitJob({ candidate, data, train, test, seed, wants }: FitJob): Promise<FitResult> {
  const started = performance.now();
  const random = new Random(seed);
  const raw = labelled(data, train);
  const scaling = fitScaling(candidate.scaling, raw);
  const runs = applyScaling(scaling, raw);
  const learned = await fitLearner(candidate.learner, runs, random);
  const scoreBlock = (block: Runs) => scoreRuns(learned, applyScaling(scaling, block));
  const tested = labelled(data, test);
  const seconds = () => (performance.now() - started) / 1000;
  if (wants === 'scores') {
    const { scores } = scoreBlocks(tested, (block) => ({ scores: scoreBlock(block).scores }));
    return { scores, seconds: seconds() };
  }
  const fits = fitScores(learned, runs, random);
  const { scores, ...strange } = scoreBlocks(tested, (block) => {
    const { scores, features, details } = scoreBlock(block);
    return {
      scores,
      distance: scoreDistance(fits.distance, features),
      residual: scoreResidual(fits.residual, details?.values ?? features),
    };
  });
  return { scores, strange, ...(wants === 'model' && { fitted: { scaling, learned, ...fits } }), seconds: seconds() };
}

function fitScores(learned: Learned, runs: LabelledRuns, random: Random): FittedScores {
  const { features, featureWidth, details } = scoreRuns(learned, runs);
  const table = { values: features, width: featureWidth };
  const { labels, classes } = runs;
  const distance = fitDistance({ ...table, labels, classes }, random);
  return { distance, residual: fitResidual(details ?? table, random) };
}

function labelled(data: FitJob['data'], indices: Int32Array): LabelledRuns {
  const { values, runs, rows, length, labels } = selectRuns({ ...data, source: '', sha256: '' }, indices);
  const classes = data.classes.length;
  return { values, runs, rows, length, labels, classes, weights: balancedWeights(labels, classes) };
}
