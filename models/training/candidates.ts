import { AppError } from '../../server/base/errors.ts';
import { describeOmission, type Omission } from './candidate-words.ts';
import type { Dataset } from './dataset.ts';
import type { Candidate } from './fit-job.ts';
import type { LearnerSpec } from './learners/learners.ts';
import { KERNEL_TAPS, KERNELS } from './learners/rocket-kernels.ts';
import { MAX_RUNS } from './learners/svm.ts';
import { SCALINGS, type ScalingKind } from './scaling.ts';

export const LEARNERS = [
  'logistic',
  'nearest',
  'svm',
  'extra-trees',
  'rocket',
] as const satisfies readonly LearnerSpec['kind'][];
export type LearnerKind = (typeof LEARNERS)[number];

/** Features that a live model has at most. */
export const LIVE_FEATURES = 2700;
/** The most of MiniRocket that are as many for each of its kernels. */
export const LIVE_ROCKET_FEATURES = KERNELS * Math.floor(LIVE_FEATURES / KERNELS);

interface Choice {
  readonly scalings: readonly ScalingKind[];
  readonly specs: readonly LearnerSpec[];
}

export interface Choosing {
  readonly learners: readonly LearnerKind[];
  /** Of MiniRocket. */
  readonly features: number;
}

/** Everything that is compared for the training runs, and what is left out of it. Throws `REQUEST_INVALID` where nothing is left. */
export function candidatesOf(
  { learners, features }: Choosing,
  runs: Pick<Dataset, 'runs' | 'length'>,
): { readonly candidates: readonly Candidate[]; readonly omitted: readonly Omission[] } {
  const omitted = learners.flatMap((learner) => omissionOf(learner, runs) ?? []);
  const able = learners.filter((learner) => omitted.every((one) => one.learner !== learner));
  if (able.length === 0) {
    throw new AppError('REQUEST_INVALID', `nothing is left to compare: ${omitted.map(describeOmission).join(', ')}`);
  }
  const candidates = able.flatMap((learner) => {
    const { scalings, specs } = choiceOf(learner, features);
    return specs.flatMap((spec) => scalings.map((scaling) => ({ scaling, learner: spec })));
  });
  return { candidates, omitted };
}

function omissionOf(learner: LearnerKind, { runs, length }: Pick<Dataset, 'runs' | 'length'>): Omission | undefined {
  if (learner === 'svm' && runs > MAX_RUNS) {
    return { learner, because: 'too-many-runs', found: runs, limit: MAX_RUNS };
  }
  if (learner === 'rocket' && length < KERNEL_TAPS) {
    return { learner, because: 'too-few-points', found: length, limit: KERNEL_TAPS };
  }
  return undefined;
}

/** Whether a model with it keeps to the features of a live one; those of all but MiniRocket are the points of a run, in all rows. */
export function isForLive(spec: LearnerSpec, { rows, length }: Pick<Dataset, 'rows' | 'length'>): boolean {
  const features = spec.kind === 'rocket' ? spec.features : rows * length;
  return features <= LIVE_FEATURES;
}

function choiceOf(learner: LearnerKind, features: number): Choice {
  switch (learner) {
    case 'logistic':
      return { scalings: SCALINGS, specs: [0.001, 0.01, 0.1, 1].map((c) => ({ kind: 'logistic', c })) };
    case 'nearest':
      return { scalings: SCALINGS, specs: [1, 5, 15].map((k) => ({ kind: 'nearest', k })) };
    case 'svm':
      return { scalings: SCALINGS, specs: [1, 10].map((c) => ({ kind: 'svm', c })) };
    // Standardising would choose the same splits.
    case 'extra-trees':
      return { scalings: ['none', 'max'], specs: [{ kind: 'extra-trees', trees: 300 }] };
    // Standardising each point by itself would bend the shapes that its kernels look for.
    case 'rocket':
      return {
        scalings: ['none', 'max'],
        specs: [
          { kind: 'rocket', features, pooling: 'ppv', head: { kind: 'ridge' } },
          { kind: 'rocket', features, pooling: 'ppv-max', head: { kind: 'ridge' } },
          { kind: 'rocket', features, pooling: 'ppv-max', head: { kind: 'logistic', c: 0.01 } },
        ],
      };
  }
}
