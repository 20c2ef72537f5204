import { expect, it } from 'vitest';
import { describeCandidate } from '../../models/training/candidate-words.ts';
import type { LabelledRuns } from '../../models/training/learners/learner.ts';
import { fitLearner, type LearnerSpec, scoreRuns } from '../../models/training/learners/learners.ts';
import { KERNEL_TAPS, KERNEL_TRIPLES, marginOf } from '../../models/training/learners/rocket-kernels.ts';
import { fitTransform, makeFeatures, type RocketTransform } from '../../models/training/learners/rocket-transform.ts';
import { Random } from '../../server/ingest/simulator/random.ts';
import { sliceRuns } from '../support/labelled-runs.ts';

const LENGTH = 972;
const CLASSES = 7;
const FEATURES = 2_700;
const SIZES = process.env.FENESTRA_BENCH === 'full' ? [875, 1_750, 3_500, 7_000] : [500, 1_000, 2_000];

interface Growth {
  readonly spec: LearnerSpec;
  /** The power of the runs by which its time grows once they are many, of n runs with d points. */
  readonly known: string;
  /** What each doubling stays below: what is known and about half a power, for what a machine adds. */
  readonly limit: number;
}

const LEARNERS: readonly Growth[] = [
  // Each step of L-BFGS is a pass over the runs, and so are the products of columns, n d²; more runs take few more steps.
  { spec: { kind: 'logistic', c: 0.1 }, known: '1', limit: 1.5 },
  // Each run that is judged is held against each that was fitted.
  { spec: { kind: 'nearest', k: 5 }, known: '2', limit: 2.4 },
  // Kernels of every two runs, n² d; libsvm takes about as many steps as there are runs, each a pass over them.
  { spec: { kind: 'svm', c: 1 }, known: '2', limit: 2.4 },
  // Each level of a tree is a pass over the runs, and the nodes of a tree are limited.
  { spec: { kind: 'extra-trees', trees: 300 }, known: '1', limit: 1.5 },
  // Features are a pass. The head, with fewer runs than features: products of every two runs, n² for each feature, and n³ for their
  // tridiagonal form, which is most of it right below as many; with more runs, a pass again.
  {
    spec: { kind: 'rocket', features: FEATURES, pooling: 'ppv', head: { kind: 'ridge' } },
    known: '1 to 2.3',
    limit: 2.8,
  },
  {
    spec: { kind: 'rocket', features: FEATURES, pooling: 'ppv', head: { kind: 'logistic', c: 0.01 } },
    known: '1',
    limit: 1.5,
  },
];

it.each(LEARNERS.map((one) => [describeCandidate({ scaling: 'none', learner: one.spec }), one] as const))(
  `fits ${LENGTH} points a run in time that grows by a known power of the runs: %s`,
  async (name, { spec, known, limit }) => {
    const all = sines(SIZES.at(-1)! + judgedOf(SIZES.at(-1)!), 1);
    await cpuSeconds(spec, all, 100); // compiled before it is measured

    const seconds: number[] = [];
    for (const runs of SIZES) seconds.push(await cpuSeconds(spec, all, runs));

    const powers = SIZES.slice(1).map(
      (runs, i) => Math.log(seconds[i + 1]! / seconds[i]!) / Math.log(runs / SIZES[i]!),
    );
    const times = SIZES.map((runs, i) => `${runs} runs ${seconds[i]!.toFixed(2)} s`).join(', ');
    const found = powers.map((one) => one.toFixed(2)).join(', then ');
    console.log(`${name}: ${times} of a core, which grows by the power ${found}; known is ${known}`);
    for (const one of powers) expect(one).toBeLessThan(limit);
  },
);

it.each([1, 3])('counts the features of %i rows at least as fast as nine weights do', (rows) => {
  const data = sines(20, rows);
  const transform = fitTransform(data, { features: FEATURES, pooling: 'ppv' }, new Random('bench'));
  makeFeatures(transform, data);

  const [shared, sharedMs] = timed(() => makeFeatures(transform, data));
  const [plain, plainMs] = timed(() => countByWeights(transform, data));

  console.log(`${rows} rows: ${(sharedMs / 20).toFixed(2)} ms a run, by nine weights ${(plainMs / 20).toFixed(2)} ms`);
  expect(plain.every((count, i) => count === shared[i])).toBe(true);
  expect(sharedMs).toBeLessThan(plainMs);
});

function timed<T>(work: () => T): [T, number] {
  const startMs = performance.now();
  return [work(), performance.now() - startMs];
}

/** CPU time in which so many runs are fitted and a quarter as many scored, as in a fold of five. */
async function cpuSeconds(spec: LearnerSpec, all: LabelledRuns, runs: number): Promise<number> {
  const [fitted, judged] = [sliceRuns(all, 0, runs), sliceRuns(all, runs, runs + judgedOf(runs))];
  const before = process.cpuUsage();
  scoreRuns(await fitLearner(spec, fitted, new Random('bench')), judged);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function judgedOf(runs: number): number {
  return Math.floor(runs / 4);
}

/** Sines of a frequency by class in noise, which no learner tells apart with ease. */
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
