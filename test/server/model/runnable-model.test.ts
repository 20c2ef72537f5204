import { afterEach, describe, expect, it } from 'vitest';
import type { GraphBuilder } from '../../../models/training/onnx/graph.ts';
import { toOutcome } from '../../../server/model/outcome.ts';
import { RunnableModel } from '../../../server/model/runnable-model.ts';
import { LENGTH, level, levelGraph, testModel } from '../../support/test-models.ts';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

describe('RunnableModel', { timeout: 120_000 }, () => {
  it('tells the runs whose figures are wrong, and answers the others of their batch', async () => {
    const logarithm = (graph: GraphBuilder, mean: string) => graph.add('Log', [mean]);
    const model = await open(levelGraph(level(logarithm)));

    const outputs = await model.run(levels(1, -1, Number.NaN, 4));

    expect(outputs.faults).toEqual([
      undefined,
      'the unknown score is NaN',
      'a probability is NaN; expected 0 to 1',
      undefined,
    ]);
    expect(toOutcome(model.manifest, outputs, 1)).toEqual({ kind: 'unavailable', reason: 'the unknown score is NaN' });
    expect(toOutcome(model.manifest, outputs, 3)).toMatchObject({ kind: 'class', label: '1' });
  });

  it('says unknown only beyond the threshold, and never where the model has no score', async () => {
    const graph = levelGraph();
    const [scored, plain] = [await open(graph), await open(graph, { outputs: {}, thresholds: {} })];

    const [with_, without] = [await scored.run(levels(100, 100.5)), await plain.run(levels(100, 100.5))];

    expect([0, 1].map((run) => toOutcome(scored.manifest, with_, run).kind)).toEqual(['class', 'unknown']);
    expect([0, 1].map((run) => toOutcome(plain.manifest, without, run).kind)).toEqual(['class', 'class']);
    expect(without.unknown).toBeUndefined();
  });

  it('tells the class that its weight lifts above, with its own probability', async () => {
    const { classes } = testModel(levelGraph()).manifest;
    const model = await open(levelGraph(), { classes: [classes[0], { ...classes[1], weight: 4 }] });

    const outputs = await model.run(levels(0, -1)); // the second class is 0.27 and 0.12 probable

    expect(toOutcome(model.manifest, outputs, 0)).toMatchObject({ classIndex: 1, label: '1' });
    expect(toOutcome(model.manifest, outputs, 0)).toMatchObject({
      probabilities: [expect.closeTo(0.731, 3), expect.closeTo(0.269, 3)],
    });
    expect(toOutcome(model.manifest, outputs, 1)).toMatchObject({ classIndex: 0 });
  });

  it('refuses outputs of another shape than the manifest says', async () => {
    const model = await open(levelGraph(), { outputs: { probabilities: 'unknown' }, thresholds: {} });

    await expect(model.run(levels(1, 2))).rejects.toThrow('the output unknown has shape [2]; expected [2, 2]');
  });
});

async function open(bytes: Uint8Array, fields: Readonly<Record<string, unknown>> = {}): Promise<RunnableModel> {
  const model = await RunnableModel.open(testModel(bytes, fields));
  undo.push(() => model.session.close());
  return model;
}

/** One-row runs of those levels. */
function levels(...means: readonly number[]): Float32Array {
  return Float32Array.from({ length: means.length * LENGTH }, (_, i) => means[Math.floor(i / LENGTH)]!);
}
