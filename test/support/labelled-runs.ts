import fc from 'fast-check';
import type { LabelledRuns } from '../../models/training/learners/learner.ts';
import { seededRandom } from './seeded-random.ts';

export interface RunsShape {
  readonly runs: number;
  readonly rows: number;
  readonly length: number;
  readonly classes: number;
}

/** Shapes of runs that a learner must take, few enough to be fitted quickly. */
export const runsShape: fc.Arbitrary<RunsShape> = fc.record({
  runs: fc.integer({ min: 8, max: 60 }),
  rows: fc.constantFrom(1, 3),
  length: fc.integer({ min: 2, max: 40 }),
  classes: fc.integer({ min: 2, max: 7 }),
});

/** Runs of noise about a level and a slope that depend on the class; every class has one, none is told from all others with ease. */
export function noisyRuns({ runs, rows, length, classes }: RunsShape, seed: number): LabelledRuns {
  const random = seededRandom(seed);
  const values = new Float32Array(runs * rows * length);
  const labels = Int32Array.from({ length: runs }, (_, run) => run % classes);
  const scale = 10 ** (4 * random() - 2);
  let at = 0;
  for (const label of labels) {
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < length; i++) {
        values[at++] = scale * (5 + (label % 3) * 0.5 + (label / length) * i * 0.3 + random() + random());
      }
    }
  }
  return { values, runs, rows, length, labels, classes, weights: new Float64Array(classes).fill(1) };
}

/** Runs of sines by a formula that can be written in any language, to compare with figures computed elsewhere. */
export function sineRuns(runs: number, length: number, classes: number): LabelledRuns {
  const labels = Int32Array.from({ length: runs }, (_, run) => run % classes);
  const values = Float32Array.from({ length: runs * length }, (_, at) => {
    const i = Math.floor(at / length);
    const j = at % length;
    return 2 * Math.sin(1.7 * i + 0.9 * j * j + 0.3 * i * j) + 0.6 * Math.cos(2 * labels[i]! + j) + 3 * j;
  });
  return { values, runs, rows: 1, length, labels, classes, weights: new Float64Array(classes).fill(1) };
}

/** The runs from `first` to before `end`, borrowed. */
export function sliceRuns(runs: LabelledRuns, first: number, end: number): LabelledRuns {
  const width = runs.rows * runs.length;
  return {
    ...runs,
    runs: end - first,
    values: runs.values.subarray(first * width, end * width),
    labels: runs.labels.subarray(first, end),
  };
}
