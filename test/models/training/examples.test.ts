import { expect, it } from 'vitest';
import type { Dataset } from '../../../models/training/dataset.ts';
import { pickExamples } from '../../../models/training/examples.ts';

it('picks runs that were called what they are, and rounds their points to a part of what they differ by', () => {
  const data = dataset(5, 2, Int32Array.of(0, 0, 0, 1, 1));
  // Run 1 is called the other class, run 4 too.
  const probabilities = Float32Array.of(0.6, 0.4, 0.1, 0.9, 0.9, 0.1, 0.3, 0.7, 0.8, 0.2);

  const { rows, length, classes } = pickExamples(data, probabilities, Int32Array.of(0, 1, 0, 1, 0));

  expect({ rows, length }).toEqual({ rows: 1, length: 2 });
  expect(classes).toEqual([
    {
      label: 'a',
      runs: [
        [4.1, 5.1],
        [0.1, 1.1],
      ],
    },
    { label: 'b', runs: [[6.1, 7.1]] },
  ]);
});

it('keeps as many as the file holds', () => {
  const data = dataset(60, 5000, new Int32Array(60).fill(0, 0, 30).fill(1, 30));
  data.values.forEach((_, at) => {
    data.values[at] = (at % 997) / 1000 + Math.floor(at / 300_000) * Math.floor(at / 5000);
  });

  const examples = pickExamples(data, surely(data), data.labels);

  expect(examples.classes.map(({ runs }) => runs.length)).toEqual([20, 20]);
  const long = dataset(60, 9000, data.labels);
  expect(pickExamples(long, surely(long), long.labels).classes.map(({ runs }) => runs.length)).toEqual([13, 13]);
});

it('begins with the most central run of the more probable half, and goes where most runs are that are far from it', () => {
  const data = dataset(15, 50_000, new Int32Array(15).fill(1, 14));
  fillLevels(data, [0, 1, 2, 3, 20, 21, 22, ...new Array<number>(7).fill(90), 5]);
  const probabilities = surely(data);
  for (let run = 7; run < 14; run++) probabilities[2 * run] = 0.5;

  const [first] = pickExamples(data, probabilities, data.labels).classes;

  expect(first!.runs.map(([level]) => level)).toEqual([3, 21]);
});

it('shows no run of another class that lies among normal ones, and the one that does so least where all do', () => {
  const levels = [
    [0, 0, 0, 0, 0, 0, 10, 10, 10, 4, 5],
    [6, 5, 50, 51, 53],
    [4.4, 4.5, 8.5],
  ];
  // Of the normal runs 0 and 10 are examples: 5 and 6 are nearer to both of the others than these, 8.5 to one of them.
  const all = levels.flatMap((of, label) => [...of, ...of].map((level) => ({ level, label })));
  const data = dataset(
    all.length,
    41_000,
    Int32Array.from(all, ({ label }) => label),
  );
  fillLevels(
    data,
    all.map(({ level }) => level),
  );

  const { classes } = pickExamples({ ...data, classes: ['a', 'b', 'c'] }, surely(data, 3), data.labels);

  expect(classes.map(({ runs }) => runs.map(([level]) => Math.round(level! * 2) / 2))).toEqual([
    [0, 10],
    [50, 53],
    [8.5],
  ]);
});

function dataset(runs: number, length: number, labels: Int32Array): Dataset {
  const values = Float32Array.from({ length: runs * length }, (_, at) => (at % 1000) + 0.123456);
  return { values, runs, rows: 1, length, labels, classes: ['a', 'b'], source: 'made', sha256: '' };
}

function fillLevels({ values, length }: Dataset, levels: readonly number[]): void {
  levels.forEach((level, run) => {
    values.subarray(run * length, (run + 1) * length).fill(level);
  });
}

function surely({ labels }: Dataset, classes = 2): Float32Array {
  return Float32Array.from({ length: labels.length * classes }, (_, at) => {
    return Number(labels[Math.floor(at / classes)] === at % classes);
  });
}
