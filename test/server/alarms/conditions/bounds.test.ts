import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bounds } from '../../../../server/alarms/conditions/bounds.ts';
import type { Verdict } from '../../../../server/alarms/conditions/condition.ts';
import { runs } from '../../../support/runs.ts';

const value = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom(NaN, Infinity, -Infinity, -0));
const deadband = fc.constantFrom(0, 1, 2);

describe('bounds', () => {
  it.each([
    ['a high limit', { above: 3 }],
    ['a low limit', { below: -3 }],
    ['a band', { below: -4, above: 4 }],
  ])('say of %s what a look at the whole history says', (_, given) => {
    fc.assert(
      fc.property(deadband, fc.array(value, { maxLength: 30 }), (each, values) => {
        const bounds = new Bounds({ ...given, deadband: each });

        const told = values.map((next) => bounds.put(next));

        expect(told).toEqual(
          values.map((_, i) => judge({ below: -Infinity, above: Infinity, ...given }, each, values.slice(0, i + 1))),
        );
      }),
      { numRuns: runs(1000, 100_000) },
    );
  });

  it('tell the bound that was passed', () => {
    const bounds = new Bounds({ below: -4, above: 4, deadband: 1 });

    expect([5, -5, -3.5, 9].map((next) => [bounds.put(next), bounds.limit])).toEqual([
      [true, 4],
      [true, -4],
      [true, -4],
      [true, 4],
    ]);
  });

  it('can be come back to, however wide the deadband', () => {
    const bounds = new Bounds({ below: 0, above: 1, deadband: 50 });

    expect([2, 0.6, 0.5, -1, 0.4, 0.5].map((next) => bounds.put(next))).toEqual([true, true, false, true, true, false]);
  });
});

/** By the last value that was outside, and whether one since has come back far enough. */
function judge({ below, above }: { below: number; above: number }, back: number, values: readonly number[]): Verdict {
  const last = values.findLastIndex((each) => each > above || each < below);
  if (last < 0) return values.some((each) => each <= above - back && each >= below + back) ? false : undefined;
  const isHigh = values[last] > above;
  return !values.slice(last + 1).some((each) => (isHigh ? each <= above - back : each >= below + back));
}
