import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gram } from '../../../models/training/gram.ts';
import { Tridiagonal } from '../../../models/training/tridiagonal.ts';
import { runs } from '../../support/runs.ts';
import { seededRandom } from '../../support/seeded-random.ts';

describe('gram', () => {
  it('is the product of every two rows, its lower half', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 13 }), fc.integer({ min: 1, max: 9 }), fc.nat(), (count, width, seed) => {
        const rows = wholeNumbers(count * width, seed);

        const products = gram(rows, count, width);

        for (let i = 0; i < count; i++) {
          for (let j = 0; j <= i; j++) expect(products[i * count + j]).toBe(product(rows, i, j, width));
        }
      }),
      { numRuns: runs(100, 10_000) },
    );
  });
});

describe('Tridiagonal', () => {
  it('solves (K + shift) x = b', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 25 }),
        fc.constantFrom(0.01, 1, 100),
        fc.nat(),
        (size, rank, shift, seed) => {
          const rows = wholeNumbers(size * rank, seed);
          const b = wholeNumbers(size, seed + 1);
          const k = new Tridiagonal(gram(rows, size, rank), size);

          const turned = b.slice();
          k.turn(turned);
          const x = k.shifted(shift).solve(turned);
          k.turnBack(x);

          let form = 0;
          for (let i = 0; i < size; i++) {
            let sum = shift * x[i]!;
            for (let j = 0; j < size; j++) sum += product(rows, i, j, rank) * x[j]!;
            expect(sum).toBeCloseTo(b[i]!, 6);
            form += b[i]! * x[i]!;
          }
          expect(k.shifted(shift).form(turned)).toBeCloseTo(form, 6);
        },
      ),
      { numRuns: runs(200, 10_000) },
    );
  });

  it('turns many rows as it turns each', () => {
    const k = new Tridiagonal(gram(wholeNumbers(9 * 9, 1), 9, 9), 9);
    const rows = wholeNumbers(71 * 9, 2);
    const each = rows.slice();
    for (let row = 0; row < 71; row++) k.turn(each.subarray(row * 9, (row + 1) * 9));

    k.turn(rows);

    rows.forEach((value, i) => {
      expect(value).toBeCloseTo(each[i]!, 12);
    });
  });
});

function wholeNumbers(count: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, () => Math.floor(random() * 9) - 4);
}

function product(rows: Float64Array, i: number, j: number, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += rows[i * width + k]! * rows[j * width + k]!;
  return sum;
}
