import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisFigure, figureLength } from '../../../client/charts/axis-figure.ts';
import { runs } from '../../support/runs.ts';

describe('axis figure', () => {
  it.each([
    [0, 1, '0'],
    [0.25, 1, '0.25'],
    [0.0005, 0.002, '0.0005'],
    [-1200, 5000, '−1200'],
    [999_999, 999_999.5, '999999'],
    [1_000_000, 1_500_000, '1e6'],
    [500_000, 1_500_000, '5e5'],
    [-1.5e-12, 2e-12, '−1.5e−12'],
    [1.7e15, 2e15, '1.7e15'],
    [0, 2e-12, '0'],
    [-2.5e300, 5e300, '−2.5e300'],
  ])('writes %s on an axis up to %s', (value, high, text) => {
    expect(axisFigure(value, { low: -high, high })).toBe(text);
  });

  it('never takes more than nine characters, and is within 5 % of the value', () => {
    fc.assert(
      fc.property(fc.double({ min: -6e307, max: 6e307, noNaN: true }), (value) => {
        const text = axisFigure(value, { low: -Math.abs(value), high: Math.abs(value) });

        expect(text.length).toBeLessThanOrEqual(9);
        const read = Number(text.replaceAll('−', '-'));
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 0.05);
      }),
      { numRuns: runs(500, 20_000) },
    );
  });
});

describe('figure length', () => {
  it.each([
    [0, 0.3, 4],
    [-0.1, 0.5, 4],
    [0, 10, 2],
    [100, 900, 3],
    [-2e-12, 2e-12, 6],
  ])('of an axis from %s to %s is %i', (low, high, length) => {
    expect(figureLength({ low, high }, 4)).toBe(length);
  });

  it('holds every round tick there may be', () => {
    const range = fc.record({
      low: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      height: fc.integer({ min: 1, max: 1e6 }),
    });
    fc.assert(
      fc.property(range, fc.constantFrom(1, 2, 3, 5), ({ low, height }, times) => {
        const axis = { low, high: low + height };
        const step = times * 10 ** Math.floor(Math.log10(height / 4));
        for (let i = Math.ceil(low / step); i * step <= axis.high; i++) {
          expect(axisFigure(i * step, axis).length).toBeLessThanOrEqual(figureLength(axis, 4));
        }
      }),
      { numRuns: runs(100, 5_000) },
    );
  });
});
