import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelledRuns } from '../../../../models/training/learners/learner.ts';
import { classPairs, decide, fitSvm, MAX_RUNS, scoreSvm } from '../../../../models/training/learners/svm.ts';
import { argmaxRows } from '../../../../models/training/metrics.ts';
import { noisyRuns, runsShape, sineRuns, sliceRuns } from '../../../support/labelled-runs.ts';
import { expectParity } from '../../../support/learner-graph.ts';
import { runs } from '../../../support/runs.ts';

const TRAINING = 60;
const WIDTH = 6;

// Expected figures: computed with scikit-learn 1.2.1, SVC(decision_function_shape='ovo').

describe('support vector machine', () => {
  it.each([
    {
      name: 'every class the same',
      spec: { kind: 'svm', c: 10 } as const,
      weights: [1, 1, 1],
      left: [
        2, 3, 5, 6, 12, 18, 22, 23, 26, 29, 30, 31, 32, 33, 35, 36, 37, 38, 41, 42, 43, 45, 46, 50, 51, 53, 56, 57, 58,
      ],
      decisions: [
        [-0.4948463, 0.6881522, 2.4351568],
        [-0.3569115, 0.6889844, 2.2813012],
        [-3.3709334, -1.7989204, -0.4627321],
        [0.9132163, 1.3369144, 2.5631846],
      ],
      found: '11201202201201101111',
    },
    {
      name: 'classes weighted',
      spec: { kind: 'svm', c: 4 } as const,
      weights: [1, 2, 0.5],
      left: [1, 3, 4, 6, 18, 22, 26, 30, 31, 32, 33, 36, 37, 38, 41, 42, 43, 46, 52, 56, 57, 58],
      decisions: [
        [-0.7039033, 0.6720707, 2.1614615],
        [-0.94743, 0.6927547, 2.1175604],
        [-2.9610778, -1.1031286, 0.0406186],
        [0.1162947, 1.1654896, 2.2281253],
      ],
      found: '11101201201111101111',
    },
  ])('comes to the machine of scikit-learn: $name', async ({ spec, weights, left, decisions, found }) => {
    const all = shiftedSines(3);
    const training = { ...sliceRuns(all, 0, TRAINING), weights: Float64Array.from(weights) };
    const test = sliceRuns(all, TRAINING, all.runs);

    const learned = await fitSvm(spec, training);

    expect(Math.abs(learned.gamma / 0.005506126301530235 - 1)).toBeLessThan(1e-9);
    const support = Array.from({ length: TRAINING }, (_, run) => run).filter((run) => !left.includes(run));
    expect([...learned.vectors]).toEqual(support.flatMap((run) => [...sliceRuns(training, run, run + 1).values]));
    const own = decide(learned, test.values, WIDTH);
    expect(Math.max(...decisions.flat().map((value, i) => Math.abs(value - own[i]!)))).toBeLessThan(1e-4);
    expect(vote(own, 3).join('')).toBe(found);
    expect(argmaxRows(scoreSvm(learned, test).scores, 3).join('')).toBe(found);
  });

  it('tells two classes apart as it does', async () => {
    const shifted = shiftedSines(3);
    const all = { ...shifted, labels: shifted.labels.map((label) => label % 2), classes: 2 };

    const learned = await fitSvm({ kind: 'svm', c: 1 }, sliceRuns(all, 0, TRAINING));

    expect(learned.vectors.length / WIDTH).toBe(TRAINING - 18);
    const expected = [-0.9089684, -0.6174412, -0.847021, -0.9909411]; // of class 1
    const own = decide(learned, sliceRuns(all, TRAINING, TRAINING + 4).values, WIDTH);
    expect(Math.max(...expected.map((value, i) => Math.abs(-value - own[i]!)))).toBeLessThan(1e-4);
  });

  it('never finds a class without runs', async () => {
    const training = { ...shiftedSines(3), classes: 5, weights: new Float64Array(5).fill(1) };
    const labels = training.labels.map((label) => [0, 2, 4][label]!);

    const learned = await fitSvm({ kind: 'svm', c: 10 }, { ...training, labels });

    expect(new Set(argmaxRows(scoreSvm(learned, training).scores, 5))).toEqual(new Set([0, 2, 4]));
  });

  it('refuses more runs than libsvm can hold', async () => {
    const many = { ...sineRuns(MAX_RUNS + 1, 1, 2) };

    await expect(fitSvm({ kind: 'svm', c: 1 }, many)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: '10001 runs for a support vector machine, expected at most 10000',
    });
  });

  it('gives the memory of a solved pair to the next', async () => {
    const libsvm = createRequire(import.meta.url)('libsvm-js/out/wasm/libsvm.js') as { buffer: ArrayBuffer };
    const training = sineRuns(300, 4, 2); // 1.4 MB in libsvm
    await fitSvm({ kind: 'svm', c: 1 }, training);
    const bytes = libsvm.buffer.byteLength;

    for (let i = 0; i < 40; i++) await fitSvm({ kind: 'svm', c: 1 }, training);

    expect(libsvm.buffer.byteLength).toBe(bytes);
  });

  it('scores in a graph as it does here', async () => {
    const spec = fc.record({
      kind: fc.constant('svm' as const),
      c: fc.constantFrom(0.1, 1, 100),
    });
    await fc.assert(
      fc.asyncProperty(runsShape, fc.nat(), spec, async (shape, seed, how) => {
        const learned = await fitSvm(how, noisyRuns(shape, seed));

        await expectParity(learned, noisyRuns(shape, seed + 1));
      }),
      { numRuns: runs(25, 1_000) },
    );
  });
});

/** Sines, higher by 1.5 from class to class. */
function shiftedSines(classes: number): LabelledRuns {
  const sines = sineRuns(80, WIDTH, classes);
  return { ...sines, values: sines.values.map((value, at) => value + 1.5 * sines.labels[Math.floor(at / WIDTH)]!) };
}

/** libsvm's answer: the class that most pairs find, the first of equals. */
function vote(decisions: Float64Array, classes: number): number[] {
  const pairs = classPairs(classes);
  return Array.from({ length: decisions.length / pairs.length }, (_, run) => {
    const votes = new Array<number>(classes).fill(0);
    pairs.forEach(([first, second], pair) => {
      votes[decisions[run * pairs.length + pair]! >= 0 ? first : second]!++;
    });
    return votes.indexOf(Math.max(...votes));
  });
}
