import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../models/training/dataset.ts';
import { fitLearner, type LearnerSpec, scoreRuns } from '../../models/training/learners/learners.ts';
import { argmaxRows, macroF1 } from '../../models/training/metrics.ts';
import { Random } from '../../server/ingest/simulator/random.ts';
import { HALPHA_FILE } from '../support/halpha.ts';
import { crossValidate, readHalphaWindows } from '../support/halpha-windows.ts';
import { hasData } from '../support/tools.ts';

// On the samples as they are: learners that look at their scale, or at where in a window something is, need another scaling.

describe.skipIf(!hasData(HALPHA_FILE))('windows of 47 tokamak discharges, not scaled', () => {
  const windows = hasData(HALPHA_FILE) ? readHalphaWindows() : undefined;

  it('are told apart by extra trees as by those of scikit-learn 1.2.1', async () => {
    const score = await validate({ kind: 'extra-trees', trees: 300 }, windows!);

    console.log(`extra trees: macro-F1 ${score.toFixed(4)}, scikit-learn 0.702`);
    expect(Math.abs(score - 0.702)).toBeLessThanOrEqual(0.03);
  });

  // In the size that a live model may have; features do not depend on where in a window something is.
  it('are told apart better by MiniRocket', async () => {
    const score = await validate(
      { kind: 'rocket', features: 2_700, pooling: 'ppv', head: { kind: 'ridge' } },
      windows!,
    );

    console.log(`MiniRocket: macro-F1 ${score.toFixed(4)}`);
    expect(score).toBeGreaterThanOrEqual(0.87); // 0.74 is asked for
  });
});

async function validate(spec: LearnerSpec, windows: Dataset): Promise<number> {
  const found = await crossValidate(windows, async (training, test) => {
    const learned = await fitLearner(spec, training, new Random('4'));
    return argmaxRows(scoreRuns(learned, test).scores, training.classes);
  });
  return macroF1(windows.labels, Int32Array.from(found), windows.classes.length);
}
