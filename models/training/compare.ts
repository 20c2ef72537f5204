import type { Dataset } from './dataset.ts';
import type { Candidate, FitResult } from './fit-job.ts';
import type { FitPool } from './fit-pool.ts';
import { accuracy, argmaxRows, macroF1 } from './metrics.ts';
import type { Fold } from './splits.ts';

/** What a candidate came to over the folds. */
export interface Compared {
  readonly candidate: Candidate;
  /** Mean over the folds. */
  readonly macroF1: number;
  /** Standard deviation between the folds. */
  readonly macroF1Spread: number;
  /** Mean over the folds. */
  readonly accuracy: number;
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
  const jobs = candidates.flatMap((candidate) =>
    folds.map(({ train, test }) => ({ candidate, data, train, test, seed, wants: 'scores' }) as const),
  );
  const results = await pool.fitAll(jobs, onFitted);
  return candidates.map((candidate, i) => ({
    candidate,
    ...summarise(data, folds, results.slice(i * folds.length, (i + 1) * folds.length)),
  }));
}

/** The one with the greatest mean macro-F1; of equals the first. */
export function bestOf(compared: readonly Compared[]): Compared {
  return compared.reduce((best, one) => (one.macroF1 > best.macroF1 ? one : best));
}

function summarise({ labels, classes }: Dataset, folds: readonly Fold[], results: readonly FitResult[]) {
  const judged = results.map(({ scores }, fold) => {
    const truth = folds[fold]!.test.map((run) => labels[run]!);
    const predicted = argmaxRows(scores, classes.length);
    return { macroF1: macroF1(truth, predicted, classes.length), accuracy: accuracy(truth, predicted) };
  });
  const f1 = judged.map((fold) => fold.macroF1);
  return {
    macroF1: mean(f1),
    macroF1Spread: Math.sqrt(mean(f1.map((one) => (one - mean(f1)) ** 2))),
    accuracy: mean(judged.map((fold) => fold.accuracy)),
    seconds: mean(results.map(({ seconds }) => seconds)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
