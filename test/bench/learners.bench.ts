import { describe, expect, it } from 'vitest';
import type { LabelledRuns } from '../../models/training/learners/learner.ts';
import { fitLearner, type LearnerSpec, scoreRuns } from '../../models/training/learners/learners.ts';
import { KERNEL_TAPS, KERNEL_TRIPLES, marginOf } from '../../models/training/learners/rocket-kernels.ts';
import { countFeatures, fitTransform, type RocketTransform } from '../../models/training/learners/rocket-transform.ts';
import { Random } from '../../server/ingest/simulator/random.ts';

const LENGTH = 972;
const CLASSES = 7;
const FEATURES = 2_700;
const SIZES = process.env.FENESTRA_BENCH === 'full' ? [875, 1_750, 3_500, 7_000] : [440, 875, 1_750];

const LEARNERS: readonly LearnerSpec[] = [
  { kind: 'rocket', features: FEATURES, head: { kind: 'ridge' } },
  { kind: 'rocket', features: FEATURES, head: { kind: 'logistic', c: 0.01 } },
  { kind: 'extra-trees', trees: 300 },
];

describe.each(LEARNERS)(`fitting runs of ${LENGTH} points: %o`, (spec) => {
  it('takes at most eight times as long for twice as many', async () => {
    const seconds: number[] = [];
    for (const runs of SIZES) {
      const data = sines(runs, 1);
      const startMs = performance.now();
      const learned = await fitLearner(spec, data, new Random('bench'));
      const fittedMs = performance.now();
      scoreRuns(learned, data);
      seconds.push((fittedMs - startMs) / 1000);
      console.log(
        `${runs} runs: fitted in ${seconds.at(-1)!.toFixed(1)} s, scored in ${((performance.now() - fittedMs) / 1000).toFixed(1)} s`,
      );
    }

    // A matrix of as many rows and columns as there are runs is solved in the cube of them.
    for (let i = 1; i < seconds.length; i++) expect(seconds[i]! / seconds[i - 1]!).toBeLessThan(8);
  });
});

it.each([1, 3])('counts the features of %i rows at least as fast as nine weights do', (rows) => {
  const data = sines(20, rows);
  const transform = fitTransform(data, FEATURES, new Random('bench'));
  countFeatures(transform, data);

  const [shared, sharedMs] = timed(() => countFeatures(transform, data));
  const [plain, plainMs] = timed(() => countByWeights(transform, data));

  console.log(`${rows} rows: ${(sharedMs / 20).toFixed(2)} ms a run, by nine weights ${(plainMs / 20).toFixed(2)} ms`);
  expect(plain.every((count, i) => count === shared[i])).toBe(true);
  expect(sharedMs).toBeLessThan(plainMs);
});

function timed<T>(work: () => T): [T, number] {
  const startMs = performance.now();
  return [work(), performance.now() - startMs];
}

function sines(runs: number, rows: number): LabelledRuns {
  const random = new Random(`${runs}`);
  const labels = Int32Array.from({ length: runs }, (_, run) => run % CLASSES);
  const values = new Float32Array(runs * rows * LENGTH);
  labels.forEach((label, run) => {
    const [phase, level] = [random.between(0, 6), random.normal()];
    for (let i = 0, at = run * rows * LENGTH; i < rows * LENGTH; i++, at++) {
      values[at] = level + 2 * random.normal() + 0.5 * Math.sin(phase + (i % LENGTH) / (10 + label));
    }
  });
  return { values, runs, rows, length: LENGTH, labels, classes: CLASSES, weights: new Float64Array(CLASSES).fill(1) };
}

// What we would write without sums that kernels share.
function countByWeights({ factor, banks, thresholds }: RocketTransform, { values, runs, rows }: LabelledRuns) {
  const counts = new Float32Array(runs * thresholds.length);
  const padded = new Float64Array(3 * LENGTH);
  const outputs = new Float64Array(LENGTH);
  for (let run = 0, to = 0; run < runs; run++) {
    for (let b = 0, at = 0; b < banks.length; b++) {
      const bank = banks[b]!;
      const margin = marginOf(bank);
      for (const [k, kernel] of bank.kernels.entries()) {
        outputs.fill(0);
        for (let row = 0; row < rows; row++) {
          if ((bank.rowMasks[k]! & (1 << row)) === 0) continue;
          const from = (run * rows + row) * LENGTH;
          for (let i = 0; i < LENGTH; i++) padded[LENGTH + i] = toEven(Math.fround(values[from + i]! * factor));
          for (let tap = 0; tap < KERNEL_TAPS; tap++) {
            const weight = KERNEL_TRIPLES[kernel]!.includes(tap) ? 2 : -1;
            const first = LENGTH - margin + tap * bank.dilation;
            for (let i = 0; i < LENGTH; i++) outputs[i]! += weight * padded[first + i]!;
          }
        }
        const edge = bank.isPadded ? 0 : margin;
        for (let t = 0; t < bank.thresholdsPerKernel; t++, at++, to++) {
          for (let i = edge; i < LENGTH - edge; i++) if (outputs[i]! > thresholds[at]!) counts[to]!++;
        }
      }
    }
  }
  return counts;
}

function toEven(value: number): number {
  return Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
}
