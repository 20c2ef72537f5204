import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc } from '../../../../models/training/metrics.ts';
import { addDistance, fitDistance, scoreDistance } from '../../../../models/training/unknown/distance.ts';
import { addEnergy, scoreEnergy } from '../../../../models/training/unknown/energy.ts';
import { addResidual, fitResidual, scoreResidual } from '../../../../models/training/unknown/residual.ts';
import { Random } from '../../../../server/ingest/simulator/random.ts';
import { runGraph } from '../../../support/run-graph.ts';
import { runs } from '../../../support/runs.ts';

const WIDTH = 4;
// Two classes of eight runs, of two decimals.
// biome-ignore format: a table
const values = Float32Array.of(
  -8.08, -3.84, 8, 5.42, 5.09, 1.17, 1.9, -3.78, -7.07, -1.52, 7.03, 5.08, -1.15, -0.04, 3.91, 0.74, -0.91, -0.12, 4.26,
  0.68, -2.53, -2.9, 4.61, 1.34, 0.94, 0.58, 3.38, -0.59, -3.18, -2.71, 4.27, 1.72, 11.06, 4.27, -5.63, -6.52, 2.77, -1.18,
  -3.18, -1.67, 5.22, 1.24, -3.49, -3.02, -0.43, 3.32, -1, 2.1, 19.73, 1.08, -9.89, -14.21, -7.25, 4.25, 3.89, 7.71, -1.85,
  3.68, 0.77, 3.38, -9.25, 2.85, 3.64, 9.1,
);
const tested = Float32Array.of(-8.08, -3.84, 8, 5.42, 2.77, -1.18, -3.18, -1.67, 1, -2, 3, 0.5, 30, 0, 0, 0);
const labels = Int32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);

describe('the distance', () => {
  it('is that of scikit-learn, with its shrunk covariance', () => {
    const distance = fitDistance({ values, width: WIDTH, labels, classes: 2 }, new Random('1'));

    const distances = scoreDistance(distance, tested);

    // Squared, by width, to the nearer class: scikit-learn 1.2.1, shrunk_covariance(pooled, shrinkage=0.1).
    const expected = [0.537369265781583, 0.6221875116012804, 0.25351561161797354, 36.1246584678322];
    expect([...distances]).toEqual(expected.map((of) => expect.closeTo(of, 4)));
  });

  it('is in the graph as in the trainer, for many features and runs of few', async () => {
    const width = 100;
    const random = new Random('1');
    const many = Float32Array.from({ length: 30 * width }, (_, at) => 1000 + random.normal() * (1 + (at % 7)));
    const classes = Int32Array.from({ length: 30 }, (_, run) => run % 3);
    const distance = fitDistance({ values: many, width, labels: classes, classes: 3 }, random);

    const { unknown } = await runGraph({ data: many, shape: [30, width] }, (graph, input) =>
      graph.output('unknown', addDistance(graph, distance, input), ['batch']),
    );

    expectSame(unknown!, scoreDistance(distance, many));
  });

  it('is a number where all runs of a class are the same', () => {
    const same = new Float32Array(16 * WIDTH).fill(2);

    const distance = fitDistance({ values: same, width: WIDTH, labels, classes: 2 }, new Random('1'));

    expect([...scoreDistance(distance, Float32Array.of(2, 2, 2, 2, 3, 2, 2, 2))]).toEqual([0, 0.25]);
  });
});

describe('the residual', () => {
  it('is that of scikit-learn, of two components', () => {
    const residual = fitResidual({ values, width: WIDTH }, new Random('1'));

    // Squares of what PCA(2) leaves of StandardScaler's features, over their variance shrunk by 0.1: scikit-learn 1.2.1.
    const expected = [0.09777749360399633, 4.943188416755701, 0.8623345056637037, 180.88720946764985];
    scoreResidual(residual, tested).forEach((score, run) => {
      expect(score / expected[run]!).toBeCloseTo(1, 2);
    });
    expect.assertions(4);
  });

  it('is in the graph as in the trainer, for many features and runs of few', async () => {
    const width = 300;
    const random = new Random('1');
    const many = Float32Array.from({ length: 40 * width }, (_, at) => 1000 + random.normal() * (1 + (at % 7)));
    const residual = fitResidual({ values: many.subarray(0, 30 * width), width }, random);

    const { unknown } = await runGraph({ data: many, shape: [40, width] }, (graph, input) =>
      graph.output('unknown', addResidual(graph, residual, input), ['batch']),
    );

    expectSame(unknown!, scoreResidual(residual, many));
  });

  it('tells a class that nobody has seen where known runs differ more in other ways', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(`${seed}`);
        const [width, ways, known] = [40, 8, 300];
        const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
        const [axes, own] = [normals(ways * width), normals(width)];
        const draw = (count: number, strangeness: number) =>
          Float32Array.from(
            Array.from({ length: count }, () => {
              const along = normals(ways);
              return Array.from({ length: width }, (_, j) => {
                const usual = along.reduce((sum, a, k) => sum + 10 * a * axes[k * width + j]!, 0);
                return usual + strangeness * own[j]! + random.normal();
              });
            }).flat(),
          );
        const residual = fitResidual({ values: draw(known, 0), width }, random);
        const told = areaUnderRoc(scoreResidual(residual, draw(100, 0)), scoreResidual(residual, draw(100, 3)));

        expect(told).toBeGreaterThan(0.95);
      }),
      { numRuns: runs(10, 100) },
    );
  });

  it.each([1, WIDTH])('is a number where all runs are the same, of %i features', (width) => {
    const same = new Float32Array(16 * width).fill(2);

    const residual = fitResidual({ values: same, width }, new Random('1'));

    const [known, strange] = scoreResidual(residual, new Float32Array(2 * width).fill(2).fill(3, width));
    expect(known).toBe(0);
    expect(strange).toBeGreaterThanOrEqual(0);
  });
});

describe('the energy', () => {
  const logits = Float32Array.of(1, 2, 3, -1000, 0, 1000, -5, -5, -5);

  it('is the negative logarithm of the summed powers', () => {
    const expected = [-3.40760596, -1000, 3.90138771]; // -scipy.special.logsumexp

    expect([...scoreEnergy(logits, 3)]).toEqual(expected.map((of) => expect.closeTo(of, 5)));
  });

  it('is in the graph as in the trainer', async () => {
    const { unknown } = await runGraph({ data: logits, shape: [3, 3] }, (graph, input) =>
      graph.output('unknown', addEnergy(graph, input), ['batch']),
    );

    expectSame(unknown!, scoreEnergy(logits, 3));
  });
});

function expectSame(found: Float32Array, expected: Float32Array): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((score, run) => {
    expect(Math.abs(found[run]! - score)).toBeLessThanOrEqual(1e-5 * Math.abs(score));
  });
}
