import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitSoftmax } from '../../../../models/training/learners/softmax.ts';
import { runs as cases } from '../../../support/runs.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

describe('fitSoftmax', () => {
  it('ends where the loss is flat, by a gradient that is computed plainly', () => {
    const shape = fc.record({
      runs: fc.integer({ min: 5, max: 40 }),
      width: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constantFrom(1023, 1024, 1030)), // tiles are 1,024 wide
      classes: fc.integer({ min: 2, max: 9 }),
      c: fc.constantFrom(0.01, 1, 10),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shape, ({ runs, width, classes, c, seed }) => {
        const random = seededRandom(seed);
        const problem = {
          features: Float32Array.from({ length: runs * width }, () => 3 + random()),
          width,
          labels: Int32Array.from({ length: runs }, (_, run) => run % classes),
          classes,
          weights: Float64Array.from({ length: classes }, () => 0.5 + random()),
          c,
        };

        const slope = plainSlope(problem, fitSoftmax(problem));

        expect(slope).toBeLessThan(1e-4 * runs * c);
      }),
      { numRuns: cases(40, 2_000) },
    );
  });

  it('ends there as well where neighbouring columns are nearly the same', () => {
    const random = seededRandom(1);
    const [runs, width, classes] = [300, 200, 4];
    let level = 0;
    const problem = {
      features: Float32Array.from({ length: runs * width }, (_, i) => {
        level = i % width === 0 ? random() : level + 0.02 * (random() - 0.5);
        return level;
      }),
      width,
      labels: Int32Array.from({ length: runs }, (_, run) => run % classes),
      classes,
      weights: new Float64Array(classes).fill(1),
      c: 100,
    };

    expect(plainSlope(problem, fitSoftmax(problem))).toBeLessThan(0.1);
  });
});

/** The largest derivative of C Σ weight·loss + ½ ‖W‖². */
function plainSlope(
  { features, width, labels, classes, weights, c }: Parameters<typeof fitSoftmax>[0],
  fitted: ReturnType<typeof fitSoftmax>,
): number {
  const slopes = Array.from(fitted.weights);
  const offsets = new Array<number>(classes).fill(0);
  labels.forEach((label, run) => {
    const x = features.subarray(run * width, (run + 1) * width);
    const scores = Array.from({ length: classes }, (_, k) =>
      x.reduce((sum, value, j) => sum + value * fitted.weights[k * width + j]!, fitted.intercepts[k]!),
    );
    const powers = scores.map((score) => Math.exp(score - Math.max(...scores)));
    const total = powers.reduce((sum, power) => sum + power, 0);
    powers.forEach((power, k) => {
      const residual = c * weights[label]! * (power / total - (k === label ? 1 : 0));
      x.forEach((value, j) => {
        slopes[k * width + j]! += residual * value;
      });
      offsets[k]! += residual;
    });
  });
  return Math.max(...slopes.map(Math.abs), ...offsets.map(Math.abs));
}
