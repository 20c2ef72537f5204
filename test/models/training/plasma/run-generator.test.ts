import { describe, expect, it } from 'vitest';
import { GENERATED_CLASSES } from '../../../../models/training/plasma/classes.ts';
import { PLASMA_ALIGNMENTS, plasmaInput } from '../../../../models/training/plasma/input.ts';
import { RunGenerator } from '../../../../models/training/plasma/run-generator.ts';
import { createNoiseTables } from '../../../../server/ingest/simulator/shot-noise.ts';
import type { Alignment } from '../../../../server/model/manifest.ts';
import { loadKernels } from '../../../support/kernels.ts';

const ALIGNMENTS = Object.keys(PLASMA_ALIGNMENTS) as Alignment['kind'][];
const LENGTH = 972;
const module = await loadKernels();
const noise = createNoiseTables('7');

describe('generated runs', () => {
  it.each(ALIGNMENTS)('are told by the seed and their number alone: %s', (alignment) => {
    const [first, second] = [generator(alignment), generator(alignment)];

    second.generate(0); // whatever was generated before
    const again = second.generate(1);

    const { values, scenario } = first.generate(1);
    expect(again.values).toEqual(values);
    expect(again.scenario.plasmaClass).toBe(scenario.plasmaClass);
    expect(first.generate(2).values).not.toEqual(values);
  });

  it('are the same light whether of one row or of three, and lie between minimum and maximum', () => {
    const [[mean], three] = [[generator('sliding', 1).generate(3).values], generator('sliding').generate(3).values];

    const [min, max] = [three.subarray(0, LENGTH), three.subarray(LENGTH, 2 * LENGTH)];
    expect(three.subarray(2 * LENGTH)).toEqual(mean);
    expect(mean!.every((value, i) => min[i]! < value && value < max[i]!)).toBe(true);
  });

  it('begin with the last dark point where they are aligned at the ignition', () => {
    for (let number = 0; number < 4; number++) {
      const mean = generator('ignition', 1).generate(number).values;

      expect(mean[0]).toBeLessThan(PLASMA_ALIGNMENTS.ignition.threshold);
      expect(mean[1]).toBeGreaterThanOrEqual(PLASMA_ALIGNMENTS.ignition.threshold);
    }
  });

  it('begin dark and light up soon where they are aligned at a mark, an ignition that is late never at once', () => {
    const light = Array.from({ length: 8 }, (_, number) => {
      const { values, scenario } = generator('mark', 1).generate(number);
      return { lit: values.findIndex((value) => value > 0.05), isLate: scenario.plasmaClass.kind === 'late-ignition' };
    });

    expect(light.every(({ lit, isLate }) => lit >= (isLate ? 5 : 0) && lit <= 41)).toBe(true);
  });

  it('have the level of the simulated plant, and its spread where they are calm', () => {
    const normal = Array.from({ length: 30 }, (_, number) => generator('mark', 1).generate(number))
      .filter(({ scenario }) => scenario.plasmaClass.kind === undefined)
      .map(({ values }) => values.subarray(LENGTH / 2));

    const level = median(normal.map((points) => median([...points])));
    const spreads = normal.map(calmSpread).sort((a, b) => a - b);
    const spread = spreads[spreads.length >> 2]!;
    expect(level / 0.1145).toBeCloseTo(1, 1);
    expect(spread / 0.002).toBeGreaterThan(0.4);
    expect(spread / 0.002).toBeLessThan(1.8);
  });

  it('are of classes whose shares add up to all, most of them normal', () => {
    expect(GENERATED_CLASSES.map(({ label }) => label)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(GENERATED_CLASSES.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(GENERATED_CLASSES[0]!.share).toBeGreaterThan(0.5);
  });
});

function generator(alignment: Alignment['kind'], rows: 1 | 3 = 3): RunGenerator {
  return new RunGenerator({ module, seed: '7', rateHz: 10_000_000, input: plasmaInput(alignment, rows), noise });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Of the calmest of nine stretches, by its quartiles. */
function calmSpread(points: Float32Array): number {
  const size = points.length / 9;
  const spreads = Array.from({ length: 9 }, (_, i) => {
    const sorted = points.slice(i * size, (i + 1) * size).sort();
    return (sorted[Math.round(0.75 * size)]! - sorted[Math.round(0.25 * size)]!) / 1.349;
  });
  return Math.min(...spreads);
}
