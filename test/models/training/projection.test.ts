import { describe, expect, it } from 'vitest';
import { scoreLinearly } from '../../../models/training/learners/linear.ts';
import { fitProjection, momentsOf } from '../../../models/training/projection.ts';
import { Random } from '../../../server/ingest/simulator/random.ts';

describe('momentsOf', () => {
  it('gives mean and deviation of each column, 1 for a constant', () => {
    const { means, deviations } = momentsOf({ values: Float32Array.of(1, 5, 3, 5), width: 2 });

    expect([...means]).toEqual([2, 5]);
    expect([...deviations]).toEqual([1, 1]);
  });
});

describe('fitProjection', () => {
  it('finds the directions in which runs differ most, the largest first', () => {
    const random = new Random('components');
    const directions = [
      [0.5, -0.5, -0.5, 0.5],
      [0.5, -0.5, 0.5, -0.5],
    ];
    const values = Float32Array.from(
      Array.from({ length: 3_000 }, () => {
        const [a, b] = [9 * random.normal(), 3 * random.normal()];
        return directions[0]!.map(
          (d, i) => [100, 100, -100, -100][i]! + a * d + b * directions[1]![i]! + 0.1 * random.normal(),
        );
      }).flat(),
    );
    const { means } = momentsOf({ values, width: 4 });

    const projection = fitProjection(
      { values, width: 4 },
      { means, deviations: new Float64Array(4).fill(1) },
      2,
      random,
    );

    for (const [c, direction] of directions.entries()) {
      const along = direction.reduce((sum, d, i) => sum + d * projection.weights[c * 4 + i]!, 0);
      expect(Math.abs(along)).toBeGreaterThan(0.999);
    }
    expect([...scoreLinearly(projection, Float32Array.from(means), 1)].map((x) => Math.abs(x) < 1e-3)).toEqual([
      true,
      true,
    ]);
  });

  it('measures columns in their deviations', () => {
    const random = new Random('scales');
    const values = Float32Array.from({ length: 2_000 }, (_, i) => random.normal() * (i % 2 === 0 ? 1000 : 1));
    const table = { values, width: 2 };

    const { weights } = fitProjection(table, momentsOf(table), 2, random);

    const first = Math.hypot(weights[0]!, weights[2]!);
    const second = Math.hypot(weights[1]!, weights[3]!);
    expect(second / first).toBeGreaterThan(900);
    expect(second / first).toBeLessThan(1100);
  });

  it('has no direction where there is none left', () => {
    const table = { values: Float32Array.of(1, 2, 3, 1, 2, 4), width: 3 };

    const { weights } = fitProjection(table, momentsOf(table), 8, new Random('few'));

    expect(weights.length).toBe(6);
    expect([...weights].every(Number.isFinite)).toBe(true);
  });
});
