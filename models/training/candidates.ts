import type { Candidate } from './fit-job.ts';
import type { LearnerSpec } from './learners/learners.ts';
import { SCALINGS, type ScalingKind } from './scaling.ts';

export const LEARNERS = [
  'logistic',
  'nearest',
  'extra-trees',
  'rocket',
] as const satisfies readonly LearnerSpec['kind'][];
export type LearnerKind = (typeof LEARNERS)[number];

interface Choice {
  readonly scalings: readonly ScalingKind[];
  readonly specs: readonly LearnerSpec[];
}

/** Everything that is compared, of the learners that are asked for; `features` are those of MiniRocket. */
export function candidatesOf(learners: readonly LearnerKind[], features: number): Candidate[] {
  return learners.flatMap((learner) => {
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
