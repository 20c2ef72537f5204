import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_SUMMARY, mergeSummaries, type Summary, scaleSummary } from '../../../server/trend/summary.ts';
import { runs } from '../../support/runs.ts';
import { scalarReduce, tolerances } from '../../support/scalar-reduce.ts';

const { MAX_VALUE } = Number;
const FULL_SCALE = [-1, 1] as const;
const sample = fc.oneof(
  fc.double(),
  fc.constantFrom(MAX_VALUE, -MAX_VALUE, 1.7e308, -1.7e308, 1e154, 0, Infinity, NaN),
  fc.double({ min: -10, max: 10, noNaN: true }),
);

describe('mergeSummaries', () => {
  it('makes of the parts of a window what the whole makes, to the ends of f64', () => {
    const parts = fc.array(fc.array(sample, { maxLength: 8 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(parts, (windows) => {
        const { mean, m2, ...exact } = windows.map(summarize).reduce(mergeSummaries, EMPTY_SUMMARY);

        const expected = summarize(windows.flat());
        const { mean: wholeMean, m2: wholeM2, ...whole } = expected;
        const within = tolerances(expected);
        const underflow = windows.flat().length * Number.MIN_VALUE; // of squares
        expect(exact).toStrictEqual(whole);
        expect(Math.abs(mean / 2 - wholeMean / 2)).toBeLessThanOrEqual(within.mean);
        if (m2 === wholeM2) return; // infinities too
        expect(Math.abs(m2 - wholeM2)).toBeLessThanOrEqual(within.m2 + underflow);
      }),
      { numRuns: runs(1000, 200_000) },
    );
  });

  it('does not overflow the mean of the greatest samples, however many', () => {
    const low = { ...summarize([-MAX_VALUE]), count: 50_000 };
    const high = { ...summarize([MAX_VALUE]), count: 100_000 };

    const { mean, m2 } = mergeSummaries(low, high);

    expect(mean / MAX_VALUE).toBeCloseTo(1 / 3, 12);
    expect(m2).toBe(Infinity);
    expect(mergeSummaries(high, high)).toMatchObject({ mean: MAX_VALUE, m2: 0 });
    expect(mergeSummaries(summarize([1.7e308, 0]), EMPTY_SUMMARY)).toMatchObject({ mean: 0.85e308 });
  });
});

describe('scaleSummary', () => {
  it('keeps every figure of samples finite, in order, and an empty summary as it is', () => {
    const factor = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 8 }), factor, factor, (samples, scale, offset) => {
        fc.pre(scale !== 0);
        const raw = summarize(samples);
        const { min, max, mean, m2 } = scaleSummary(raw, scale, offset);
        if (raw.count === 0) {
          expect(scaleSummary(raw, scale, offset)).toEqual(raw);
          return;
        }

        for (const figure of [min, max, mean]) expect(Number.isFinite(figure)).toBe(true);
        expect(min).toBeLessThanOrEqual(max);
        expect(m2).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: runs(1000, 200_000) },
    );
  });

  it('puts what is beyond f64 at its end', () => {
    const scaled = scaleSummary(summarize([-1.7e308, 1.7e308]), -2, 0);

    expect(scaled).toMatchObject({ min: -MAX_VALUE, max: MAX_VALUE, mean: 0, m2: Infinity });
  });
});

function summarize(samples: readonly number[]): Summary {
  return scalarReduce(samples, FULL_SCALE);
}
