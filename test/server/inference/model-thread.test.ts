import { expect, it } from 'vitest';
import { ModelThread } from '../../../server/inference/model-thread.ts';
import { FIRST_RUN_LIMIT_MS } from '../../../server/model/time-limits.ts';
import { faultFromWords } from '../../../server/trend/model-fault.ts';
import { endless, levelGraph, MODEL_WORKER, testModel } from '../../support/test-models.ts';

it('says by a code that the first runs of a model in use never returned', { timeout: 60_000 }, async () => {
  const model = testModel(levelGraph(endless()));
  const thread = new ModelThread({ worker: MODEL_WORKER, models: [model], tried: [] });

  const end = await thread.ready;
  await thread.ended;

  expect(end).toMatchObject({ kind: 'cut', model: 'level' });
  expect(end.kind === 'cut' && faultFromWords(end.reason)).toEqual({
    code: 'BATCH_OVER',
    found: '1',
    expected: String(FIRST_RUN_LIMIT_MS),
  });
});
