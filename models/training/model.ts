import { addCalibration, type Calibration, calibrate, softmaxRows } from './calibration.ts';
import type { Runs } from './learners/learner.ts';
import { addLearner, type Learned, scoreRuns } from './learners/learners.ts';
import { GraphBuilder } from './onnx/graph.ts';
import { addScaling, applyScaling, type Scaling } from './scaling.ts';
import { scoreBlocks } from './score-blocks.ts';
import { addUnknown, scoreUnknown, type UnknownScore } from './unknown/scores.ts';

/** A learner that was fitted, with the scaling before it. */
export interface Fitted {
  readonly scaling: Scaling;
  readonly learned: Learned;
}

/** Everything from raw runs to probabilities and the unknown score. */
export interface Model extends Fitted {
  readonly calibration: Calibration;
  /** Of each class, in the decision; the graph has none of it. */
  readonly weights: readonly number[];
  readonly unknown: UnknownScore;
  readonly rows: number;
  readonly length: number;
}

export const INPUT = 'trend';
export const PROBABILITIES = 'probabilities';
export const UNKNOWN = 'unknown';

export interface Diagnoses {
  /** runs × classes. */
  readonly probabilities: Float32Array;
  /** Of each run. */
  readonly unknown: Float32Array;
}

/** Scores of raw runs, runs × classes. */
export function scoreFitted({ scaling, learned }: Fitted, runs: Runs): Float32Array {
  return scoreBlocks(runs, (block) => ({ scores: scoreRuns(learned, applyScaling(scaling, block)).scores })).scores;
}

/** Diagnoses raw runs as the graph does. */
export function diagnose({ scaling, learned, calibration, unknown }: Model, runs: Runs): Diagnoses {
  const classes = calibration.offsets.length;
  return scoreBlocks(runs, (block) => {
    const scored = scoreRuns(learned, applyScaling(scaling, block));
    const logits = calibrate(calibration, scored.scores);
    return {
      probabilities: softmaxRows(logits, classes),
      unknown: scoreUnknown(unknown, scored, { logits, classes }),
    };
  });
}

/** The bytes of the model as one ONNX graph: f32 [batch, rows, length] to f32 [batch, classes] and f32 [batch]. */
export function encodeModel(model: Model, producerVersion: string): Uint8Array<ArrayBuffer> {
  const { scaling, learned, calibration, unknown, rows, length } = model;
  const graph = new GraphBuilder('diagnosis');
  const trend = graph.input(INPUT, ['batch', rows, length]);
  const { scores, ...seen } = addLearner(graph, learned, addScaling(graph, scaling, trend));
  const logits = addCalibration(graph, calibration, scores);
  const probabilities = graph.add('Softmax', [logits], { attributes: { axis: 1n } });
  graph.output(PROBABILITIES, probabilities, ['batch', calibration.offsets.length]);
  graph.output(UNKNOWN, addUnknown(graph, unknown, { ...seen, logits }), ['batch']);
  return graph.encode(producerVersion);
}
