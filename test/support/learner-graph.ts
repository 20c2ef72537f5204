import { expect } from 'vitest';
import type { LabelledRuns, Runs } from '../../models/training/learners/learner.ts';
import { addLearner, type Learned, scoreRuns } from '../../models/training/learners/learners.ts';
import { argmaxRows } from '../../models/training/metrics.ts';
import { sliceRuns } from './labelled-runs.ts';
import { runGraph } from './run-graph.ts';

/** Scores runs by the graph of a learner. */
export async function runLearner(
  learned: Learned,
  { values, runs, rows, length }: Runs,
): Promise<{ scores: Float32Array; features: Float32Array; details?: Float32Array }> {
  const { scores, features, details } = await runGraph(
    { data: values, shape: [runs, rows, length] },
    (graph, trend) => {
      const names = addLearner(graph, learned, trend);
      graph.output('scores', names.scores, ['batch', 'classes']);
      graph.output('features', names.features(), ['batch', 'width']);
      if (names.details !== undefined) graph.output('details', names.details, ['batch', 'details']);
    },
  );
  return { scores: scores!, features: features!, ...(details && { details }) };
}

/** Expects that trainer and graph give the same details, scores and features within 1e-5 and the same classes, for all runs at once and for one alone. */
export async function expectParity(learned: Learned, runs: LabelledRuns): Promise<void> {
  for (const batch of [runs, sliceRuns(runs, 0, 1)]) {
    const own = scoreRuns(learned, batch);
    const graph = await runLearner(learned, batch);

    expect(graph.details).toEqual(own.details?.values);
    expect(graph.features.length).toBe(batch.runs * own.featureWidth);
    expect(largestDifference(graph.features, own.features)).toBeLessThanOrEqual(1e-5);
    expect(graph.scores.length).toBe(batch.runs * runs.classes);
    expect(largestDifference(graph.scores, own.scores)).toBeLessThanOrEqual(1e-5);
    expect(argmaxRows(graph.scores, runs.classes)).toEqual(argmaxRows(own.scores, runs.classes));
  }
}

// Of numbers above 1, relative to them; NaN where one is no number.
function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, x, i) => Math.max(largest, Math.abs(x - b[i]!) / Math.max(1, Math.abs(x))), 0);
}
