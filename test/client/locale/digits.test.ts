import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitsFor, FIGURES, type HeldScale, nextScale, scaleValue } from '../../../client/locale/digits.ts';
import { Locale } from '../../../client/locale/locale.ts';
import { scaledUnit } from '../../../client/locale/units.ts';
import { runs } from '../../support/runs.ts';

const en = new Locale('en', 'UTC');

describe('a channel value', () => {
  it.each<[mean: number, spread: number, unit: string, normal: [number, number] | undefined, written: string]>([
    [0.11449, 0.0007, 'V', [0.1105, 0.1185], '0.1145 V'],
    [2e-12, 1e-14, 'A', undefined, '2.000 pA'],
    [2e-12, 1e-14, 'A', [0, 1], '0.00 A'],
    [5.3e-7, 0, 'A', [1e-7, 9e-7], '530 nA'],
    [1_000_032_361, 12_000, 'Pa', undefined, '1.00003 GPa'],
    [101_325, 12, 'Pa', undefined, '101,325 Pa'],
    [-1.7e15, 1e13, 'Pa', undefined, '\u22121.700 PPa'],
    [1.7e308, 0, 'V', undefined, '170.000 ×10³⁰⁶ V'],
    [-1.7e308, Infinity, '', undefined, '\u2212170.000 ×10³⁰⁶'],
    [5e-324, 0, 'V', undefined, '4.941 ×10⁻³²⁴ V'],
    [4_200_000, 900, 'm²', undefined, '4.20000 ×10⁶ m²'],
    [4_200_000, 0, 'kPa', undefined, '4.200 ×10⁶ kPa'],
    [0.00002, 1e-7, 'V/m', undefined, '20.00 µV/m'],
    [3e9, 0, '°C', undefined, '3.000 ×10⁹ °C'],
    [0, 0, 'V', undefined, '0.000 V'],
    [5e6, 0, 'V', [0, 1], '5.00000 MV'],
  ])('of %d with a spread of %d %s, normal %j, reads %s', (mean, spread, unit, normal, written) => {
    const scale = nextScale(undefined, { normal }, reading(mean, { spread }));

    expect(`${en.value(mean, scale)} ${scaledUnit(unit, scale.exponent)}`.trim()).toBe(written);
  });

  it('follows the settings first, as far as its digits have room', () => {
    expect(nextScale(undefined, { digits: 2, normal: [0.1, 0.2] }, reading(0.15))).toMatchObject({ digits: 2 });
    expect(nextScale(undefined, { digits: 9 }, reading(123))).toMatchObject({ digits: 3 });
  });

  it('never takes more than six figures before and after the point, and is always finite', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(value, fc.double({ min: 0 }), (mean, spread) => {
        const { exponent, digits } = nextScale(undefined, {}, reading(mean, { spread }));
        const scaled = scaleValue(mean, exponent);

        expect(Number.isFinite(scaled)).toBe(true);
        expect(Math.abs(scaled)).toBeLessThan(1e6);
        expect(String(Math.trunc(Math.abs(scaled))).length + digits).toBeLessThanOrEqual(FIGURES);
      }),
      { numRuns: runs(500, 100_000) },
    );
  });
});

describe('the scale in use', () => {
  it('stands still while a value goes to and fro over its end', () => {
    let held: HeldScale | undefined;
    const exponents = [0.9e6, 1.1e6, 0.95e6, 1.2e6].map((mean, i) => {
      held = nextScale(held, {}, reading(mean, { timeMs: i * 1000 }));
      return held.exponent;
    });

    expect(exponents).toEqual([0, 0, 0, 0]);
  });

  it('becomes coarser at once and finer only after 3 s', () => {
    const steps: [timeMs: number, mean: number][] = [
      [0, 1],
      [100, 5e9],
      [200, 1],
      [3100, 1],
      [3200, 1],
    ];
    const exponents: number[] = [];
    let held: HeldScale | undefined;
    for (const [timeMs, mean] of steps) {
      held = nextScale(held, {}, reading(mean, { timeMs }));
      exponents.push(held.exponent);
    }

    expect(exponents).toEqual([0, 9, 9, 9, 0]);
  });

  it('takes the first reading at once', () => {
    const empty = nextScale(undefined, {}, undefined);

    expect(nextScale(empty, {}, reading(2e-12))).toMatchObject({ exponent: -12 });
  });

  it('keeps its digits while the spread swings about a power of ten', () => {
    let held: HeldScale | undefined;
    const digits = Array.from({ length: 100 }, (_, i) => {
      held = nextScale(held, {}, reading(0.5, { spread: 0.001 * (i % 2 ? 1.2 : 0.85), timeMs: i * 200 }));
      return held.digits;
    });

    expect(new Set(digits).size).toBe(1);
  });
});

describe('digitsFor', () => {
  it.each([
    [0.0021, 4],
    [0.00074, 5],
    [1, 1],
    [250, 0],
    [0, 3],
    [NaN, 3],
    [1e-30, 5],
  ])('gives a spread of %d %d digits', (spread, digits) => {
    expect(digitsFor(spread)).toBe(digits);
  });
});

function reading(mean: number, { spread = 0, timeMs = 0 } = {}) {
  return { count: 1, min: mean, max: mean, spread, timeMs };
}
