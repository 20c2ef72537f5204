import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../models/training/dataset.ts';
import { judgeLeftOut, leaveOut } from '../../../../models/training/unknown/left-out.ts';

const CLASSES = ['a', 'b', 'c'];
const data: Dataset = {
  values: new Float32Array(60),
  runs: 60,
  rows: 1,
  length: 1,
  labels: Int32Array.from({ length: 60 }, (_, run) => run % 3),
  classes: CLASSES,
  source: 'made',
  sha256: '',
};
const candidate = { scaling: 'none', learner: { kind: 'logistic', c: 1 } } as const;

describe('leaveOut', () => {
  it('leaves out each class in turn, and fits no run that judges', () => {
    const all = leaveOut(data, candidate, '1');

    expect(all.length).toBe(3);
    all.forEach(({ job, calibrating, known }, left) => {
      const { train, test } = job;
      expect([...train].filter((run) => data.labels[run] === left || test.includes(run))).toEqual([]);
      expect([...test.subarray(0, calibrating + known)].filter((run) => data.labels[run] === left)).toEqual([]);
      expect([...test.subarray(calibrating + known)]).toEqual(
        [...data.labels.keys()].filter((run) => data.labels[run] === left),
      );
      expect(new Set([...train, ...test]).size).toBe(60);
    });
  });

  it('gives the classes that stay their places among those', () => {
    const [, second] = leaveOut(data, candidate, '1');

    expect(second!.job.data.classes).toEqual(['a', 'c']);
    for (const run of second!.job.train) {
      expect(second!.job.data.classes[second!.job.data.labels[run]!]).toBe(CLASSES[data.labels[run]!]);
    }
  });
});

describe('judgeLeftOut', () => {
  it('judges by known runs that did not calibrate', () => {
    const [leftOut] = leaveOut(data, candidate, '1');
    const { job, calibrating, known } = leftOut!;
    // Known runs are told apart without a doubt and lie near, the others are in doubt and lie far.
    const isKnown = (place: number) => place < calibrating + known;
    const scores = Float32Array.from({ length: job.test.length * 2 }, (_, at) => {
      const place = Math.floor(at / 2);
      if (!isKnown(place)) return 0;
      return job.data.labels[job.test[place]!] === at % 2 ? 3 : -3;
    });
    const distances = Float32Array.from(job.test, (_, place) => (place < calibrating ? 99 : isKnown(place) ? 1 : 5));

    const strange = { distance: distances, residual: distances.map((of) => -of) };
    const told = judgeLeftOut(leftOut!, { scores, strange, seconds: 0 });

    expect(told).toEqual({
      distance: { auroc: 1, rejected: 1 },
      residual: { auroc: 0, rejected: 0 },
      energy: { auroc: 1, rejected: 1 },
    });
  });
});
