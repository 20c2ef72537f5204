import { describe, expect, it } from 'vitest';
import { addWhole, fitWholeScale, toWhole } from '../../../../models/training/learners/whole.ts';
import { runGraph } from '../../../support/run-graph.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

describe('whole numbers', () => {
  it('are the same in the graph, halves and the far outside too', async () => {
    const random = seededRandom(1);
    const training = Float32Array.from({ length: 1000 }, () => random() - 0.3);
    const scale = fitWholeScale(training);
    const values = Float32Array.from({ length: 200_000 }, (_, i) => (i < 10 ? 10 ** i : random() - 0.3));

    const { whole } = await runGraph({ data: values, shape: [1, values.length] }, (graph, trend) => {
      graph.output('whole', graph.cast(addWhole(graph, scale, trend), 'float'), ['batch', values.length]);
    });

    expect(Buffer.compare(Buffer.from(whole!.buffer), Buffer.from(toWhole(scale, values).buffer))).toBe(0);
  });

  it.each<[string, number[], number[]]>([
    ['spread over the range', [-1, 3, 0], [-32_767, 32_767, -16_384]],
    ['are all the same for a constant', [5, 5], [0, 0]],
    ['stay numbers for ranges at either end', [-3e38, 3e38, 0], [-32_767, 32_767, 0]],
    ['stay numbers where a range is next to nothing', [1e-45, 0], [0, 0]],
  ])('%s', (_name, values, expected) => {
    const floats = Float32Array.from(values);

    const whole = toWhole(fitWholeScale(floats), floats);

    expect(Array.from(whole, (value) => value + 0)).toEqual(expected); // -0 is 0
  });
});
