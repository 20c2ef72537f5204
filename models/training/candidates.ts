import { AppError } from '../../server/base/errors.ts';
import type { Candidate } from './fit-job.ts';
import type { LearnerSpec } from './learners/learners.ts';
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

interface Choice {
  readonly scalings: readonly ScalingKind[];
  readonly specs: readonly LearnerSpec[];
}

export interface Choosing {
  readonly learners: readonly LearnerKind[];
  /** Of MiniRocket. */
  readonly features: number;
  /** That the best is fitted to. */
  readonly runs: number;
}

/** Everything that is compared; support vector machines only where they can be fitted to so many runs. Throws `REQUEST_INVALID` where nothing is left. */
export function candidatesOf({ learners, features, runs }: Choosing): Candidate[] {
  const able = learners.filter((learner) => learner !== 'svm' || runs <= MAX_RUNS);
  if (able.length === 0) {
    throw new AppError('REQUEST_INVALID', `${runs} runs for a support vector machine, expected at most ${MAX_RUNS}`);
  }
  return able.flatMap((learner) => {
    const { scalings, specs } = choiceOf(learner, features);
    return specs.flatMap((spec) => scalings.map((scaling) => ({ scaling, learner: spec })));
  });
}

function choiceOf(learner: LearnerKind, features: number): Choice {
  switch (learner) {
    case 'logistic':
      return { scalings: SCALINGS, specs: [0.001, 0.01, 0.1, 1].map((c) => ({ kind: 'logistic', c })) };
    case 'nearest':
      return { scalings: SCALINGS, specs: [1, 5, 15].map((k) => ({ kind: 'nearest', k, votes: 'uniform' })) };
    case 'svm':
      return { scalings: SCALINGS, specs: [1, 10].map((c) => ({ kind: 'svm', c, gamma: 'scale' })) };
    // Standardising would choose the same splits.
    case 'extra-trees':
      return { scalings: ['none', 'max'], specs: [{ kind: 'extra-trees', trees: 300 }] };
    // Standardising each point by itself would bend the shapes that its kernels look for.
    case 'rocket':
      return {
        scalings: ['none', 'max'],
        specs: [
          { kind: 'rocket', features, head: { kind: 'ridge' } },
          { kind: 'rocket', features, head: { kind: 'logistic', c: 0.01 } },
        ],
      };
  }
}

type Value = string | number | boolean;

/** The parameters of a learner by name; what has parts becomes `name` and `name-part`. */
export function parametersOf({ kind: _kind, ...parameters }: LearnerSpec): Readonly<Record<string, Value>> {
  const flat = Object.entries(parameters).flatMap(([name, value]: [string, Value | { kind: string }]) => {
    if (typeof value !== 'object') return [[name, value] as const];
    const { kind, ...parts } = value;
    return [
      [name, kind] as const,
      ...Object.entries(parts).map(([part, of]) => [`${name}-${part}`, of as Value] as const),
    ];
  });
  return Object.fromEntries(flat);
}

/** Such as `logistic (c 0.1), standardised`. */
export function describeCandidate({ scaling, learner }: Candidate): string {
  const parameters = Object.entries(parametersOf(learner)).map(([name, value]) => `${name} ${value}`);
  return `${learner.kind} (${parameters.join(', ')}), ${scaling === 'none' ? 'not scaled' : scaling}`;
}
