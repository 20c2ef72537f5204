import type { ModelReport } from '../../server/inference/model-report.ts';
import type { Candidate } from './fit-job.ts';
import type { LearnerSpec } from './learners/learners.ts';

type Compared = Pick<ModelReport['comparison']['candidates'][number], 'learner' | 'parameters' | 'scaling'>;
/** A learner that was asked for and cannot be fitted to the runs. */
export type Omission = ModelReport['comparison']['omitted'][number];

const LEARNER_NAMES: Readonly<Record<LearnerSpec['kind'], string>> = {
  logistic: 'logistic regression',
  nearest: 'nearest neighbours',
  svm: 'support vector machine',
  'extra-trees': 'extra trees',
  rocket: 'MiniRocket',
};

/** Such as `MiniRocket (features 2688, head ridge), not scaled`. */
export function describeCandidate({ scaling, learner }: Candidate): string {
  return describeCompared({ learner: learner.kind, parameters: { ...parametersOf(learner) }, scaling });
}

/** The same of a candidate in a report. */
export function describeCompared(compared: Compared): string {
  return `${learnerWords(compared)}, ${scalingWords(compared)}`;
}

export function learnerWords({ learner, parameters }: Compared): string {
  const parts = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  const name = LEARNER_NAMES[learner as LearnerSpec['kind']];
  return parts.length === 0 ? name : `${name} (${parts.join(', ')})`;
}

export function scalingWords({ scaling }: Compared): string {
  switch (scaling) {
    case 'none':
      return 'not scaled';
    case 'max':
      return 'max-normalised';
    default:
      return scaling;
  }
}

/** Such as `support vector machine (12000 runs, at most 10000)`. */
export function describeOmission({ learner, because, found, limit }: Omission): string {
  const why =
    because === 'too-many-runs' ? `${found} runs, at most ${limit}` : `${found} points a run, at least ${limit}`;
  return `${LEARNER_NAMES[learner]} (${why})`;
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
