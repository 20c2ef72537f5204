import { AppError } from '../../server/base/errors.ts';
import { Random } from '../../server/ingest/simulator/random.ts';
import { joinFloats } from '../../server/model/join-floats.ts';
import { calibrate, softmaxRows } from './calibration.ts';
import { describeOmission, type Omission } from './candidate-words.ts';
import { type Choosing, candidatesOf } from './candidates.ts';
import { bestOf, type Compared, compareCandidates, scatterScores } from './compare.ts';
import { type Dataset, selectRuns } from './dataset.ts';
import { refuseOtherShape } from './datasets/read-dataset.ts';
import { type Decision, decideAcross, decideRows, fitDecision } from './decision.ts';
import type { FitJob, FitResult } from './fit-job.ts';
import type { FitPool } from './fit-pool.ts';
import { accuracy, FALSE_ALARMS, macroF1, quantile } from './metrics.ts';
import type { Model } from './model.ts';
import { refuseFew, stratifiedFolds, stratifiedHoldOut, stratifiedSample } from './splits.ts';
import { scoreEnergy } from './unknown/energy.ts';
import { judgeLeftOut, LEFT_OUT_PARTS, leaveOut, type Told } from './unknown/left-out.ts';
import { UNKNOWN_SCORES, type UnknownKind, unknownScore } from './unknown/scores.ts';

export interface TrainingOptions extends Choosing {
  readonly seed: string;
  readonly folds: number;
  /** Runs that candidates are compared on, and classes left out of, at most. */
  readonly sampleRuns: number;
  /** A stage of so many fits has begun; what is returned is called after each. */
  readonly onStage: (label: string, fits: number) => () => void;
}

export interface LearningPoint {
  readonly runs: number;
  readonly macroF1: number;
  readonly accuracy: number;
}

/** What training came to, before anything is tested. */
export interface Training {
  readonly model: Model;
  /** Of the unknown score: 1 % of held-out known runs are above it. */
  readonly threshold: number;
  readonly comparison: {
    readonly runs: number;
    readonly compared: readonly Compared[];
    readonly best: Compared;
    readonly omitted: readonly Omission[];
  };
  readonly learningCurve: readonly LearningPoint[];
  /** Of each score, by class that was left out; empty with two classes. */
  readonly told: Readonly<Record<UnknownKind, readonly Told[]>>;
  readonly decision: Decision;
  /** What fits that had not seen a run made of it. */
  readonly heldOut: { readonly probabilities: Float32Array; readonly decided: Int32Array };
  readonly seconds: { readonly compare: number; readonly fit: number };
}

/** Of the runs of a fold; the last is all of them. */
const CURVE_SHARES = [0.1, 0.2, 0.4, 0.7];
const CURVE_PARTS = 5;
const HELD_OUT_SHARE = 0.2;

export interface Parts {
  readonly train: Dataset;
  readonly test: Dataset;
}

/**
 * The runs to train with and those to test with: `test` where there is one,
 * else a fifth of each class, or of the groups. Throws `FILE_INVALID` where
 * there is one class, or one has fewer runs, or groups, than training parts it
 * into.
 */
export function holdOut(
  data: Dataset,
  test: Dataset | undefined,
  { seed, folds }: Pick<TrainingOptions, 'seed' | 'folds'>,
): Parts {
  if (data.classes.length < 2) {
    throw new AppError('FILE_INVALID', `${data.source} has one class, ${data.classes[0]}, expected two at least`);
  }
  const least = partsOf(data, folds);
  const forTraining = `${least} to train with, one for each part of a split`;
  if (test !== undefined) {
    refuseOtherShape(data, test);
    refuseFew(data, least, `: ${forTraining}`);
    return { train: data, test };
  }
  let all = least + 1;
  while (all - Math.round(all * HELD_OUT_SHARE) < least) all++;
  refuseFew(data, all, `: ${all - least} to test with and ${forTraining}`);
  const parts = stratifiedHoldOut(data, HELD_OUT_SHARE, new Random(`${seed}/held out`));
  const train = selectRuns(data, parts.train);
  refuseFew(train, least, ` beside those that are kept out: ${forTraining}`); // groups may be shared out unevenly
  return { train, test: selectRuns(data, parts.test) };
}

/** Into how many parts training cuts the runs of each class at most: folds, or those of the fits that leave a class out. */
function partsOf({ classes }: Dataset, folds: number): number {
  return classes.length > 2 ? Math.max(folds, LEFT_OUT_PARTS) : folds;
}

/**
 * Compares the candidates on a sample, fits the best to all runs, calibrates
 * it and weighs its classes by what fits made of the runs that they had not
 * seen, and decides between the unknown scores by leaving out one class after
 * the other. The same for the same runs and seed.
 */
