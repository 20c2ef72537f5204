import { expect, it } from 'vitest';
import type { Dataset } from '../../../models/training/dataset.ts';
import { pickExamples } from '../../../models/training/examples.ts';

it('picks the runs that were most surely called what they are, and rounds their points', () => {
  const data = dataset(5, 2, Int32Array.of(0, 0, 0, 1, 1));
  // Run 1 is called the other class, run 4 too.
  const probabilities = Float32Array.of(0.6, 0.4, 0.1, 0.9, 0.9, 0.1, 0.3, 0.7, 0.8, 0.2);

  const { rows, length, classes } = pickExamples(data, probabilities, Int32Array.of(0, 1, 0, 1, 0));

  expect({ rows, length }).toEqual({ rows: 1, length: 2 });
  expect(classes).toEqual([
    {
      label: 'a',
      runs: [
        [4.123, 5.123],
        [0.1235, 1.123],
      ],
    },
    { label: 'b', runs: [[6.123, 7.123]] },
  ]);
});

it('keeps as many as a megabyte holds', () => {
  const data = dataset(60, 5000, new Int32Array(60).fill(0, 0, 30).fill(1, 30));
  const probabilities = Float32Array.from({ length: 120 }, (_, at) => Number(Math.floor(at / 60) === at % 2));

  const examples = pickExamples(data, probabilities, data.labels);

  expect(examples.classes.map(({ runs }) => runs.length)).toEqual([14, 14]);
  expect(JSON.stringify(examples).length).toBeLessThan(1_000_000);
});

it('shows the breadth of a class, of its more probable half', () => {
  const data = dataset(40, 20_000, new Int32Array(40).fill(0, 0, 38).fill(1, 38));
  data.values.fill(1);
  for (const [run, level] of [
    [7, 2],
    [12, -5],
    [30, 9],
  ] as const) {
    data.values.subarray(run * data.length, (run + 1) * data.length).fill(level); // 30 is of the less probable half
  }
  const probabilities = Float32Array.from({ length: 80 }, (_, at) => (at % 2 === 0 ? 1 - at / 200 : at / 200));

  const [first] = pickExamples(data, probabilities, data.labels).classes;

  expect(first!.runs.map(([level]) => level)).toEqual([1, -5, 2]);
});

function dataset(runs: number, length: number, labels: Int32Array): Dataset {
  const values = Float32Array.from({ length: runs * length }, (_, at) => (at % 1000) + 0.123456);
  return { values, runs, rows: 1, length, labels, classes: ['a', 'b'], source: 'made', sha256: '' };
}
