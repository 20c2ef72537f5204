import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIGURES, MergeKernel } from '../../../server/kernels/merge-kernel.ts';
import { EMPTY_SUMMARY, mergeSummaries, type Summary } from '../../../server/trend/summary.ts';
import { loadKernels } from '../../support/kernels.ts';
import { runs } from '../../support/runs.ts';
import { scalarReduce } from '../../support/scalar-reduce.ts';

const CAPACITY = 10;
let kernel: MergeKernel;

beforeAll(async () => {
  kernel = new MergeKernel(await loadKernels(), CAPACITY);
});

const value = fc.oneof(
  fc.double({ min: -1e140, max: 1e140, noNaN: true }),
  fc.constantFrom(NaN, Infinity, 0, -0, 1e6, 1e6 + 1),
);
const part = fc.array(value, { maxLength: 6 }).map((samples): Summary => scalarReduce(samples, [-1, 1]));

describe('the merge kernel', () => {
  it('merges as the server does one after the other, up to rounding', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: CAPACITY }), (parts) => {
        const { mean, m2, ...exact } = kernel.merge(parts);

        const { mean: slowMean, m2: slowM2, ...slow } = parts.reduce(mergeSummaries);
        expect(exact).toStrictEqual(slow);
        const scale = slow.count === 0 ? 0 : Math.max(Math.abs(slow.min), Math.abs(slow.max));
        expect(Math.abs(mean - slowMean)).toBeLessThanOrEqual(1e-13 * scale);
        expect(Math.abs(m2 - slowM2)).toBeLessThanOrEqual(1e-13 * scale * scale * slow.count);
      }),
      { numRuns: runs(500, 50_000) },
    );
  });

  it('leaves the summary it is given alone as it is', () => {
    const alone = { count: 3, min: -0, max: 1e300, mean: 0.1, m2: Infinity, clipped: 1, nonfinite: 2 };

    expect(kernel.merge([alone])).toStrictEqual(alone);
    expect(kernel.merge([EMPTY_SUMMARY])).toStrictEqual(EMPTY_SUMMARY);
  });

  it('merges rows of figures to the same, bit by bit, also more of them than it has room for', () => {
    const places = fc.array(fc.nat(), { minLength: 1, maxLength: 3 * CAPACITY });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 40 }), places, (parts, numbers) => {
        const rows = Float64Array.from(parts.flatMap((summary) => FIGURES.map((figure) => summary[figure])));
        const chosen = numbers.map((number) => number % parts.length);

        const merged = Array.from(kernel.mergeRows(rows, chosen));

        const expected = chosen.map((at) => parts[at]!).reduce((all, next) => kernel.merge([all, next]));
        expect(merged).toStrictEqual(FIGURES.map((figure) => expected[figure]));
      }),
      { numRuns: runs(500, 50_000) },
    );
    expect(() => kernel.mergeRows(new Float64Array(7), [])).toThrow('0 summaries');
  });

  it('refuses more parts than it has room for, and none', () => {
    expect(() => kernel.merge([])).toThrow('0 summaries, expected 1 .. 10');
    expect(() => kernel.merge(Array.from({ length: 11 }, () => EMPTY_SUMMARY))).toThrow('11 summaries');
  });
});
