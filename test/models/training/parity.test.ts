import { describe, expect, it } from 'vitest';
import { compareDiagnoses, isInParity } from '../../../models/training/parity.ts';

const EVEN = { weights: [1, 1], threshold: 60 };

describe('compareDiagnoses', () => {
  const runs = 2000;
  const same = () => ({
    probabilities: Float32Array.from({ length: 2 * runs }, (_, at) => (at % 2 === 0 ? 0.6 : 0.4)),
    unknown: new Float32Array(runs).fill(50),
  });

  it('finds nothing where both say the same', () => {
    const parity = compareDiagnoses(same(), same(), EVEN);

    expect(parity).toMatchObject({ runs, within: runs, exceptions: [], largestProbability: 0, largestUnknown: 0 });
    expect(isInParity(parity)).toBe(true);
  });

  it('lists each run that differs by more than 1e-5, the score by its magnitude', () => {
    const other = same();
    other.probabilities[20]! += 2e-5;
    other.unknown[11] = 50.0004; // 8e-6 of it
    other.unknown[12] = 50.001;

    const parity = compareDiagnoses(same(), other, EVEN);

    expect(parity.exceptions.map(({ run }) => run)).toEqual([10, 12]);
    expect(parity.exceptions[0]!.probability).toBeCloseTo(2e-5, 6);
    expect(parity.exceptions[1]!.unknown).toBeCloseTo(2e-5, 6);
    expect(isInParity(parity)).toBe(true);
  });

  it('refuses more than one in a thousand', () => {
    const other = same();
    for (let run = 0; run < 3; run++) other.probabilities[2 * run]! += 2e-5;

    expect(isInParity(compareDiagnoses(same(), other, EVEN))).toBe(false);
  });

  it('refuses a single other class, however near', () => {
    const [trainer, runtime] = [same(), same()];
    trainer.probabilities.set([0.500001, 0.499999]);
    runtime.probabilities.set([0.499999, 0.500001]);

    const parity = compareDiagnoses(trainer, runtime, EVEN);

    expect(parity.exceptions).toMatchObject([{ run: 0, isSameClass: false }]);
    expect(isInParity(parity)).toBe(false);
  });

  it('looks at the class that is told, by the weights', () => {
    const [trainer, runtime] = [same(), same()];
    trainer.probabilities.set([0.500001, 0.499999]);
    runtime.probabilities.set([0.499999, 0.500001]);

    expect(isInParity(compareDiagnoses(trainer, runtime, { ...EVEN, weights: [1, 1.2] }))).toBe(true);

    trainer.probabilities.set([0.600001, 0.399999]);
    runtime.probabilities.set([0.599999, 0.400001]);
    expect(isInParity(compareDiagnoses(trainer, runtime, { ...EVEN, weights: [1, 1.5] }))).toBe(false);
  });

  it('refuses a single run that only one of them calls unknown, however near', () => {
    const [trainer, runtime] = [same(), same()];
    trainer.unknown[7] = 60;
    runtime.unknown[7] = 60.000004;

    const parity = compareDiagnoses(trainer, runtime, EVEN);

    expect(parity.exceptions).toMatchObject([{ run: 7, isSameClass: true, isSameUnknown: false }]);
    expect(isInParity(parity)).toBe(false);
    expect(isInParity(compareDiagnoses(trainer, runtime, { ...EVEN, threshold: 61 }))).toBe(true);
  });

  it('takes what is no number for a difference', () => {
    const other = same();
    other.unknown.fill(Number.NaN);

    expect(compareDiagnoses(same(), other, EVEN).within).toBe(0);
  });
});
