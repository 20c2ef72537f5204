import { describe, expect, it } from 'vitest';
import { addCalibration, calibrate, fitCalibration, softmaxRows } from '../../../models/training/calibration.ts';
import { argmaxRows, calibrationError, logLoss, reliabilityBins } from '../../../models/training/metrics.ts';
import { SCORED_CLASSES as CLASSES, drawScores } from '../../support/drawn-scores.ts';
import { runGraph } from '../../support/run-graph.ts';

describe('fitCalibration', () => {
  it('lowers the log-loss and the calibration error of runs that it was not fitted to', () => {
    const fitted = drawScores(2000, 0.05, 'a');
    const others = drawScores(2000, 0.05, 'b');

    const calibration = fitCalibration(fitted.labels, fitted.scores, CLASSES);

    const before = softmaxRows(others.scores, CLASSES);
    const after = softmaxRows(calibrate(calibration, others.scores), CLASSES);
    expect(logLoss(others.labels, after, CLASSES)).toBeLessThan(0.8 * logLoss(others.labels, before, CLASSES));
    expect(errorOf(others.labels, after)).toBeLessThan(0.05);
    expect(errorOf(others.labels, before)).toBeGreaterThan(0.15);
  });

  it('finds back the slope and offsets that the probabilities were drawn with', () => {
    const { scores, labels } = drawScores(20_000, 0.5, 'a');

    const { slope, offsets } = fitCalibration(labels, scores, CLASSES);

    expect(slope).toBeCloseTo(2, 1);
    expect(offsets[1]! - offsets[0]!).toBeCloseTo(1, 1);
    expect(offsets[2]! - offsets[0]!).toBeCloseTo(-1, 1);
  });

  it('stays finite where the scores part the classes without an error', () => {
    const labels = Int32Array.of(0, 1, 2, 0, 1, 2);
    const parted = Float32Array.from([...labels].flatMap((label) => [0, 1, 2].map((one) => (one === label ? 1 : 0))));

    const { slope, offsets } = fitCalibration(labels, parted, CLASSES);

    expect(slope).toBeGreaterThan(0);
    expect(slope).toBeLessThan(100);
    for (const offset of offsets) expect(Math.abs(offset)).toBeLessThan(1);
  });

  it('makes nothing of scores that tell nothing: every run has the shares of the classes', () => {
    const labels = Int32Array.from({ length: 100 }, (_, run) => (run < 70 ? 0 : 1));

    const calibration = fitCalibration(labels, new Float32Array(200), 2);

    const [first] = softmaxRows(calibrate(calibration, new Float32Array(2)), 2);
    expect(first).toBeCloseTo(0.7, 2);
  });
});

describe('softmaxRows', () => {
  it('gives rows that add up to 1, however large the odds', () => {
    const probabilities = softmaxRows(Float32Array.of(1000, 0, -1000, 3, 2, 1), CLASSES);

    expect([...probabilities.subarray(0, 3)]).toEqual([1, 0, 0]);
    expect(probabilities.subarray(3).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
  });
});

it('is in the graph as in the trainer', async () => {
  const { scores } = drawScores(50, 3, 'a');
  const calibration = { slope: Math.fround(0.7), offsets: Float32Array.of(0.1, -0.2, 3) };

  const { logits, probabilities } = await runGraph({ data: scores, shape: [50, CLASSES] }, (graph, input) => {
    const calibrated = addCalibration(graph, calibration, input);
    graph.output('logits', calibrated, ['batch', CLASSES]);
    graph.output('probabilities', graph.add('Softmax', [calibrated], { attributes: { axis: 1n } }), ['batch', CLASSES]);
  });

  const expected = calibrate(calibration, scores);
  expect([...logits!]).toEqual([...expected]);
  softmaxRows(expected, CLASSES).forEach((p, at) => {
    expect(Math.abs(probabilities![at]! - p)).toBeLessThan(1e-6);
  });
});

function errorOf(labels: Int32Array, probabilities: Float32Array): number {
  return calibrationError(reliabilityBins(labels, probabilities, argmaxRows(probabilities, CLASSES)));
}