export async function train(pool: FitPool, data: Dataset, options: TrainingOptions): Promise<Training> {
  const { seed, folds: count, onStage } = options;
  const { candidates, omitted } = candidatesOf(options, data);
  const started = performance.now();
  const folds = stratifiedFolds(data, count, new Random(`${seed}/folds`));
  const sample = selectRuns(
    data,
    stratifiedSample(data, options.sampleRuns, partsOf(data, count), new Random(`${seed}/sample`)),
  );
  const sampleFolds = stratifiedFolds(sample, count, new Random(`${seed}/sample folds`));
  const onCompared = onStage(
    `comparing ${candidates.length} candidates on ${sample.runs} runs${withoutWords(omitted)}`,
    candidates.length * sampleFolds.length,
  );
  const comparing = { data: sample, folds: sampleFolds, candidates, seed, onFitted: onCompared };
  const compared = await compareCandidates(pool, comparing);
  const best = bestOf(compared);
  const { candidate } = best;
  const fitStarted = performance.now();

  const all = Int32Array.from(data.labels.keys());
  const final: FitJob = { candidate, data, train: all, test: new Int32Array(), seed, wants: 'model' };
  const unseen = folds.map((fold): FitJob => ({ candidate, data, ...fold, seed, wants: 'strange' }));
  const curve = CURVE_SHARES.map((share) => curveJob(unseen[0]!, share));
  const leftOut = data.classes.length > 2 ? leaveOut(sample, candidate, seed) : [];
  const jobs = [final, ...unseen, ...curve, ...leftOut.map(({ job }) => job)];
  const results = await pool.fitAll(jobs, onStage(`fitting the best to ${data.runs} runs`, jobs.length));
  const fitted = results[0]!.fitted!;
  const unseenResults = results.slice(1, 1 + count);
  const curveResults = results.slice(1 + count, 1 + count + curve.length);
  const judged = results.slice(1 + count + curve.length).map((result, left) => judgeLeftOut(leftOut[left]!, result));

  const scores = scatterScores(data, folds, unseenResults);
  const decision = fitDecision({ labels: data.labels, scores, classes: data.classes.length });
  const { calibration } = decision;
  const { weights } = decision.weighting;
  const logits = calibrate(calibration, scores);
  const probabilities = softmaxRows(logits, data.classes.length);
  const told = {
    distance: judged.map(({ distance }) => distance),
    residual: judged.map(({ residual }) => residual),
    energy: judged.map(({ energy }) => energy),
  };
  const kind = bestScore(told);
  const strangeness =
    kind === 'energy'
      ? scoreEnergy(logits, data.classes.length)
      : joinFloats(unseenResults.map(({ strange }) => strange![kind]));
  const { scaling, learned } = fitted;
  return {
    model: {
      scaling,
      learned,
      calibration,
      weights,
      unknown: unknownScore(kind, fitted),
      rows: data.rows,
      length: data.length,
    },
    threshold: quantile(strangeness, 1 - FALSE_ALARMS),
    comparison: { runs: sample.runs, compared, best, omitted },
    learningCurve: [...curve, unseen[0]!].map((job, i) => learningPoint(job, [...curveResults, unseenResults[0]!][i]!)),
    told,
    decision,
    heldOut: { probabilities, decided: decideRows(probabilities, weights) },
    seconds: { compare: (fitStarted - started) / 1000, fit: (performance.now() - fitStarted) / 1000 },
  };
}

function withoutWords(omitted: readonly Omission[]): string {
  return omitted.length === 0 ? '' : `, without ${omitted.map(describeOmission).join(', ')}`;
}

/** Mean of a figure of the left-out classes. */
export function meanTold(told: readonly Told[], figure: keyof Told): number {
  return told.reduce((sum, one) => sum + one[figure], 0) / Math.max(1, told.length);
}

// With two classes nothing can be left out, and all are as good.
function bestScore(told: Training['told']): UnknownKind {
  const auroc = (kind: UnknownKind) => meanTold(told[kind], 'auroc');
  return UNKNOWN_SCORES.reduce((best, kind) => (auroc(kind) > auroc(best) ? kind : best));
}

function curveJob(fold: FitJob, share: number): FitJob {
  const { data, seed } = fold;
  const fitted = selectRuns({ ...data, source: '', sha256: '' }, fold.train);
  const size = Math.round(share * fold.train.length);
  const some = stratifiedSample(fitted, size, 2, new Random(`${seed}/curve`));
  return { ...fold, train: some.map((place) => fold.train[place]!), wants: 'scores' };
}

// Calibrated and decided as the model is: every part of the judged runs by the others.
function learningPoint({ data, train: fitted, test }: FitJob, { scores }: FitResult): LearningPoint {
  const classes = data.classes.length;
  const labels = test.map((run) => data.labels[run]!);
  const { decided } = decideAcross(
    { labels, scores, classes },
    labels.map((_, run) => run % CURVE_PARTS),
  );
  return { runs: fitted.length, macroF1: macroF1(labels, decided, classes), accuracy: accuracy(labels, decided) };
}
