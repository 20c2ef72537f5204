import { expect, it } from 'vitest';
import { bestOf, type Compared } from '../../../models/training/compare.ts';

it('takes the greatest macro-F1, and of equals the least log-loss', () => {
  const all = [compared(0.5, 1), compared(0.7, 2), compared(0.7, 0.9), compared(0.7, 0.9), compared(0.6, 0.1)];

  expect(bestOf(all)).toBe(all[2]);
});

function compared(macroF1: number, logLoss: number): Compared {
  const candidate = { scaling: 'none', learner: { kind: 'logistic', c: 1 } } as const;
  return { candidate, macroF1, macroF1Spread: 0, accuracy: 0, logLoss, seconds: 0 };
}
