import { expect, it } from 'vitest';
import type { LearnerSpec } from '../../models/training/learners/learners.ts';
import { generatedRuns } from '../support/generated-runs.ts';
import { meansOf, rocketFigures } from '../support/rows-figures.ts';

const RUNS = 1000;
/** A fiftieth of the samples, which only the extremes notice. */
const RATE_HZ = 200_000;
const ROCKET: LearnerSpec = { kind: 'rocket', features: 1000, pooling: 'ppv', head: { kind: 'ridge' } };

it('calls more generated runs by their name by three rows than by their means, micro-arcs above all', async () => {
  const runs = await generatedRuns({ runs: RUNS, seed: '2', rateHz: RATE_HZ });

  const three = await rocketFigures(runs, ROCKET);
  const one = await rocketFigures(meansOf(runs), ROCKET);

  expect(three.microArcF1).toBeGreaterThan(one.microArcF1 + 0.1);
  expect(three.macroF1).toBeGreaterThan(one.macroF1);
});
