import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Calibration, calibrate, softmaxRows } from '../../../models/training/calibration.ts';
import { runFitJob } from '../../../models/training/fit-job.ts';
import type { LabelledRuns } from '../../../models/training/learners/learner.ts';
import { type LearnerSpec, scoreRuns } from '../../../models/training/learners/learners.ts';
import { diagnose, scoreFitted } from '../../../models/training/model.ts';
import { applyScaling } from '../../../models/training/scaling.ts';
import { RUNS_AT_ONCE, scoreBlocks } from '../../../models/training/score-blocks.ts';
import { scoreDistance } from '../../../models/training/unknown/distance.ts';
import { scoreResidual } from '../../../models/training/unknown/residual.ts';
import { scoreUnknown, UNKNOWN_SCORES, unknownScore } from '../../../models/training/unknown/scores.ts';
import { noisyRuns, sliceRuns } from '../../support/labelled-runs.ts';

const TRAINED = 60;
/** Two blocks, and a part of one. */
const TESTED = 2 * RUNS_AT_ONCE + 37;
const SHAPE = { runs: TRAINED + TESTED, rows: 3, length: 20, classes: 3 };
const FEATURES = 504;
const CALIBRATION: Calibration = { slope: 1.7, offsets: Float32Array.of(0.3, -0.2, 0.1) };

const SPECS: readonly LearnerSpec[] = [
  { kind: 'rocket', features: FEATURES, pooling: 'ppv-max', head: { kind: 'ridge' } },
  { kind: 'rocket', features: FEATURES, pooling: 'ppv', head: { kind: 'logistic', c: 0.1 } },
  { kind: 'logistic', c: 1 },
  { kind: 'nearest', k: 5 },
  { kind: 'svm', c: 1 },
  { kind: 'extra-trees', trees: 20 },
];

describe.each(SPECS)('runs scored in blocks by %o', (spec) => {
  it('come to what they come to all at once, to the last bit', async () => {
    const all = noisyRuns(SHAPE, 1);
    const tested = sliceRuns(all, TRAINED, SHAPE.runs);

    const { scores, strange, fitted } = await fitSome(spec, all);

    const { scaling, learned, ...scored } = fitted!;
    const whole = scoreRuns(learned, applyScaling(scaling, tested));
    expect(scores).toEqual(whole.scores);
    expect(scoreFitted(fitted!, tested)).toEqual(whole.scores);
    expect(strange).toEqual({
      distance: scoreDistance(scored.distance, whole.features),
      residual: scoreResidual(scored.residual, whole.details?.values ?? whole.features),
    });
    const logits = calibrate(CALIBRATION, whole.scores);
    for (const kind of UNKNOWN_SCORES) {
      const unknown = unknownScore(kind, scored);
      expect(diagnose({ ...modelOf(fitted!), unknown }, tested)).toEqual({
        probabilities: softmaxRows(logits, SHAPE.classes),
        unknown: scoreUnknown(unknown, whole, { logits, classes: SHAPE.classes }),
      });
    }
  });
});

describe('scoring many runs', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('never holds the features of more than a block', async () => {
    const all = noisyRuns(SHAPE, 1);
    const tested = sliceRuns(all, TRAINED, SHAPE.runs);
    const { fitted } = await fitSome(SPECS[0]!, all);
    const unknown = unknownScore('residual', fitted!);
    const width = fitted!.residual.means.length;

    const made = recordArrays();
    diagnose({ ...modelOf(fitted!), unknown }, tested);
    scoreFitted(fitted!, tested);

    expect(Math.max(...made)).toBe(RUNS_AT_ONCE * width);
  });

  it('takes each run once, in its order, and makes empty arrays of none', () => {
    const runs = noisyRuns({ ...SHAPE, runs: TESTED }, 1);
    const sizes: number[] = [];

    const { values } = scoreBlocks(runs, (block) => {
      sizes.push(block.runs);
      return { values: block.values };
    });

    expect(sizes).toEqual([RUNS_AT_ONCE, RUNS_AT_ONCE, 37]);
    expect(values).toEqual(runs.values);
    expect(scoreBlocks(sliceRuns(runs, 0, 0), (block) => ({ values: block.values }))).toEqual({
      values: new Float32Array(),
    });
  });
});

function fitSome(learner: LearnerSpec, data: LabelledRuns) {
  const places = Int32Array.from({ length: data.runs }, (_, run) => run);
  return runFitJob({
    candidate: { scaling: 'standardised', learner },
    data: { ...data, classes: ['0', '1', '2'] },
    train: places.subarray(0, TRAINED),
    test: places.subarray(TRAINED),
    seed: '1',
    wants: 'model',
  });
}

function modelOf<F>(fitted: F) {
  return { ...fitted, calibration: CALIBRATION, weights: [1, 1, 1], rows: SHAPE.rows, length: SHAPE.length };
}

/** The lengths of all arrays of floats that are made from now on. */
function recordArrays(): number[] {
  const lengths: number[] = [];
  for (const kind of ['Float32Array', 'Float64Array'] as const) {
    const recording = {
      construct(made: typeof Float32Array, given: [number]) {
        const array = Reflect.construct(made, given);
        lengths.push(array.length);
        return array;
      },
    };
    vi.stubGlobal(kind, new Proxy(globalThis[kind] as typeof Float32Array, recording));
  }
  return lengths;
}
