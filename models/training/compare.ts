import type { Dataset } from './dataset.ts';
import { decideAcross } from './decision.ts';
import type { Candidate, FitResult } from './fit-job.ts';
import type { FitPool } from './fit-pool.ts';
import { accuracy, logLoss, macroF1 } from './metrics.ts';
import type { Fold } from './splits.ts';

/** What a candidate came to over the folds, each calibrated and decided by the others. */
export interface Compared {
  readonly candidate: Candidate;
  /** Mean over the folds. */
  readonly macroF1: number;
  /** Standard deviation between the folds. */
  readonly macroF1Spread: number;
  /** Mean over the folds. */
  readonly accuracy: number;
  readonly logLoss: number;
  /** Mean time of a fit with its scoring. */
  readonly seconds: number;
}

export interface Comparison {
  readonly data: Dataset;
  readonly folds: readonly Fold[];
  readonly candidates: readonly Candidate[];
  readonly seed: string;
  readonly onFitted: () => void;
}

/** Fits each candidate to each fold, all with the same folds and the same seed; in the order of the candidates. */
export async function compareCandidates(pool: FitPool, comparison: Comparison): Promise<Compared[]> {
  const { data, folds, candidates, seed, onFitted } = comparison;
  // Fold by fold, so that what is left takes as long as what is done.
  const jobs = folds.flatMap(({ train, test }) =>
    candidates.map((candidate) => ({ candidate, data, train, test, seed, wants: 'scores' }) as const),
  );
  const results = await pool.fitAll(jobs, onFitted);
  return candidates.map((candidate, i) => ({
    candidate,
    ...summarise(
      data,
      folds,
      results.filter((_, job) => job % candidates.length === i),
    ),
  }));
}

/** The one with the greatest mean macro-F1; of equals, such as those that call every run normal, the one with the least log-loss. */
export function bestOf(compared: readonly Compared[]): Compared {
  return compared.reduce((best, one) => {
    if (one.macroF1 === best.macroF1) return one.logLoss < best.logLoss ? one : best;
    return one.macroF1 > best.macroF1 ? one : best;
  });
}

/** Scores of the runs of all folds, in the order of the data: runs × classes. */
export function scatterScores(
  { runs, classes }: Dataset,
  folds: readonly Fold[],
  results: readonly FitResult[],
): Float32Array {
  const width = classes.length;
  const scores = new Float32Array(runs * width);
  folds.forEach(({ test }, fold) => {
    test.forEach((run, i) => {
      scores.set(results[fold]!.scores.subarray(i * width, (i + 1) * width), run * width);
    });
  });
  return scores;
}

function summarise(data: Dataset, folds: readonly Fold[], results: readonly FitResult[]) {
  const classes = data.classes.length;
  const foldOf = new Int32Array(data.runs);
  folds.forEach(({ test }, fold) => {
    for (const run of test) foldOf[run] = fold;
  });
  const scored = { labels: data.labels, scores: scatterScores(data, folds, results), classes };
  const { probabilities, decided } = decideAcross(scored, foldOf);
  const judged = folds.map(({ test }) => {
    const [truth, found] = [data.labels, decided].map((of) => test.map((run) => of[run]!));
    return { macroF1: macroF1(truth!, found!, classes), accuracy: accuracy(truth!, found!) };
  });
  const f1 = judged.map((fold) => fold.macroF1);
  return {
    macroF1: mean(f1),
    macroF1Spread: Math.sqrt(mean(f1.map((one) => (one - mean(f1)) ** 2))),
    accuracy: mean(judged.map((fold) => fold.accuracy)),
    logLoss: logLoss(data.labels, probabilities, classes),
    seconds: mean(results.map(({ seconds }) => seconds)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
