import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  balancedWeights,
  countClasses,
  type Labelled,
  stratifiedFolds,
  stratifiedHoldOut,
  stratifiedSample,
} from '../../../models/training/splits.ts';
import { Random } from '../../../server/ingest/simulator/random.ts';

const FOLDS = 4;
/** Three classes, each of which has at least FOLDS runs. */
const labelled = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 60 }).map((some): Labelled => {
  const labels = Int32Array.from([...Array.from({ length: 3 * FOLDS }, (_, i) => i % 3), ...some]);
  return { labels, classes: ['a', 'b', 'c'] };
});
const seed = fc.string();

describe('stratifiedFolds', () => {
  it('judges each run once, and fits on all others', () => {
    fc.assert(
      fc.property(labelled, seed, (data, text) => {
        const folds = stratifiedFolds(data, FOLDS, new Random(text));

        expect(ascending(folds.flatMap(({ test }) => [...test]))).toEqual(all(data));
        for (const { train, test } of folds) expect(ascending([...train, ...test])).toEqual(all(data));
      }),
    );
  });

  it('gives each fold its share of each class, to a run', () => {
    fc.assert(
      fc.property(labelled, seed, (data, text) => {
        const totals = countClasses(data.labels, 3);
        for (const { test } of stratifiedFolds(data, FOLDS, new Random(text))) {
          countOf(data, test).forEach((count, label) => {
            expect(Math.abs(count - totals[label]! / FOLDS)).toBeLessThan(1);
          });
        }
      }),
    );
  });

  it('depends on the seed alone', () => {
    const data = { labels: Int32Array.from({ length: 60 }, (_, i) => i % 3), classes: ['a', 'b', 'c'] };

    const [one, same, other] = ['1', '1', '2'].map((text) => stratifiedFolds(data, FOLDS, new Random(text)));

    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('never parts a group', () => {
    const grouped = fc.tuple(labelled, fc.array(fc.integer({ min: 0, max: 11 }), { minLength: 80, maxLength: 80 }));
    fc.assert(
      fc.property(grouped, seed, ([plain, more], text) => {
        // The first runs give every class FOLDS groups.
        const groups = plain.labels.map((_, run) => (run < 3 * FOLDS ? Math.floor(run / 3) : more[run]!));
        const data = { ...plain, groups };

        const folds = stratifiedFolds(data, FOLDS, new Random(text));

        for (const { train, test } of folds) {
          const judged = new Set([...test].map((run) => groups[run]));
          expect([...train].filter((run) => judged.has(groups[run]))).toEqual([]);
        }
        expect(ascending(folds.flatMap(({ test }) => [...test]))).toEqual(all(data));
      }),
    );
  });

  it('spreads the classes of many small groups nearly evenly', () => {
    const labels = Int32Array.from({ length: 600 }, (_, run) => (run % 10 === 0 ? 1 : 0));
    const data = { labels, classes: ['a', 'b'], groups: labels.map((_, run) => Math.floor(run / 5)) };

    const shares = stratifiedFolds(data, 5, new Random('1')).map(({ test }) => countOf(data, test)[1]! / test.length);

    for (const share of shares) expect(share).toBeCloseTo(0.1, 1);
  });

  it.each<[string, Partial<Labelled>, string]>([
    ['runs', {}, 'the class b has 3 runs, expected 4 at least, one for each part of the split'],
    [
      'groups',
      { labels: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1), groups: Int32Array.of(0, 1, 2, 3, 0, 0, 1, 1) },
      'the class b is in 2 groups, expected 4 at least, one for each part of the split',
    ],
  ])('refuses a class of too few %s', (_name, data, message) => {
    const few = { labels: Int32Array.of(0, 0, 0, 0, 1, 1, 1), classes: ['a', 'b'], ...data };

    expect(() => stratifiedFolds(few, 4, new Random('1'))).toThrow(message);
  });
});

describe('stratifiedHoldOut', () => {
  it('keeps its share of each class, and one run at least', () => {
    const labels = Int32Array.from({ length: 102 }, (_, run) => (run < 100 ? 0 : 1));

    const { train, test } = stratifiedHoldOut({ labels, classes: ['a', 'b'] }, 0.2, new Random('1'));

    expect([...countOf({ labels, classes: ['a', 'b'] }, test)]).toEqual([20, 1]);
    expect(ascending([...train, ...test])).toEqual(all({ labels, classes: [] }));
  });

  it('keeps whole groups', () => {
    const labels = Int32Array.from({ length: 100 }, (_, run) => run % 2);
    const groups = labels.map((_, run) => Math.floor(run / 4));

    const { train, test } = stratifiedHoldOut({ labels, classes: ['a', 'b'], groups }, 0.2, new Random('1'));

    expect(test.length).toBe(20);
    const judged = new Set([...test].map((run) => groups[run]));
    expect([...train].some((run) => judged.has(groups[run]))).toBe(false);
  });
});

describe('stratifiedSample', () => {
  it('takes of each class its share, but no less than is asked for', () => {
    const labels = Int32Array.from({ length: 1010 }, (_, run) => (run < 1000 ? 0 : 1));
    const data = { labels, classes: ['a', 'b'] };

    const sample = stratifiedSample(data, 101, 5, new Random('1'));

    expect([...countOf(data, sample)]).toEqual([100, 5]);
    expect(ascending([...sample])).toEqual([...sample]);
  });

  it('takes runs of different groups first, so that its folds part no group and each has every class', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 10, max: 300 }), (text, size) => {
        // Of the 30 runs of b, 26 are in one group.
        const labels = Int32Array.from({ length: 330 }, (_, run) => (run < 300 ? 0 : 1));
        const groups = labels.map((label, run) => (label === 0 ? run % 20 : run < 326 ? 20 : 21 + (run % 4)));
        const data = { labels, classes: ['a', 'b'], groups };

        const sample = stratifiedSample(data, size, 5, new Random(text));
        const some = { ...data, labels: sample.map((run) => labels[run]!), groups: sample.map((run) => groups[run]!) };
        const folds = stratifiedFolds(some, 5, new Random(text));

        for (const { train, test } of folds) {
          const judged = new Set([...test].map((run) => some.groups[run]));
          expect([...train].some((run) => judged.has(some.groups[run]))).toBe(false);
          expect(Math.min(...countOf(some, test))).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('balancedWeights', () => {
  it('makes all classes weigh the same, and a run 1 on average', () => {
    const labels = Int32Array.of(0, 0, 0, 1);

    expect([...balancedWeights(labels, 2)]).toEqual([2 / 3, 2]); // scikit-learn's class_weight='balanced'
  });
});

function countOf(data: Labelled, runs: Int32Array): Int32Array {
  return countClasses(
    runs.map((run) => data.labels[run]!),
    data.classes.length,
  );
}

function all({ labels }: Labelled): number[] {
  return Array.from(labels, (_, run) => run);
}

function ascending(runs: readonly number[]): number[] {
  return [...runs].sort((a, b) => a - b);
}
