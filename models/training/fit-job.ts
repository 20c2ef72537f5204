import { Random } from '../../server/ingest/simulator/random.ts';
import { type Dataset, selectRuns } from './dataset.ts';
import type { LabelledRuns } from './learners/learner.ts';
import { fitLearner, type LearnerSpec, scoreRuns } from './learners/learners.ts';
import type { Fitted } from './model.ts';
import { applyScaling, fitScaling, type ScalingKind } from './scaling.ts';
import { balancedWeights } from './splits.ts';
import { type Distance, fitDistance, scoreDistance } from './unknown/distance.ts';

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
  /** `scores` of the test runs alone, their `distances` too, or the `model` as well. */
  readonly wants: 'scores' | 'distances' | 'model';
}

export interface FitResult {
  /** test runs × classes. */
  readonly scores: Float32Array;
  /** Of each test run, unless only scores were wanted. */
  readonly distances: Float32Array;
  /** Where it was wanted. */
  readonly fitted?: Fitted & { readonly distance: Distance };
  readonly seconds: number;
}

/** Fits a candidate to the training runs, with all classes weighing the same, and scores the test runs. */
export async function runFitJob({ candidate, data, train, test, seed, wants }: FitJob): Promise<FitResult> {
  const started = performance.now();
  const classes = data.classes.length;
  const random = new Random(seed);
  const raw = labelled(data, train);
  const scaling = fitScaling(candidate.scaling, raw);
  const runs = applyScaling(scaling, raw);
  const learned = await fitLearner(candidate.learner, runs, random);
  const scored = test.length === 0 ? undefined : scoreRuns(learned, applyScaling(scaling, labelled(data, test)));
  const scores = scored?.scores ?? new Float32Array();
  const seconds = () => (performance.now() - started) / 1000;
  if (wants === 'scores') return { scores, distances: new Float32Array(), seconds: seconds() };
  const { features, featureWidth: width } = scoreRuns(learned, runs);
  const distance = fitDistance({ values: features, width, labels: raw.labels, classes }, random);
  const distances = scored === undefined ? new Float32Array() : scoreDistance(distance, scored.features);
  return {
    scores,
    distances,
    ...(wants === 'model' && { fitted: { scaling, learned, distance } }),
    seconds: seconds(),
  };
}

function labelled(data: FitJob['data'], indices: Int32Array): LabelledRuns {
  const { values, runs, rows, length, labels } = selectRuns({ ...data, source: '', sha256: '' }, indices);
  const classes = data.classes.length;
  return { values, runs, rows, length, labels, classes, weights: balancedWeights(labels, classes) };
}
