import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readableTicks, valueAxis } from '../../../client/charts/value-axis.ts';
import { nextRange } from '../../../client/charts/value-range.ts';
import { runs } from '../../support/runs.ts';

const anyRange = fc
  .tuple(fc.double({ min: -5e307, max: 5e307, noNaN: true }), fc.double({ min: -5e307, max: 5e307, noNaN: true }))
  .map(([a, b]) => nextRange(undefined, { low: Math.min(a, b), high: Math.max(a, b) }, 0));

describe('value axis', () => {
  it.each([
    [0.095, 0.138, '0.10 0.11 0.12 0.13'],
    [-0.02, 0.22, '0.00 0.05 0.10 0.15 0.20'],
    [0, 5, '0 1 2 3 4 5'],
    [-1200, 1300, '−1000 −500 0 500 1000'],
    [0.0005, 0.002, '0.0005 0.0010 0.0015 0.0020'],
    [999_999, 999_999.5, '999999.0 999999.1 999999.2 999999.3 999999.4 999999.5'],
    [0, 2e6, '0 0.5e6 1.0e6 1.5e6 2.0e6'],
    [-2e-12, 2e-12, '−2e−12 −1e−12 0 1e−12 2e−12'],
    [1.5e15, 2e15, '1.5e15 1.6e15 1.7e15 1.8e15 1.9e15 2.0e15'],
  ])('from %s to %s is written with one number of decimals', (low, high, figures) => {
    expect(figuresOf({ low, high }, 6).join(' ')).toBe(figures);
  });

  it('has fewer ticks where there is less room', () => {
    expect(figuresOf({ low: 0, high: 1 }, 2)).toEqual(['0.0', '0.5', '1.0']);
    expect(figuresOf({ low: 0, high: 1 }, 1)).toEqual(['0', '1']);
  });

  it('has two ticks where there is room for one, as far apart as the range allows', () => {
    expect(figuresOf({ low: 0.09, high: 0.142 }, 1)).toEqual(['0.10', '0.14']);
    fc.assert(
      fc.property(anyRange, fc.integer({ min: 1, max: 3 }), (range, most) => {
        const { ticks } = valueAxis(range, most);

        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect((ticks.at(-1)! - ticks[0]) / (range.high - range.low)).toBeGreaterThan(0.3);
      }),
      { numRuns: runs(500, 20_000) },
    );
  });

  it('is written with the upper of two figures that would stand over each other', () => {
    expect(readableTicks([1, 2], 1.1)).toEqual([2]);
    expect(readableTicks([1, 2], 0.9)).toEqual([1, 2]);
    expect(readableTicks([1, 2, 3], 1.1)).toEqual([1, 2, 3]);
  });

  it('shows two to seven ticks within any range there may be, in at most nine characters', () => {
    fc.assert(
      fc.property(anyRange, (range) => {
        const { ticks, figureLength } = valueAxis(range, 6);
        const figures = figuresOf(range, 6);

        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(7);
        const rounding = (range.high - range.low) * 1e-6;
        expect(ticks[0]).toBeGreaterThanOrEqual(range.low - rounding);
        expect(ticks.at(-1)).toBeLessThanOrEqual(range.high + rounding);
        expect(Math.max(...figures.map(({ length }) => length))).toBe(figureLength);
        expect(figureLength).toBeLessThanOrEqual(9);
      }),
      { numRuns: runs(500, 20_000) },
    );
  });

  it('writes every tick as close as its decimals allow', () => {
    fc.assert(
      fc.property(anyRange, (range) => {
        const { ticks, figure } = valueAxis(range, 6);
        const size = Math.max(Math.abs(range.low), Math.abs(range.high));
        for (const tick of ticks) {
          const read = Number(figure(tick).replaceAll('−', '-'));
          expect(Math.abs(read - tick)).toBeLessThanOrEqual(size * 0.05);
        }
      }),
      { numRuns: runs(500, 20_000) },
    );
  });
});

function figuresOf(range: { low: number; high: number }, most: number): string[] {
  const { ticks, figure } = valueAxis(range, most);
  return ticks.map((tick) => figure(tick));
}
