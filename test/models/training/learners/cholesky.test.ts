import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cholesky } from '../../../../models/training/learners/cholesky.ts';
import { runs } from '../../../support/runs.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

describe('Cholesky factor', () => {
  it('solves what a plain product made', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.nat(), (size, seed) => {
        const random = seededRandom(seed);
        const half = Array.from({ length: size }, () => Array.from({ length: size }, () => random() - 0.5));
        const plain = half.map((a) => half.map((b) => a.reduce((sum, x, k) => sum + x * b[k]!, 0)));
        const wanted = Array.from({ length: size }, () => random() - 0.5);
        const sums = plain.map((row, i) => row.reduce((sum, x, j) => sum + 3 * x * wanted[j]!, 0.1 * wanted[i]!));
        const lower = plain.flatMap((row, i) => row.map((x, j) => (j <= i ? x : Number.NaN)));

        const vector = Float64Array.from(sums);
        new Cholesky(Float64Array.from(lower), size, { scale: 3, shift: 0.1 }).solve(vector);

        expect(Math.max(...wanted.map((x, i) => Math.abs(x - vector[i]!)))).toBeLessThan(1e-9);
      }),
      { numRuns: runs(100, 10_000) },
    );
  });

  it('stays finite where rounding leaves nothing of the diagonal', () => {
    const same = new Float64Array(9).fill(1e20);
    const vector = Float64Array.of(1, 2, 3);

    new Cholesky(same, 3, { scale: 1, shift: 1e-6 }).solve(vector);

    expect(vector.every(Number.isFinite)).toBe(true);
  });
});
